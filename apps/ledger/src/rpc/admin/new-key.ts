// New keys: what is kept of them, and the text that is shown once.
import { createApiKey, type Scope } from '../../auth/api-key.ts';
import type { AdminPorts, KeptKey, KeyOwner } from './admin-ports.ts';

/** A key that is not kept yet, and its text. */
export type MadeKey = { readonly kept: KeptKey; readonly apiKey: string };

/** 32 random bytes cannot be guessed, so that a plain hash of them is enough to keep. */
const secretByteCount = 32;

export function makeKey(
  ports: Pick<AdminPorts, 'newId' | 'newSecret'>,
  owner: KeyOwner,
  terms: { readonly name: string; readonly scopes: readonly Scope[] },
): MadeKey {
  const secret = ports.newSecret(secretByteCount);
  const { apiKey, prefix, digest } = createApiKey({ mode: owner.mode, secret });
  return { kept: { id: ports.newId('key_'), ...owner, ...terms, prefix, digest }, apiKey };
}
