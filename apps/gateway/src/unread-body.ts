// The rest of a body that is refused before it has all come. A client that is still sending when
// the connection is closed would miss the answer, so that the rest is read first, within bounds.
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';

/** What a client may still send of a body that is refused already, and how long it may take. */
const restBytesMax = 32 * 1024 * 1024;
const restMsMax = 5_000;

/** Reads the rest of a body away; never throws, whatever becomes of the client. */
export async function readRest(request: IncomingMessage): Promise<void> {
  if (request.complete) return;
  let restBytes = 0;
  const enough = new AbortController();
  request.on('data', (chunk: Buffer) => {
    restBytes += chunk.byteLength;
    if (restBytes > restBytesMax) enough.abort();
  });
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(restMsMax)]);
  await finished(request, { signal, writable: false }).catch(() => undefined);
}
