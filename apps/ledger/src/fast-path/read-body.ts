// Reads a body as a whole, within bounds.
import type { Readable } from 'node:stream';

/** A body: all of it, the beginning of one that is too long, or none from a caller who has gone. */
export type Body =
  | { readonly kind: 'whole' | 'too_long'; readonly chunks: readonly Buffer[] }
  | { readonly kind: 'gone' };

/** Reads up to so many bytes. What is beyond them stays unread. */
export function readBody(source: Readable, bytesMax: number): Promise<Body> {
  return new Promise((resolve) => {
    if (source.destroyed) {
      resolve({ kind: 'gone' });
      return;
    }
    const chunks: Buffer[] = [];
    // A body without bytes may end before anybody listens.
    if (source.readableEnded) {
      resolve({ kind: 'whole', chunks });
      return;
    }
    let byteCount = 0;
    // Node keeps a stream that has ended until a large collection: nothing of a call stays with it.
    const settle = (body: Body): void => {
      source.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      byteCount += chunk.byteLength;
      if (byteCount <= bytesMax) return;
      source.pause();
      settle({ kind: 'too_long', chunks });
    };
    const onEnd = (): void => settle({ kind: 'whole', chunks });
    const onClose = (): void => settle({ kind: 'gone' });
    source.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
