// What a session works with.
import type { ScripClient } from '@scrip/client';
import type { SessionChange } from '../state/state.ts';

/** What a session needs of the client. */
export type SessionLedger = Pick<
  ScripClient,
  'listAccounts' | 'listEntries' | 'watchBalances' | 'watchHistory'
>;

export type SessionOptions = {
  readonly ledger: SessionLedger;
  readonly tell: (change: SessionChange) => void;
  readonly now: () => number;
};
