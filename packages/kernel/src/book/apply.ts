// What an event does to the state of its book. The only place where a state changes.
import type { Account, AccountSnapshot, PersonalFields } from '../account/account.ts';
import { applyCouponChange } from '../coupon/apply-coupon-change.ts';
import { isCouponChange } from '../coupon/coupon-change.ts';
import { isLive, type Grant } from '../grant/grant.ts';
import { isPending, type Hold } from '../hold/hold.ts';
import { isActive, type Schedule } from '../schedule/schedule.ts';
import {
  signedAmount,
  type Posting,
  type SystemAccount,
  type Transaction,
} from '../transaction/transaction.ts';
import { assert } from '../value/assert.ts';
import { findByAge, replaceByAge } from '../value/by-age.ts';
import { nameIndex, type BookState } from './book-state.ts';
import type { Accepted } from './decision.ts';
import { grantsOf, postingOf, type BookEvent } from './event.ts';

/** Where events leave what is live of an account. */
export interface LiveTermsKeeper {
  /** What a hold keeps before the event. */
  remainingOf(account: Account, hold: Hold): bigint;
  keepGrants(account: Account, grants: readonly Grant[]): Account;
  keepHold(account: Account, hold: Hold): Account;
  keepSchedule(account: Account, schedule: Schedule): Account;
}

/** They stay with the account, each change in lists of their own. */
const inAccount: LiveTermsKeeper = {
  remainingOf: ({ holds }, { sequence }) => findByAge(holds, sequence)?.remaining ?? 0n,
  keepGrants: (account, grants) => {
    return { ...account, grants: replaceByAge(account.grants, grants, isLive) };
  },
  keepHold: (account, hold) => {
    return { ...account, holds: replaceByAge(account.holds, [hold], isPending) };
  },
  keepSchedule: (account, schedule) => {
    return { ...account, schedules: replaceByAge(account.schedules, [schedule], isActive) };
  },
};

/** Applies a decision to the state it was made on; later decisions see it. */
export function applyAccepted(
  state: BookState,
  accepted: Accepted,
  requestDigest: string | undefined,
): void {
  const { before = [], event, after = [], personal } = accepted;
  for (const earlier of before) applyEvent(state, earlier);
  applyEvent(state, event, personal);
  for (const later of after) applyEvent(state, later);
  if (event.idempotencyKey !== undefined && requestDigest !== undefined) {
    state.eventsByKey.set(event.idempotencyKey, { event, requestDigest });
  }
}

/**
 * Applies an event: the next one of the book, else it is a bug. `personal` is what the account's
 * personal fields become; events do not hold them.
 */
export function applyEvent(state: BookState, event: BookEvent, personal?: PersonalFields): void {
  assert(event.sequence === state.sequence + 1, 'events follow each other without a gap');
  const { change } = event;
  switch (change.kind) {
    case 'account_created':
      applyCreated(state, change.account, personal ?? {});
      if (change.opening !== undefined) applyPosting(state, event, change.opening);
      break;
    case 'account_updated':
    case 'account_frozen':
    case 'account_unfrozen':
    case 'account_closed':
      applyChanged(state, change.account, personal);
      break;
    default:
      if (!isCouponChange(change)) {
        applyMove(state, event, inAccount);
        return;
      }
      applyCouponChange(state.coupons, event, change);
  }
  state.sequence = event.sequence;
}

/**
 * As `applyEvent`, for an event that changes no details of an account: credits that move, and what
 * becomes of the grants, the hold and the schedule of an event.
 */
export function applyMove(state: BookState, event: BookEvent, keeper: LiveTermsKeeper): void {
  assert(event.sequence === state.sequence + 1, 'events follow each other without a gap');
  const { change } = event;
  const posting = postingOf(event);
  if (posting !== undefined) applyPosting(state, event, posting);
  applyGrants(state, event, keeper);
  if ('heldAfter' in change) applyHold(state, { event, keeper, ...change });
  if ('schedule' in change) applySchedule(state, { event, keeper, schedule: change.schedule });
  state.sequence = event.sequence;
}

function applyGrants(state: BookState, event: BookEvent, keeper: LiveTermsKeeper): void {
  const grants = grantsOf(event);
  if (grants.length === 0) return;
  for (const [id, ofAccount] of Map.groupBy(grants, ({ accountId }) => accountId)) {
    const { sequence } = event;
    const kept = keeper.keepGrants(accountOf(state, id), ofAccount);
    state.accounts.set(id, { ...kept, sequence });
  }
  for (const grant of grants) {
    state.grants.set(grant.id, grant);
    if (event.change.kind === 'grant_voided' && !state.endingsById.has(grant.id)) {
      state.endingsById.set(grant.id, event);
    }
  }
}

