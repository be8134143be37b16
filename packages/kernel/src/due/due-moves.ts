// What time does by itself: grants come into effect and expire, holds end. The state at an instant
// is the booked one and all that was due up to then.
import type { Account, AccountSnapshot } from '../account/account.ts';
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { BookEvent, Change } from '../book/event.ts';
import type { FindGrant } from '../grant/find-grant.ts';
import type { Grant } from '../grant/grant.ts';
import { voidOf } from '../grant/decide-void-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { giveBack } from '../hold/decide-end-hold.ts';
import type { Hold } from '../hold/hold.ts';
import { issueOf } from '../schedule/issue.ts';
import { nextIssueAt, type Schedule } from '../schedule/schedule.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import type { ScheduleId, Sequence } from '../value/id.ts';
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

/** When time next does something to an account. */
export function nextDueAt(account: Account): Instant | undefined {
  const { grants, holds, schedules } = account;
  // Most accounts have nothing live, and this is asked of each for each post.
  if (grants.length + holds.length + schedules.length === 0) return undefined;
  let next = Infinity;
  for (const { expiresAt } of holds) if (expiresAt < next) next = expiresAt;
  for (const grant of grants) {
    const dueAt = dueAtOfGrant(grant);
    if (dueAt !== undefined && dueAt < next) next = dueAt;
  }
  for (const schedule of dueSchedules(account)) {
    const dueAt = nextIssueAt(schedule);
    if (dueAt !== undefined && dueAt < next) next = dueAt;
  }
  return next === Infinity ? undefined : (next as Instant);
}

/** How many moves are due on an account at an instant, at least; counted up to a maximum. */
export function countDueMoves(account: Account, now: Instant, countMax: number): number {
  let count = 0;
  for (const { expiresAt } of account.holds) if (expiresAt <= now) count += 1;
  for (const grant of account.grants) {
    const dueAt = dueAtOfGrant(grant);
    if (dueAt !== undefined && dueAt <= now) count += 1;
  }
  for (const schedule of dueSchedules(account)) {
    let counted = schedule;
    for (let dueAt = nextIssueAt(counted); dueAt !== undefined && dueAt <= now;) {
      // What a period grants mostly ends with it.
      count += schedule.leftover === 'lapse' ? 2 : 1;
      const issuedCount = counted.issuedCount + 1;
      if (count >= countMax || issuedCount === schedule.occurrenceCount) break;
      counted = { ...counted, issuedCount };
      dueAt = nextIssueAt(counted);
    }
  }
  return Math.min(count, countMax);
}

/** A closed account gets nothing new; what it has goes on to expire. */
export function dueSchedules({ status, schedules }: Account): readonly Schedule[] {
  return status === 'closed' ? [] : schedules;
}

function dueAtOfGrant({ status, effectiveAt, expiresAt }: Grant): Instant | undefined {
  if (status === 'scheduled') return effectiveAt;
  return status === 'active' ? expiresAt : undefined;
}

/** What time does next to a grant. */
export function moveOfGrant(grant: Grant): DueMove | undefined {
  const dueAt = dueAtOfGrant(grant);
  if (dueAt === undefined) return undefined;
  const kind = grant.status === 'scheduled' ? 'grant_activated' : 'grant_expired';
  return { dueAt, sequence: grant.sequence, subject: { kind, grant } };
}

/** What time does to a hold. */
export function moveOfHold(hold: Hold): DueMove {
  const { sequence, expiresAt } = hold;
  return { dueAt: expiresAt, sequence, subject: { kind: 'hold_expired', hold } };
}

/** What time does next to a schedule of an account that is not closed. */
export function moveOfSchedule(schedule: Schedule): DueMove | undefined {
  const dueAt = nextIssueAt(schedule);
  if (dueAt === undefined) return undefined;
  // The grant is younger than everything that is there: it comes last at its instant.
  const sequence = Number.MAX_SAFE_INTEGER as Sequence;
  return { dueAt, sequence, subject: { kind: 'grant_issued', schedule } };
}

/** What a move needs to know of its account and of what is live of it. */
export interface MovedAccount {
  readonly account: AccountSnapshot;
  readonly find: FindGrant;
  /** What the grants of a schedule have left together. */
  readonly leftOf: (scheduleId: ScheduleId) => bigint;
}

/** The event that books a due move: at the batch's instant, with the instant that was due. */
export function eventOfMove(state: BookState, moved: MovedAccount, move: DueMove): BookEvent {
  return eventOf(state, changeOf(state, moved, move));
}

/** The event that ends what an ended grant got back: it expires, or is voided, at once. */
export function eventOfStranded(
  state: BookState,
  { account, grant, dueAt }: MoveOfGrant,
): BookEvent {
  if (grant.status === 'voided') {
    return eventOf(state, { kind: 'grant_voided', ...voidOf(state, { grant, account }) });
  }
  return eventOf(state, expiryOf(state, { account, grant, dueAt }));
}

function eventOf(state: BookState, change: Change): BookEvent {
  return { sequence: nextSequence(state), createdAt: state.instant, change };
}

function changeOf(state: BookState, moved: MovedAccount, { subject, dueAt }: DueMove): Change {
  const { account, find, leftOf } = moved;
  switch (subject.kind) {
    case 'grant_activated':
      return activationOf(state, { account, grant: subject.grant, dueAt });
    case 'grant_expired':
      return expiryOf(state, { account, grant: subject.grant, dueAt });
    case 'hold_expired': {
      const ended = giveBack(account, subject.hold, { status: 'expired', find });
      return { kind: 'hold_expired', ...ended, dueAt };
    }
    case 'grant_issued': {
      const { schedule } = subject;
      return issueOf(state, { account, schedule, dueAt, left: leftOf(schedule.id) });
    }
  }
}

interface MoveOfGrant {
  readonly account: AccountSnapshot;
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
  const [settled = grant] = settleAllocations(() => grant, allocations, 'expire');
  const posting = buildPosting(state, [{ account, side: 'debit', amount, allocations }], {
    kind: 'expiry',
    reference: grant.source ?? 'grant',
    idempotencyKey: `expiry:${grant.id}:${grant.expired}`,
    counterpart: 'expired',
  });
  return { kind: 'grant_expired', grants: [{ ...settled, status: 'expired' }], posting, dueAt };
}
