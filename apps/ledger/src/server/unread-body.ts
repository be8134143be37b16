// The rest of a body that its RPC did not want. An HTTP/1.1 client that is still sending would miss
// an early answer, so that the rest is read first, within bounds.
import { readRest } from '@scrip/runtime';
import type { Request, Response } from './exchange.ts';

/** What was read of a body, and whether that is all. */
export type ReadBefore = { readonly chunks: readonly Uint8Array[]; readonly isWhole: boolean };

/** The body in pieces; leaving it early leaves the connection open. */
export function bodyOf(request: Request, readBefore?: ReadBefore): AsyncIterable<Uint8Array> {
  const unread = { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) };
  return readBefore === undefined ? unread : replay(readBefore, unread);
}

async function* replay(
  { chunks, isWhole }: ReadBefore,
  unread: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  yield* chunks;
  if (!isWhole) yield* unread;
}

/** Reads the rest of an HTTP/1.1 body away; a connection with more than that is closed. */
export async function readRestOf(request: Request, response: Response): Promise<void> {
  if ('stream' in request || (await readRest(request))) return;
  response.setHeader('connection', 'close');
}
