// Whose keys a call of administration is about.
import { assert } from '@scrip/kernel';
import type { KnownKey } from '../../auth/known-key.ts';
import type { KeyOwner } from './admin-ports.ts';

/** The store and the mode of a key that is not the operator's. */
export function ownerOf({ storeId, mode }: KnownKey): KeyOwner {
  assert(storeId !== undefined && mode !== undefined, 'a key with such a scope has its store');
  return { storeId, mode };
}
