// The rest of a body that is refused before it has all come. A client of HTTP/1.1 that is still
// sending when the connection is closed would miss the answer, so that the rest is read first.
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';

/** What a client may still send of a body that is refused already, and how long it may take. */
const restBytesMax = 32 * 1024 * 1024;
const restMsMax = 5_000;

/**
 * Reads the rest of a body away: at most 32 MiB, for at most 5 seconds. Says whether that was all
 * of it; never throws, whatever becomes of the client.
 */
export async function readRest(request: IncomingMessage): Promise<boolean> {
  if (request.complete) return true;
  let restBytes = 0;
  const enough = new AbortController();
  request.on('data', (chunk: Buffer) => {
    restBytes += chunk.byteLength;
    if (restBytes > restBytesMax) enough.abort();
  });
  // Whoever found it too long may have paused it.
  request.resume();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(restMsMax)]);
  return finished(request, { signal, writable: false }).then(
    () => true,
    () => false,
  );
}
