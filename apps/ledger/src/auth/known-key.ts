// Stored API keys, and a short memory of them.
import type { Mode } from '@scrip/engine';
import type { Clock } from '@scrip/runtime';
import { remember, type Find, type Recall } from './remember.ts';

/** A stored key. One without store and mode is the operator's and has no book. */
export type KnownKey = {
  readonly id: string;
  readonly storeId?: string;
  readonly mode?: Mode;
  readonly scopes: readonly string[];
  readonly revokedAt?: unknown;
};

/** Finds a key by the SHA-256 of its text; the answer may be revoked. */
type StoredKeyFinder = Find<Uint8Array, KnownKey>;

/** Finds a key that is good by the SHA-256 of its text. */
export type KeyFinder = Recall<Uint8Array, KnownKey>;

/** Finds a key that is good by its id. */
export type KeyByIdFinder = Recall<string, KnownKey>;

/** Finds keys that are good now. One that is revoked is not found within half a second. */
export function rememberKeys(find: StoredKeyFinder, clock: Clock): KeyFinder {
  const nameOf = (digest: Uint8Array): string => Buffer.from(digest).toString('base64');
  return remember(async (digest) => unlessRevoked(await find(digest)), { nameOf, clock });
}

/** As `rememberKeys`, by id. */
export function rememberKeysById(find: Find<string, KnownKey>, clock: Clock): KeyByIdFinder {
  return remember(async (id) => unlessRevoked(await find(id)), { nameOf: (id) => id, clock });
}

function unlessRevoked(key: KnownKey | undefined): KnownKey | undefined {
  return key?.revokedAt === undefined ? key : undefined;
}
