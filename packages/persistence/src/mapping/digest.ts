// Digests of texts that callers choose, as few bytes as an index holds cheaply. They find; texts
// decide. In hexadecimal digits: bytes in buffers of their own cost four times as much to make.
import { hash } from 'node:crypto';

/** Digits of a key's digest: with a book's id as many bytes as fill an entry of the index. */
const keyDigestLength = 22;
/** Digits of what is held by a bigint column. */
const bigintLength = 16;

/** The first 88 bits of a key's SHA-256: what `event.key_digest` holds. */
export function keyDigestOf(key: string): string {
  return hash('sha256', key).slice(0, keyDigestLength);
}

/** The first 64 bits of a reference's SHA-256: what `event.reference_digest` holds. */
export function referenceDigestOf(reference: string): string {
  return hash('sha256', reference).slice(0, bigintLength);
}

/** A digest of 16 hexadecimal characters as a value of a bigint column. */
export function toBigint(digest: string): string {
  return String(BigInt.asIntN(64, BigInt(`0x${digest}`)));
}

/** Reads a digest back from a bigint column. */
export function fromBigint(column: string): string {
  return BigInt.asUintN(64, BigInt(column)).toString(16).padStart(bigintLength, '0');
}
