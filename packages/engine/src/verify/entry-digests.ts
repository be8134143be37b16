// A digest of every account's entries, so that two histories are compared without holding either.
import { postingOf, signedAmount, type AccountId, type BookEvent } from '@scrip/kernel';
import type { StoredEntry } from '../port/audit-source.ts';
import { addHash, noHashes, type HashSum } from './hash-sum.ts';

/** Digests by account. Entries may be added in any order. */
export interface EntryDigests {
  /** Adds the entries of an event. */
  add(event: BookEvent): void;
  addEntry(entry: StoredEntry): void;
  of(accountId: AccountId): HashSum;
}

/** Makes empty digests. */
export function createEntryDigests(): EntryDigests {
  const digests = new Map<AccountId, HashSum>();
  const addEntry = (entry: StoredEntry): void => {
    const digest = digests.get(entry.accountId) ?? noHashes;
    digests.set(entry.accountId, addHash(digest, textOf(entry)));
  };
  return {
    add: (event) => entriesOf(event).forEach(addEntry),
    addEntry,
    of: (accountId) => digests.get(accountId) ?? noHashes,
  };
}

/** The entries of an event as they are stored. */
export function entriesOf(event: BookEvent): readonly StoredEntry[] {
  const entries = postingOf(event)?.transaction.entries ?? [];
  return entries.map((entry, line) => ({
    accountId: entry.accountId,
    sequence: event.sequence,
    line,
    amount: signedAmount(entry),
    balanceAfter: entry.balanceAfter,
  }));
}

/** Whether two entries say the same. */
export function sameEntry(a: StoredEntry | undefined, b: StoredEntry | undefined): boolean {
  return a !== undefined && b !== undefined && textOf(a) === textOf(b);
}

function textOf({ accountId, sequence, line, amount, balanceAfter }: StoredEntry): string {
  return `${accountId} ${sequence} ${line} ${amount} ${balanceAfter}`;
}
