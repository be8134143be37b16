// Whose key a call of administration shows.
import type { ContextValues } from '@connectrpc/connect';
import { assert } from '@scrip/kernel';
import type { KnownKey } from '../../auth/known-key.ts';
import { callerKey } from '../../call/call-facts.ts';
import type { KeyOwner } from './admin-ports.ts';

/** The key that a call was let in with. */
export function callerOf(values: ContextValues): KnownKey {
  const caller = values.get(callerKey);
  assert(caller !== undefined, 'a call that reaches administration has its key');
  return caller;
}

/** The store and the mode of a key that is not the operator's. */
export function ownerOf({ storeId, mode }: KnownKey): KeyOwner {
  assert(storeId !== undefined && mode !== undefined, 'a key with such a scope has its store');
  return { storeId, mode };
}
