// When a caller who reads slowly has room for more.
import type { Writable } from 'node:stream';

/** Resolves when there is room again, or nobody is left to write to. */
export function roomToWrite(writable: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (writable.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      writable.off('drain', done).off('close', done);
      resolve();
    };
    writable.on('drain', done).on('close', done);
  });
}
