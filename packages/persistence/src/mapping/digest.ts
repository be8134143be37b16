// Digests of texts that callers choose, as few bytes as an index holds cheaply. They find; texts
// decide.
import { hash } from 'node:crypto';

/** Bytes of a key's digest: with a book's id as many as fill an entry of the index. */
const keyDigestBytes = 11;

/** The first 88 bits of a key's SHA-256: what `event.key_digest` holds. */
export function keyDigestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, keyDigestBytes);
}

/** The first 64 bits of a reference's SHA-256: what `event.reference_digest` holds. */
export function referenceDigestOf(reference: string): string {
  return String(hash('sha256', reference, 'buffer').readBigInt64BE());
}

/** A digest of 16 hexadecimal characters as a value of a bigint column. */
export function toBigint(digest: string): string {
  return String(BigInt.asIntN(64, BigInt(`0x${digest}`)));
}

/** Reads a digest back from a bigint column. */
export function fromBigint(column: string): string {
  return BigInt.asUintN(64, BigInt(column)).toString(16).padStart(16, '0');
}
