// What the writer remembers between flushes, and the tag that tells whether it is still true.
import type { Account, AccountId, BookState, Sequence, UnitBalances } from '@scrip/kernel';
import { sameHash } from './chain-hash.ts';
import { cachedUnitCountMax } from './limits.ts';
import { termWeightOf } from './term-weight.ts';

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
  let tag: HeadTag | undefined;

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
  const remember = (account: Account): void => {
    plain.take(account.id);
    termed.take(account.id);
    forget(account);
    // Parsed metadata takes up to some hundred KiB: that is read again.
    if (account.personal.metadata !== undefined) return;
    (hasTerms(account) ? termed : plain).put(account);
    if (account.externalId !== undefined) {
      accountIdsByExternalId.set(account.externalId, account.id);
    }
  };
  return {
    account: (id) => plain.get(id) ?? termed.get(id),
    accountId: (externalId) => accountIdsByExternalId.get(externalId),
    unit: (label) => units.get(label),
    fence: (head) => {
      if (tag === undefined || !sameTag(tag, head)) drop();
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
  /** Puts one that is not there. */
  put(account: Account): void;
  take(id: AccountId): void;
  /** Takes those that were put longest ago, until the others are within the bound. */
  takeExcess(): readonly Account[];
  clear(): void;
}

function createShelf(weightMax: number, weightOf: (account: Account) => number = () => 1): Shelf {
  interface Kept {
    readonly account: Account;
    readonly weight: number;
  }
  // The map's order is that of the last use.
  const keptById = new Map<AccountId, Kept>();
  let weight = 0;
  const take = (id: AccountId): void => {
    const kept = keptById.get(id);
    if (kept === undefined) return;
    weight -= kept.weight;
    keptById.delete(id);
  };
  return {
    get: (id) => keptById.get(id)?.account,
    put: (account) => {
      const kept = { account, weight: weightOf(account) };
      keptById.set(account.id, kept);
      weight += kept.weight;
    },
    take,
    takeExcess: () => {
      const taken: Account[] = [];
      for (const { account } of keptById.values()) {
        if (weight <= weightMax) break;
        take(account.id);
        taken.push(account);
      }
      return taken;
    },
    clear: () => {
      keptById.clear();
      weight = 0;
    },
  };
}

function hasTerms({ grants, holds, schedules }: Account): boolean {
  return grants.length + holds.length + schedules.length > 0;
}

function sameTag(a: HeadTag, b: HeadTag): boolean {
  return a.sequence === b.sequence && sameHash(a.chainHash, b.chainHash);
}
