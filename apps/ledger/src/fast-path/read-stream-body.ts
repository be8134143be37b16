// Reads the body of a stream of HTTP/2. Most bodies come with their headers: they are there at the
// end of the turn, and are taken without listening, and without their end. For a stream whose end
// was read and that closes before its last write is told done, Node makes an error with a stack.
import type { ServerHttp2Stream } from 'node:http2';
import type { AfterTurn } from './after-turn.ts';
import { readBody, type Body } from './read-body.ts';

export type ReadStreamOptions = {
  readonly bytesMax: number;
  /** What the headers say that it has, in bytes. */
  readonly contentLength: string | undefined;
  readonly afterTurn: AfterTurn;
};

/** As `readBody`. */
export function readStreamBody(
  stream: ServerHttp2Stream,
  options: ReadStreamOptions,
): Promise<Body> {
  const { bytesMax, afterTurn } = options;
  return new Promise((resolve) => {
    afterTurn(() => {
      resolve(hasAll(stream, options) ? take(stream, afterTurn) : readBody(stream, bytesMax));
    });
  });
}

/**
 * Whether the caller has sent all, and no more than that. Node has not told the end of a body that
 * is not as long as it should be, though there comes no more of it.
 */
function hasAll(
  stream: ServerHttp2Stream,
  { bytesMax, contentLength }: ReadStreamOptions,
): boolean {
  if (stream.destroyed || stream.state.remoteClose !== 1) return false;
  const length = stream.readableLength;
  return length <= bytesMax && (contentLength === undefined || Number(contentLength) === length);
}

function take(stream: ServerHttp2Stream, afterTurn: AfterTurn): Body {
  const length = stream.readableLength;
  // Node reads the end when the stream closes, and waits for its last write then: for ever, where
  // that waits for a caller who has gone.
  stream.once('end', () => afterTurn(() => void (stream.closed && stream.destroy())));
  // To ask for more than there is would be to read the end, and so would to ask for nothing.
  return { kind: 'whole', chunks: length === 0 ? [] : [stream.read(length) as Buffer] };
}
