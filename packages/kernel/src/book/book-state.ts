// The state of a book, as far as the commands at hand need it: a working set.
import { nameKey, type Account, type AccountRef } from '../account/account.ts';
import { createCouponState, type CouponState } from '../coupon/coupon-state.ts';
import type { Grant } from '../grant/grant.ts';
import type { Hold } from '../hold/hold.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { SystemAccount } from '../transaction/transaction.ts';
import type { Instant } from '../value/instant.ts';
import type {
  AccountId,
  GrantId,
  HoldId,
  Ids,
  ScheduleId,
  Sequence,
  TransactionId,
} from '../value/id.ts';
import type { Unit } from '../value/unit.ts';
import type { BookEvent } from './event.ts';

/** A unit and its system accounts' balances. They add up to zero with the customers' balances. */
export interface UnitBalances extends Unit, Readonly<Record<SystemAccount, bigint>> {}

/** An event that is already decided, and the digest of the request that made it. */
export interface RecordedEvent {
  readonly event: BookEvent;
  readonly requestDigest: string;
}

/**
 * What decisions are made on. Every map must hold all that the commands at hand name, if it
 * exists in the book: what is missing here is taken not to exist.
 */
export interface BookState {
  readonly ids: Ids;
  /** The secret of the book: request digests are keyed by it. */
  readonly idKey: Uint8Array;
  /** The last event decided. */
  sequence: Sequence;
  /** The instant of the batch at hand. */
  instant: Instant;
  readonly accounts: Map<AccountId, Account>;
  readonly accountIdsByExternalId: Map<string, AccountId>;
  /** Accounts that are not closed, by `nameIndex`. */
  readonly accountIdsByName: Map<string, AccountId>;
  readonly units: Map<string, UnitBalances>;
  /** By the callers' idempotency keys. */
  readonly eventsByKey: Map<string, RecordedEvent>;
  /** Grants that commands name or give back to, and those that changed; see `findGrant`. */
  readonly grants: Map<GrantId, Grant>;
  /** Holds that commands name, and those that changed; see `findHold`. */
  readonly holds: Map<HoldId, Hold>;
  /** Schedules that commands name, and those that changed; see `findSchedule`. */
  readonly schedules: Map<ScheduleId, Schedule>;
  /** The events that ended holds and schedules, and voided grants, where commands name them. */
  readonly endingsById: Map<GrantId | HoldId | ScheduleId, BookEvent>;
  /** Coupons and what comes of them. */
  readonly coupons: CouponState;
  /** Transactions that may be reversed, by their id. */
  readonly eventsByTransactionId: Map<TransactionId, BookEvent>;
  /** Reversals, by the id of the transaction that they undo. */
  readonly reversalsByTransactionId: Map<TransactionId, BookEvent>;
}

/** An empty state: a new book, or a working set to be filled. */
export function createBookState(
  book: { readonly ids: Ids; readonly idKey: Uint8Array },
  head: { readonly sequence: Sequence; readonly instant: Instant },
): BookState {
  return {
    ...book,
    ...head,
    accounts: new Map(),
    accountIdsByExternalId: new Map(),
    accountIdsByName: new Map(),
    units: new Map(),
    eventsByKey: new Map(),
    grants: new Map(),
    holds: new Map(),
    schedules: new Map(),
    endingsById: new Map(),
    coupons: createCouponState(),
    eventsByTransactionId: new Map(),
    reversalsByTransactionId: new Map(),
  };
}

/** Under what a name is looked up: unique per customer, without regard to case. */
export function nameIndex(customerId: string, name: string): string {
  // Neither part can hold U+0000, so that no two pairs meet.
  return `${customerId}\u0000${nameKey(name)}`;
}

/** The account that a reference names, if it exists. */
export function findAccount(state: BookState, ref: AccountRef): Account | undefined {
  const id =
    ref.kind === 'id' ? (ref.id as AccountId) : state.accountIdsByExternalId.get(ref.externalId);
  return id === undefined ? undefined : state.accounts.get(id);
}

/** A grant of any status, with its account, if it exists. */
export function findGrant(
  state: BookState,
  id: string,
): { readonly grant: Grant; readonly account: Account } | undefined {
  const grant = state.grants.get(id as GrantId);
  const account = grant && state.accounts.get(grant.accountId);
  return grant && account && { grant, account };
}

/** A hold of any status, with its account, if it exists. */
export function findHold(
  state: BookState,
  id: string,
): { readonly hold: Hold; readonly account: Account } | undefined {
  const hold = state.holds.get(id as HoldId);
  const account = hold && state.accounts.get(hold.accountId);
  return hold && account && { hold, account };
}

/** A schedule of any status, with its account, if it exists. */
export function findSchedule(
  state: BookState,
  id: string,
): { readonly schedule: Schedule; readonly account: Account } | undefined {
  const schedule = state.schedules.get(id as ScheduleId);
  const account = schedule && state.accounts.get(schedule.accountId);
  return schedule && account && { schedule, account };
}
