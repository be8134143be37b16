// Stored API keys, and a short memory of them.
import type { Mode } from '@scrip/engine';
import type { Clock } from '@scrip/runtime';

/** A stored key. One without store and mode is the operator's and has no book. */
export type KnownKey = {
  readonly id: string;
  readonly storeId?: string;
  readonly mode?: Mode;
  readonly scopes: readonly string[];
  readonly revokedAt?: unknown;
};

/** Finds a key by the SHA-256 of its text; the answer may be revoked. */
export type KeyFinder = (digest: Uint8Array) => Promise<KnownKey | undefined>;

/** How old an answer may be. A revoked key is refused within a second: the look-up has the rest. */
const ageMsMax = 500;
/** Keys that are remembered; beyond it all are forgotten, which costs one look-up each. */
const rememberedMax = 10_000;

type Remembered = { readonly askedAtMs: number; readonly key: Promise<KnownKey | undefined> };

/**
 * Finds keys that are good now, and asks the store for each at most twice a second. An answer is as
 * old as the question. Unknown keys and failures are not remembered.
 */
export function rememberKeys(find: KeyFinder, clock: Clock): KeyFinder {
  const rememberedByDigest = new Map<string, Remembered>();
  return async (digest) => {
    const name = Buffer.from(digest).toString('base64');
    const nowMs = clock.nowMs();
    const remembered = rememberedByDigest.get(name);
    if (remembered !== undefined && isFresh(remembered, nowMs)) return remembered.key;
    if (rememberedByDigest.size >= rememberedMax) rememberedByDigest.clear();
    const fresh = { askedAtMs: nowMs, key: find(digest).then(unlessRevoked) };
    rememberedByDigest.set(name, fresh);
    const forget = (): void => {
      if (rememberedByDigest.get(name) === fresh) rememberedByDigest.delete(name);
    };
    return fresh.key.then(
      (key) => {
        if (key === undefined) forget();
        return key;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  };
}

function isFresh({ askedAtMs }: Remembered, nowMs: number): boolean {
  return nowMs >= askedAtMs && nowMs - askedAtMs < ageMsMax;
}

function unlessRevoked(key: KnownKey | undefined): KnownKey | undefined {
  return key?.revokedAt === undefined ? key : undefined;
}
