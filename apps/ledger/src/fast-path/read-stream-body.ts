// Reads the body of a stream of HTTP/2. Most bodies come with their headers: they are there at the
// end of the turn, and are taken without listening, and without their end. For a stream whose end
// was read and that closes before its last write is told done, Node makes an error with a stack.
import type { ServerHttp2Stream } from 'node:http2';
import type { AfterTurn } from './after-turn.ts';
import { readBody, type Body } from './read-body.ts';

/** As `readBody`. */
export function readStreamBody(
  stream: ServerHttp2Stream,
  bytesMax: number,
  afterTurn: AfterTurn,
): Promise<Body> {
  return new Promise((resolve) => {
    afterTurn(() => resolve(hasAll(stream, bytesMax) ? take(stream) : readBody(stream, bytesMax)));
  });
}

/** Whether the caller has sent all, and no more than that. */
function hasAll(stream: ServerHttp2Stream, bytesMax: number): boolean {
  return !stream.destroyed && stream.state.remoteClose === 1 && stream.readableLength <= bytesMax;
}

function take(stream: ServerHttp2Stream): Body {
  const length = stream.readableLength;
  // To ask for more than there is would be to read the end, and so would to ask for nothing.
  return { kind: 'whole', chunks: length === 0 ? [] : [stream.read(length) as Buffer] };
}
