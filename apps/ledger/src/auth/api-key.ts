// API keys: how they look, how they are stored, and what they may do.
import { hash } from 'node:crypto';

/** What an API key may be allowed to do. A key has the scopes it was made with, no others. */
export const scopes = [
  'ledger:read',
  'ledger:write',
  'coupons:read',
  'coupons:write',
  'commerce:read',
  'commerce:write',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** A new key. It is shown once; the digest is what is stored, the prefix what lists show. */
export type NewApiKey = {
  readonly apiKey: string;
  readonly prefix: string;
  readonly digest: Uint8Array;
};

/** Below 16 bytes a secret could be guessed. */
const secretBytesMin = 16;
/** Characters of the secret that lists show: enough to tell keys apart, far too few to guess. */
const shownCharacters = 4;
const shape = /^scrip_(?:test|prod|operator)_[A-Za-z0-9_-]{22,128}$/;

/** Makes a key from a random secret: `scrip_<mode>_<secret in base64url>`. */
export function createApiKey(options: {
  readonly mode: 'test' | 'prod' | 'operator';
  readonly secret: Uint8Array;
}): NewApiKey {
  const { mode, secret } = options;
  if (secret.byteLength < secretBytesMin) {
    throw new RangeError(`The secret of an API key needs at least ${secretBytesMin} bytes.`);
  }
  const beginning = `scrip_${mode}_`;
  const apiKey = beginning + Buffer.from(secret).toString('base64url');
  const prefix = apiKey.slice(0, beginning.length + shownCharacters);
  return { apiKey, prefix, digest: digestApiKey(apiKey) };
}

/** SHA-256 of a key. The secret is random, so that a plain hash cannot be turned back. */
export function digestApiKey(apiKey: string): Uint8Array {
  return hash('sha256', apiKey, 'buffer');
}

/** Whether a text can be a key at all; another one need not be looked up. */
export function looksLikeApiKey(text: string): boolean {
  return shape.test(text);
}
