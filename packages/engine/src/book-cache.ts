// What the writer remembers between flushes, and the tag that tells whether it is still true.
import type { Account, AccountId, BookState, UnitBalances } from '@scrip/kernel';
import { sameSeal } from './chain-hash.ts';
import { cachedUnitCountMax } from './limits.ts';
import type { Seal } from './port/feed-source.ts';
import { termWeightOf } from './term-weight.ts';

/** Accounts and units as the commit of the tag left them. */
export interface BookCache {
  account(id: AccountId): Account | undefined;
  accountId(externalId: string): AccountId | undefined;
  unit(label: string): UnitBalances | undefined;
  /** Drops everything unless it reflects exactly this head. Called under the lock. */
  fence(head: Seal): void;
  /** Takes over a working set whose commit is confirmed, with the head that it led to. */
  takeOver(state: BookState, head: Seal): void;
  /** Forgets everything, after any failure. */
  drop(): void;
}

/** How much a cache keeps. */
export interface CacheBounds {
  readonly accountCountMax: number;
  /** Grants, holds and schedules of all accounts together, as `termWeightOf` counts them. */
  readonly termCountMax: number;
}

/** Makes an empty cache; those accounts are kept that were used last. */
export function createBookCache({ accountCountMax, termCountMax }: CacheBounds): BookCache {
  // Apart, so that accounts with very many terms put out others of their kind alone.
  const plain = createShelf(accountCountMax);
  const termed = createShelf(termCountMax, termWeightOf);
  const accountIdsByExternalId = new Map<string, AccountId>();
  const units = new Map<string, UnitBalances>();
  // The commit that it reflects: a sequence alone could be another history of equal length.
  let tag: Seal | undefined;

  const drop = (): void => {
    tag = undefined;
    plain.clear();
    termed.clear();
    accountIdsByExternalId.clear();
    units.clear();
  };
  const forget = ({ externalId }: Account): void => {
    if (externalId !== undefined) accountIdsByExternalId.delete(externalId);
  };
  const shelfOf = (account: Account): Shelf | undefined => {
    // Parsed metadata takes up to some hundred KiB: that is read again.
    if (account.personal.metadata !== undefined) return undefined;
    return hasTerms(account) ? termed : plain;
  };
  const remember = (account: Account): void => {
    const shelf = shelfOf(account);
    if (shelf !== plain) plain.take(account.id);
    if (shelf !== termed) termed.take(account.id);
    shelf?.put(account);
    if (shelf === undefined) forget(account);
    else if (account.externalId !== undefined) {
      accountIdsByExternalId.set(account.externalId, account.id);
    }
  };
  return {
    account: (id) => plain.get(id) ?? termed.get(id),
    accountId: (externalId) => accountIdsByExternalId.get(externalId),
    unit: (label) => units.get(label),
    fence: (head) => {
      if (tag === undefined || !sameSeal(tag, head)) drop();
    },
    takeOver: (state, head) => {
      for (const account of state.accounts.values()) remember(account);
      for (const unit of state.units.values()) units.set(unit.label, unit);
      for (const shelf of [plain, termed]) shelf.takeExcess().forEach(forget);
      if (units.size > cachedUnitCountMax) units.clear();
      tag = head;
    },
    drop,
  };
}

/** Accounts of one kind, up to a weight of all of them together. */
interface Shelf {
  get(id: AccountId): Account | undefined;
  /** Puts one, in the place of what it has of it. */
  put(account: Account): void;
  take(id: AccountId): void;
  /** Takes those that were put longest ago, until the others are within the bound. */
  takeExcess(): readonly Account[];
  clear(): void;
}

interface Kept {
  account: Account;
  weight: number;
  older: Kept | undefined;
  newer: Kept | undefined;
}

function createShelf(weightMax: number, weightOf: (account: Account) => number = () => 1): Shelf {
  // A chain by last use. The map's own order would be that if each use took one out and put it in
  // again, which makes a large map anew time and again.
  const keptById = new Map<AccountId, Kept>();
  let oldest: Kept | undefined;
  let newest: Kept | undefined;
  let weight = 0;
  const unchain = ({ older, newer }: Kept): void => {
    if (older === undefined) oldest = newer;
    else older.newer = newer;
    if (newer === undefined) newest = older;
    else newer.older = older;
  };
  const chain = (kept: Kept): void => {
    kept.older = newest;
    kept.newer = undefined;
    if (newest === undefined) oldest = kept;
    else newest.newer = kept;
    newest = kept;
  };
  const take = (id: AccountId): void => {
    const kept = keptById.get(id);
    if (kept === undefined) return;
    weight -= kept.weight;
    unchain(kept);
    keptById.delete(id);
  };
  return {
    get: (id) => keptById.get(id)?.account,
    put: (account) => {
      const known = keptById.get(account.id);
      const kept = known ?? { account, weight: 0, older: undefined, newer: undefined };
      if (known === undefined) keptById.set(account.id, kept);
      else unchain(known);
      chain(kept);
      weight -= kept.weight;
      kept.account = account;
      kept.weight = weightOf(account);
      weight += kept.weight;
    },
    take,
    takeExcess: () => {
      const taken: Account[] = [];
      while (oldest !== undefined && weight > weightMax) {
        taken.push(oldest.account);
        take(oldest.account.id);
      }
      return taken;
    },
    clear: () => {
      keptById.clear();
      [oldest, newest] = [undefined, undefined];
      weight = 0;
    },
  };
}

function hasTerms({ grants, holds, schedules }: Account): boolean {
  return grants.length + holds.length + schedules.length > 0;
}
