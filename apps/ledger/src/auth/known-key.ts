// Stored API keys, and a short memory of them.
import type { Mode } from '@scrip/engine';
import type { Clock } from '@scrip/runtime';
import { digestApiKey } from './api-key.ts';
import { remember, type Recall } from './remember.ts';

/** A stored key. One without store and mode is the operator's and has no book. */
export type KnownKey = {
  readonly id: string;
  readonly storeId?: string;
  readonly mode?: Mode;
  readonly scopes: readonly string[];
  readonly revokedAt?: unknown;
};

/** Finds a key that is good, by its text or by its id. */
export type KeyFinder = Recall<KnownKey>;

type Find<Name> = (name: Name) => Promise<KnownKey | undefined>;

/**
 * Finds keys that are good now. `find` is asked by the SHA-256 of a key's text and may answer with
 * one that is revoked: within half a second such a key is not found any more.
 */
export function rememberKeys(find: Find<Uint8Array>, clock: Clock): KeyFinder {
  return remember(async (text) => unlessRevoked(await find(digestApiKey(text))), clock);
}

/** As `rememberKeys`, by id. */
export function rememberKeysById(find: Find<string>, clock: Clock): KeyFinder {
  return remember(async (id) => unlessRevoked(await find(id)), clock);
}

function unlessRevoked(key: KnownKey | undefined): KnownKey | undefined {
  return key?.revokedAt === undefined ? key : undefined;
}
