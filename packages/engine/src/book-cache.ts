// What the writer remembers between flushes, and the tag that tells whether it is still true.
import type { Account, AccountId, BookState, Sequence, UnitBalances } from '@scrip/kernel';
import { sameHash } from './chain-hash.ts';
import { cachedTermCountMax, cachedUnitCountMax } from './limits.ts';

/** The commit that a cache reflects: a sequence alone could be another history of equal length. */
export interface HeadTag {
  readonly sequence: Sequence;
  readonly chainHash: Uint8Array;
}

/** Accounts and units as the commit of the tag left them. */
export interface BookCache {
  account(id: AccountId): Account | undefined;
  accountId(externalId: string): AccountId | undefined;
  unit(label: string): UnitBalances | undefined;
  /** Drops everything unless it reflects exactly this head. Called under the lock. */
  fence(head: HeadTag): void;
  /** Takes over a working set whose commit is confirmed, with the head that it led to. */
  takeOver(state: BookState, head: HeadTag): void;
  /** Forgets everything, after any failure. */
  drop(): void;
}

/** Makes an empty cache of at most so many accounts; those used last are kept. */
export function createBookCache(accountCountMax: number): BookCache {
  const accounts = new Map<AccountId, Account>();
  const accountIdsByExternalId = new Map<string, AccountId>();
  const units = new Map<string, UnitBalances>();
  let tag: HeadTag | undefined;

  const drop = (): void => {
    tag = undefined;
    accounts.clear();
    accountIdsByExternalId.clear();
    units.clear();
  };
  const forget = ({ id, externalId }: Account): void => {
    accounts.delete(id);
    if (externalId !== undefined) accountIdsByExternalId.delete(externalId);
  };
  const remember = (account: Account): void => {
    // Set anew, so that the map's order is that of the last use.
    forget(account);
    // Parsed metadata, or very many grants, take up to some hundred KiB: that is read again.
    if (account.personal.metadata !== undefined || termCountOf(account) > cachedTermCountMax)
      return;
    accounts.set(account.id, account);
    if (account.externalId !== undefined) {
      accountIdsByExternalId.set(account.externalId, account.id);
    }
  };
  const forgetOldest = (): void => {
    for (const account of accounts.values()) {
      if (accounts.size <= accountCountMax) return;
      forget(account);
    }
  };
  return {
    account: (id) => accounts.get(id),
    accountId: (externalId) => accountIdsByExternalId.get(externalId),
    unit: (label) => units.get(label),
    fence: (head) => {
      if (tag === undefined || !sameTag(tag, head)) drop();
    },
    takeOver: (state, head) => {
      for (const account of state.accounts.values()) remember(account);
      for (const unit of state.units.values()) units.set(unit.label, unit);
      forgetOldest();
      if (units.size > cachedUnitCountMax) units.clear();
      tag = head;
    },
    drop,
  };
}

function termCountOf({ grants, holds, schedules }: Account): number {
  return grants.length + holds.length + schedules.length;
}

function sameTag(a: HeadTag, b: HeadTag): boolean {
  return a.sequence === b.sequence && sameHash(a.chainHash, b.chainHash);
}
