// What time does by itself: grants come into effect and expire, holds end. The state at an instant
// is the booked one and all that was due up to then.
import type { Account } from '../account/account.ts';
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { BookEvent, Change } from '../book/event.ts';
import { strandedOf, type Grant } from '../grant/grant.ts';
import { voidOf } from '../grant/decide-void-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { giveBack } from '../hold/decide-end-hold.ts';
import type { Hold } from '../hold/hold.ts';
import { issueOf } from '../schedule/issue.ts';
import { nextIssueAt, type Schedule } from '../schedule/schedule.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import type { Sequence } from '../value/id.ts';
import type { Instant } from '../value/instant.ts';

/** A thing that happens to an account at an instant, whoever looks. */
export interface DueMove {
  readonly dueAt: Instant;
  /** Among moves of one instant, the older thing moves first; new grants come last. */
  readonly sequence: Sequence;
  readonly subject:
    | { readonly kind: 'grant_activated' | 'grant_expired'; readonly grant: Grant }
    | { readonly kind: 'hold_expired'; readonly hold: Hold }
    | { readonly kind: 'grant_issued'; readonly schedule: Schedule };
}

/** The next thing that time does to an account. */
export function nextDueMove(account: Account): DueMove | undefined {
  let next: DueMove | undefined;
  for (const grant of account.grants) next = earlier(next, moveOfGrant(grant));
  for (const hold of account.holds) next = earlier(next, moveOfHold(hold));
  // A closed account gets nothing new; what it has goes on to expire.
  const schedules = account.status === 'closed' ? [] : account.schedules;
  for (const schedule of schedules) next = earlier(next, moveOfSchedule(schedule));
  return next;
}

/** When time next does something to an account. */
export function nextDueAt(account: Account): Instant | undefined {
  return nextDueMove(account)?.dueAt;
}

function earlier(a: DueMove | undefined, b: DueMove | undefined): DueMove | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (a.dueAt - b.dueAt || a.sequence - b.sequence) <= 0 ? a : b;
}

function moveOfGrant(grant: Grant): DueMove | undefined {
  const { sequence, effectiveAt, expiresAt } = grant;
  if (grant.status === 'scheduled') {
    return { dueAt: effectiveAt, sequence, subject: { kind: 'grant_activated', grant } };
  }
  if (grant.status !== 'active' || expiresAt === undefined) return undefined;
  return { dueAt: expiresAt, sequence, subject: { kind: 'grant_expired', grant } };
}

function moveOfHold(hold: Hold): DueMove {
  const { sequence, expiresAt } = hold;
  return { dueAt: expiresAt, sequence, subject: { kind: 'hold_expired', hold } };
}

function moveOfSchedule(schedule: Schedule): DueMove | undefined {
  const dueAt = nextIssueAt(schedule);
  if (dueAt === undefined) return undefined;
  // The grant is younger than everything that is there: it comes last at its instant.
  const sequence = Number.MAX_SAFE_INTEGER as Sequence;
  return { dueAt, sequence, subject: { kind: 'grant_issued', schedule } };
}

/** The event that books a due move: at the batch's instant, with the instant that was due. */
export function eventOfMove(state: BookState, account: Account, move: DueMove): BookEvent {
  return eventOf(state, changeOf(state, account, move));
}

/**
 * The event that ends what a grant got back at an instant after its end: it expires, or is voided,
 * at once. None when there is nothing of that kind.
 */
export function eventOfStranded(
  state: BookState,
  account: Account,
  at: Instant,
): BookEvent | undefined {
  const grant = account.grants.find((each) => strandedOf(each, at) > 0n);
  if (grant === undefined) return undefined;
  if (grant.status === 'voided') {
    return eventOf(state, { kind: 'grant_voided', ...voidOf(state, { grant, account }) });
  }
  return eventOf(state, expiryOf(state, { account, grant, dueAt: at }));
}

function eventOf(state: BookState, change: Change): BookEvent {
  return { sequence: nextSequence(state), createdAt: state.instant, change };
}

function changeOf(state: BookState, account: Account, { subject, dueAt }: DueMove): Change {
  switch (subject.kind) {
    case 'grant_activated':
      return activationOf(state, { account, grant: subject.grant, dueAt });
    case 'grant_expired':
      return expiryOf(state, { account, grant: subject.grant, dueAt });
    case 'hold_expired':
      return { kind: 'hold_expired', ...giveBack(account, subject.hold, 'expired'), dueAt };
    case 'grant_issued':
      return issueOf(state, { account, schedule: subject.schedule, dueAt });
  }
}

interface MoveOfGrant {
  readonly account: Account;
  readonly grant: Grant;
  readonly dueAt: Instant;
}

/** The credits of a grant come into the balance. */
function activationOf(state: BookState, { account, grant, dueAt }: MoveOfGrant): Change {
  const { amount } = grant;
  const allocations = [{ grantId: grant.id, amount }];
  const posting = buildPosting(state, [{ account, side: 'credit', amount, allocations }], {
    kind: 'activation',
    reference: grant.source ?? 'grant',
    idempotencyKey: `activation:${grant.id}`,
    counterpart: 'issued',
  });
  return { kind: 'grant_activated', grants: [{ ...grant, status: 'active' }], posting, dueAt };
}

/** What is left of a grant and not kept by a hold leaves the balance. */
function expiryOf(state: BookState, { account, grant, dueAt }: MoveOfGrant): Change {
  const amount = grant.remaining - grant.held;
  if (amount === 0n) {
    return { kind: 'grant_expired', grants: [{ ...grant, status: 'expired' }], dueAt };
  }
  const allocations = [{ grantId: grant.id, amount }];
  const [settled = grant] = settleAllocations([grant], allocations, 'expire');
  const posting = buildPosting(state, [{ account, side: 'debit', amount, allocations }], {
    kind: 'expiry',
    reference: grant.source ?? 'grant',
    idempotencyKey: `expiry:${grant.id}:${grant.expired}`,
    counterpart: 'expired',
  });
  return { kind: 'grant_expired', grants: [{ ...settled, status: 'expired' }], posting, dueAt };
}
