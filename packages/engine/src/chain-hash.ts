// The seal of a batch: SHA-256 over the previous seal and the bytes of the batch's events.
import { hash } from 'node:crypto';
import type { Seal } from './port/feed-source.ts';

/** The hash of a book without events. */
export const genesisHash: Uint8Array = new Uint8Array(32);

/**
 * The hash after a batch. Each event's bytes follow their length, 4 bytes, big-endian, so that
 * bytes cannot move from one event to the next unseen.
 */
export function nextChainHash(previous: Uint8Array, eventBytes: readonly Uint8Array[]): Uint8Array {
  const size = eventBytes.reduce((sum, { length }) => sum + 4 + length, previous.length);
  // In one piece: handing over a piece takes longer than hashing it.
  const sealed = Buffer.allocUnsafe(size);
  sealed.set(previous);
  let at = previous.length;
  for (const bytes of eventBytes) {
    sealed.writeUInt32BE(bytes.length, at);
    sealed.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return hash('sha256', sealed, 'buffer');
}

/** Whether two hashes are the same. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whether two seals end the same history. */
export function sameSeal(a: Seal, b: Seal): boolean {
  return a.sequence === b.sequence && sameHash(a.chainHash, b.chainHash);
}
