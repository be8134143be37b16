// Remembers the store of an API key. Never a proof of anything: each request still calls the ledger
// with the key, which may have been revoked meanwhile.
import { createHash } from 'node:crypto';
import type { CallOptions, ScripClient } from '@scrip/client';

export type StoreIds = (apiKey: string, options: CallOptions) => Promise<string>;

/** How many keys are remembered; the one that came first goes first. */
const keysMax = 10_000;

export function createStoreIds(ledger: ScripClient): StoreIds {
  const storeIdsByDigest = new Map<string, string>();
  return async (apiKey, options) => {
    const digest = createHash('sha256').update(apiKey).digest('base64');
    const known = storeIdsByDigest.get(digest);
    if (known !== undefined) return known;
    const { storeId } = await ledger.getHead({}, options);
    storeIdsByDigest.set(digest, storeId);
    for (const oldest of storeIdsByDigest.keys()) {
      if (storeIdsByDigest.size <= keysMax) break;
      storeIdsByDigest.delete(oldest);
    }
    return storeId;
  };
}
