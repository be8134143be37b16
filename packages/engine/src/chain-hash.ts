// The seal of a batch: SHA-256 over the previous seal and the bytes of the batch's events.
import { createHash } from 'node:crypto';

/** The hash of a book without events. */
export const genesisHash: Uint8Array = new Uint8Array(32);

/**
 * The hash after a batch. Each event's bytes follow their length, 4 bytes, big-endian, so that
 * bytes cannot move from one event to the next unseen.
 */
export function nextChainHash(previous: Uint8Array, eventBytes: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256').update(previous);
  const length = Buffer.alloc(4);
  for (const bytes of eventBytes) {
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}

/** Whether two hashes are the same. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
