// Real randomness. Everything else is handed ids.

import { randomBytes, randomInt, randomUUID } from 'node:crypto';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 11;

/** A secret of `byteCount` random bytes, written in URL-safe base64 without padding. */
export function randomToken(byteCount: number): string {
  return randomBytes(byteCount).toString('base64url');
}

/** Random bytes, for a key that is stored or derived from. */
export function randomSecret(byteCount: number): Uint8Array {
  return new Uint8Array(randomBytes(byteCount));
}

/** A prefix and eleven random base-62 characters, the form of every id that is shown. */
export function randomId(prefix: string): string {
  return prefix + Array.from({ length: idLength }, () => base62[randomInt(base62.length)]).join('');
}

/** An id for one request, to find it in the log again. */
export function newRequestId(): string {
  return randomUUID();
}
