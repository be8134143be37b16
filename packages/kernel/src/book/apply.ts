// What an event does to the state of its book. The only place where a state changes.
import type { Account, AccountSnapshot, PersonalFields } from '../account/account.ts';
import { applyCouponChange } from '../coupon/apply-coupon-change.ts';
import { isCouponChange } from '../coupon/coupon-change.ts';
import { replaceGrants, type Grant } from '../grant/grant.ts';
import { replaceHold, type Hold } from '../hold/hold.ts';
import { replaceSchedule, type Schedule } from '../schedule/schedule.ts';
import {
  signedAmount,
  type Posting,
  type SystemAccount,
  type Transaction,
} from '../transaction/transaction.ts';
import { assert } from '../value/assert.ts';
import { nameIndex, type BookState } from './book-state.ts';
import type { Accepted } from './decision.ts';
import { grantsOf, postingOf, type BookEvent } from './event.ts';

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
      if (isCouponChange(change)) applyCouponChange(state.coupons, event, change);
      else applyTerms(state, event);
  }
  state.sequence = event.sequence;
}

/** Credits that move, and what becomes of the grants and the hold of an event. */
function applyTerms(state: BookState, event: BookEvent): void {
  const posting = postingOf(event);
  if (posting !== undefined) applyPosting(state, event, posting);
  const grants = grantsOf(event);
  for (const grant of grants) applyGrant(state, event, grant);
  if ('heldAfter' in event.change) applyHold(state, event, event.change);
  if ('schedule' in event.change) applySchedule(state, event, event.change.schedule);
}

function applyGrant(state: BookState, event: BookEvent, grant: Grant): void {
  const account = accountOf(state, grant.accountId);
  state.grants.set(grant.id, grant);
  state.accounts.set(account.id, {
    ...account,
    grants: replaceGrants(account.grants, [grant]),
    sequence: event.sequence,
  });
  if (event.change.kind === 'grant_voided' && !state.endingsById.has(grant.id)) {
    state.endingsById.set(grant.id, event);
  }
}

function applyHold(
  state: BookState,
  event: BookEvent,
  { hold, heldAfter }: { readonly hold: Hold; readonly heldAfter: bigint },
): void {
  const account = accountOf(state, hold.accountId);
  const before = account.holds.find(({ id }) => id === hold.id)?.remaining ?? 0n;
  assert(heldAfter === account.held + hold.remaining - before, 'what is held is what holds keep');
  assert(heldAfter >= 0n && heldAfter <= account.balance, 'holds keep no more than there is');
  state.holds.set(hold.id, hold);
  state.accounts.set(account.id, {
    ...account,
    held: heldAfter,
    holds: replaceHold(account.holds, hold),
    sequence: event.sequence,
  });
  if (hold.status !== 'pending') state.endingsById.set(hold.id, event);
}

function applySchedule(state: BookState, event: BookEvent, schedule: Schedule): void {
  const account = accountOf(state, schedule.accountId);
  state.schedules.set(schedule.id, schedule);
  state.accounts.set(account.id, {
    ...account,
    schedules: replaceSchedule(account.schedules, schedule),
    sequence: event.sequence,
  });
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
