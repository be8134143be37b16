// An event as the bearer of an access token sees it: what happened to accounts of their own, and
// nothing that tells of the rest of the book.
import {
  assert,
  isCouponChange,
  present,
  type AccountId,
  type AccountSnapshot,
  type BookEvent,
  type Change,
  type CouponChange,
  type Entry,
  type Grant,
  type Instant,
  type Posting,
} from '@scrip/kernel';
import { redactAllocation, redactGrants, redactHold, redactSchedule } from './redact-terms.ts';
import { noSequence } from './viewer.ts';

/** The event without all that is not for the owner of these accounts to know. */
export function redactEvent(event: BookEvent, own: ReadonlySet<AccountId>): BookEvent {
  return {
    sequence: noSequence,
    createdAt: event.createdAt,
    change: redactChange(event.change, own),
  };
}

function redactChange(change: Change, own: ReadonlySet<AccountId>): Change {
  assert(!isCouponChange(change), 'an event about coupons is about no account');
  switch (change.kind) {
    case 'account_created': {
      const { kind, opening } = change;
      const account = redactAccount(change.account);
      if (opening === undefined) return { kind, account };
      return { kind, account, opening: redactPosting(opening, own) };
    }
    case 'account_updated': {
      const { kind, changedFields } = change;
      return { kind, account: redactAccount(change.account), changedFields };
    }
    case 'account_frozen':
    case 'account_unfrozen':
    case 'account_closed':
      return { kind: change.kind, account: redactAccount(change.account) };
    case 'transaction_posted':
      return {
        kind: change.kind,
        posting: redactPosting(change.posting, own),
        ...redactedGrants(change.grants, own),
      };
    default:
      return redactTermsChange(change, own);
  }
}

type AccountChange = Extract<Change, { readonly account: unknown }>;
type TermsChange = Exclude<
  Change,
  AccountChange | CouponChange | { readonly kind: 'transaction_posted' }
>;

/** What became of grants, of a hold or of a schedule: all of it is of one account. */
function redactTermsChange(change: TermsChange, own: ReadonlySet<AccountId>): Change {
  switch (change.kind) {
    case 'grant_scheduled': {
      const [grant] = redactGrants([change.grant], own);
      assert(grant !== undefined, 'a bearer hears of their own grants');
      return { kind: change.kind, grant };
    }
    case 'grant_activated':
    case 'grant_expired':
    case 'grant_voided': {
      const [grant] = redactGrants(change.grants, own);
      assert(grant !== undefined, 'a bearer hears of their own grants');
      return { kind: change.kind, grants: [grant], ...moved(change, own) };
    }
    case 'hold_created':
    case 'hold_extended':
    case 'hold_released':
    case 'hold_expired':
      return { kind: change.kind, ...redactKept(change, own), ...moved(change, own) };
    case 'hold_captured': {
      const { kind, isFinal } = change;
      return { kind, isFinal, ...redactKept(change, own), ...moved(change, own) };
    }
    case 'schedule_created':
    case 'schedule_ended':
      return { kind: change.kind, schedule: redactSchedule(change.schedule) };
    case 'grant_issued': {
      const { kind, dueAt } = change;
      const [grant] = redactGrants(change.grants ?? [], own);
      const schedule = redactSchedule(change.schedule);
      return { kind, schedule, ...(grant && { grants: [grant] }), ...moved(change, own), dueAt };
    }
    case 'clock_advanced':
      assert(false, 'the clock of a book is about no account');
  }
}

function redactKept(
  { hold, heldAfter, grants }: Extract<Change, { readonly heldAfter: bigint }>,
  own: ReadonlySet<AccountId>,
) {
  return { hold: redactHold(hold), heldAfter, ...redactedGrants(grants, own) };
}

function redactedGrants(
  grants: readonly Grant[] | undefined,
  own: ReadonlySet<AccountId>,
): { readonly grants?: readonly Grant[] } {
  return present('grants', grants && redactGrants(grants, own));
}

/** What moved, and when it took effect. */
function moved(
  change: { readonly posting?: Posting; readonly dueAt?: Instant },
  own: ReadonlySet<AccountId>,
): { readonly posting?: Posting; readonly dueAt?: Instant } {
  const { posting, dueAt } = change;
  return {
    ...present('posting', posting && redactPosting(posting, own)),
    ...present('dueAt', dueAt),
  };
}

// Fields are named one by one, so that what is added one day is not shown by mistake.
function redactPosting({ transaction }: Posting, own: ReadonlySet<AccountId>): Posting {
  const { id, kind, unit, createdAt } = transaction;
  const entries = transaction.entries.filter((entry) => own.has(entry.accountId)).map(redactEntry);
  const hidden = { reference: '', idempotencyKey: '', sequence: noSequence };
  return { transaction: { id, kind, unit, entries, createdAt, ...hidden } };
}

function redactEntry(entry: Entry): Entry {
  const { id, accountId, side, amount, balanceAfter } = entry;
  const shown = entry.allocations?.map(redactAllocation);
  return { id, accountId, side, amount, balanceAfter, ...present('allocations', shown) };
}

function redactAccount(account: AccountSnapshot): AccountSnapshot {
  const { id, customerId, name, unit, status, balance, held, createdAt, updatedAt } = account;
  const shown = { id, customerId, name, unit, status, balance, held, createdAt, updatedAt };
  return { ...shown, sequence: noSequence };
}