interface Applied {
  readonly event: BookEvent;
  readonly keeper: LiveTermsKeeper;
}

function applyHold(
  state: BookState,
  applied: Applied & { readonly hold: Hold; readonly heldAfter: bigint },
): void {
  const { event, keeper, hold, heldAfter } = applied;
  const account = accountOf(state, hold.accountId);
  const before = keeper.remainingOf(account, hold);
  assert(heldAfter === account.held + hold.remaining - before, 'what is held is what holds keep');
  assert(heldAfter >= 0n && heldAfter <= account.balance, 'holds keep no more than there is');
  state.holds.set(hold.id, hold);
  const kept = keeper.keepHold(account, hold);
  state.accounts.set(account.id, { ...kept, held: heldAfter, sequence: event.sequence });
  if (hold.status !== 'pending') state.endingsById.set(hold.id, event);
}

function applySchedule(
  state: BookState,
  { event, keeper, schedule }: Applied & { readonly schedule: Schedule },
): void {
  const account = accountOf(state, schedule.accountId);
  state.schedules.set(schedule.id, schedule);
  const kept = keeper.keepSchedule(account, schedule);
  state.accounts.set(account.id, { ...kept, sequence: event.sequence });
  if (schedule.status === 'ended') state.endingsById.set(schedule.id, event);
}

function applyCreated(state: BookState, created: AccountSnapshot, personal: PersonalFields): void {
  const { label, scale } = created.unit;
  const account = {
    ...created,
    balance: 0n,
    balanceUpdatedAt: created.createdAt,
    grants: [],
    holds: [],
    schedules: [],
    personal,
  };
  state.accounts.set(created.id, account);
  state.accountIdsByName.set(nameIndex(created.customerId, created.name), created.id);
  if (created.externalId !== undefined) {
    state.accountIdsByExternalId.set(created.externalId, created.id);
  }
  if (!state.units.has(label)) {
    state.units.set(label, { label, scale, issued: 0n, spent: 0n, expired: 0n });
  }
}

function applyChanged(
  state: BookState,
  changed: AccountSnapshot,
  personal: PersonalFields | undefined,
): void {
  const before = accountOf(state, changed.id);
  assert(before.balance === changed.balance, 'a change of status moves no credits');
  state.accounts.set(changed.id, {
    ...changed,
    balanceUpdatedAt: before.balanceUpdatedAt,
    grants: before.grants,
    holds: before.holds,
    schedules: before.schedules,
    personal: personal ?? before.personal,
  });
  if (changed.status === 'closed') {
    state.accountIdsByName.delete(nameIndex(changed.customerId, changed.name));
  }
}

function applyPosting(state: BookState, event: BookEvent, posting: Posting): void {
  const { transaction, counterpart } = posting;
  applyEntries(state, transaction);
  if (counterpart !== undefined) applyCounterpart(state, transaction, counterpart);
  state.eventsByTransactionId.set(transaction.id, event);
  if (transaction.reversalOf !== undefined) {
    state.reversalsByTransactionId.set(transaction.reversalOf, event);
  }
}

function applyEntries(state: BookState, transaction: Transaction): void {
  for (const entry of transaction.entries) {
    const account = accountOf(state, entry.accountId);
    const balance = account.balance + signedAmount(entry);
    assert(balance === entry.balanceAfter, 'balances after form an unbroken chain');
    state.accounts.set(account.id, {
      ...account,
      balance,
      balanceUpdatedAt: transaction.createdAt,
      sequence: transaction.sequence,
    });
  }
}

function applyCounterpart(
  state: BookState,
  transaction: Transaction,
  counterpart: SystemAccount,
): void {
  const unit = state.units.get(transaction.unit.label);
  assert(unit !== undefined, 'the unit of a transaction exists');
  const sum = transaction.entries.reduce((total, entry) => total + signedAmount(entry), 0n);
  state.units.set(unit.label, { ...unit, [counterpart]: unit[counterpart] - sum });
}

function accountOf(state: BookState, id: Account['id']): Account {
  const account = state.accounts.get(id);
  assert(account !== undefined, 'the account of an event exists');
  return account;
}
