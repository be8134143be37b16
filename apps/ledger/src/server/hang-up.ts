// Breaks a call off whose caller does not take its answer.
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Response } from './exchange.ts';

/** Resets the stream of HTTP/2, or closes the connection of HTTP/1.1. */
export function hangUp(response: Response): void {
  if ('stream' in response) resetStream(response.stream);
  else response.destroy();
}

/** Resets a stream of HTTP/2. */
export function resetStream(stream: ServerHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
}
