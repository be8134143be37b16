// What the keys made here may do.

import { scopes } from '@scrip/ledger';
import type { KeyMode } from './key-modes.ts';

/** Every scope for a store's own keys; nothing but making stores for the operator. */
export const scopesByMode: Readonly<Record<KeyMode, readonly string[]>> = {
  test: scopes,
  prod: scopes,
  operator: ['operator'],
};
