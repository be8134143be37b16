// Real randomness. Everything else is handed ids.

import { randomBytes, randomUUID } from 'node:crypto';

/** A secret of `byteCount` random bytes, written in URL-safe base64 without padding. */
export function randomToken(byteCount: number): string {
  return randomBytes(byteCount).toString('base64url');
}

/** An id for one request, to find it in the log again. */
export function newRequestId(): string {
  return randomUUID();
}
