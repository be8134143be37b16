// A digest of every account's entries, so that two histories are compared without holding either.
import { createHash } from 'node:crypto';
import { postingOf, signedAmount, type AccountId, type BookEvent } from '@scrip/kernel';
import type { StoredEntry } from '../port/audit-source.ts';

/** Digests by account. Entries may be added in any order. */
export interface EntryDigests {
  /** Adds the entries of an event. */
  add(event: BookEvent): void;
  addEntry(entry: StoredEntry): void;
  of(accountId: AccountId): EntryDigest;
}

/** The number of an account's entries and the sum of their hashes. */
interface EntryDigest {
  readonly count: number;
  readonly sum: bigint;
}

/** Makes empty digests. */
export function createEntryDigests(): EntryDigests {
  const digests = new Map<AccountId, EntryDigest>();
  const none = { count: 0, sum: 0n };
  const addEntry = (entry: StoredEntry): void => {
    const { count, sum } = digests.get(entry.accountId) ?? none;
    const next = BigInt.asUintN(64, sum + hashOf(entry));
    digests.set(entry.accountId, { count: count + 1, sum: next });
  };
  return {
    add: (event) => entriesOf(event).forEach(addEntry),
    addEntry,
    of: (accountId) => digests.get(accountId) ?? none,
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

function hashOf(entry: StoredEntry): bigint {
  return createHash('sha256').update(textOf(entry)).digest().readBigUInt64BE(0);
}

function textOf({ accountId, sequence, line, amount, balanceAfter }: StoredEntry): string {
  return `${accountId} ${sequence} ${line} ${amount} ${balanceAfter}`;
}
