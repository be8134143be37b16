// The grant of a period: one for each, whoever books it and however late.
import type { AccountSnapshot } from '../account/account.ts';
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { Change } from '../book/event.ts';
import type { Grant } from '../grant/grant.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import { addPeriods } from './calendar.ts';
import type { Schedule } from './schedule.ts';

interface Issue {
  readonly account: AccountSnapshot;
  readonly schedule: Schedule;
  readonly dueAt: Instant;
  /** What the grants that it has made have left together. */
  readonly left: bigint;
}

/** Grants the next period of a schedule, as far as its cap allows, and counts it. */
export function issueOf(state: BookState, issue: Issue): Change {
  const { account, schedule, dueAt, left } = issue;
  const issuedCount = schedule.issuedCount + 1;
  const ends = issuedCount === schedule.occurrenceCount;
  const counted: Schedule = { ...schedule, issuedCount, status: ends ? 'ended' : 'active' };
  const amount = amountOf(schedule, left);
  if (amount === 0n) return { kind: 'grant_issued', schedule: counted, dueAt };
  const grant = grantOf(state, issue, amount);
  const allocations = [{ grantId: grant.id, amount }];
  const posting = buildPosting(state, [{ account, side: 'credit', amount, allocations }], {
    kind: 'activation',
    reference: schedule.reference,
    idempotencyKey: `schedule:${schedule.id}:${schedule.issuedCount}`,
    counterpart: 'issued',
  });
  return { kind: 'grant_issued', schedule: counted, grants: [grant], posting, dueAt };
}

function amountOf({ amount, cap }: Schedule, left: bigint): bigint {
  if (cap === undefined) return amount;
  const room = cap > left ? cap - left : 0n;
  return room < amount ? room : amount;
}

function grantOf(state: BookState, { account, schedule, dueAt }: Issue, amount: bigint): Grant {
  const { anchor, period, issuedCount, leftover, priority, category, source } = schedule;
  const sequence = nextSequence(state);
  const next = addPeriods(anchor, period, issuedCount + 1);
  return {
    id: state.ids.grantId(sequence, state.instant),
    accountId: account.id,
    unit: account.unit,
    sequence,
    createdAt: state.instant,
    status: 'active',
    priority,
    category,
    effectiveAt: dueAt,
    ...present('expiresAt', leftover === 'lapse' ? next : undefined),
    ...present('source', source),
    scheduleId: schedule.id,
    period: issuedCount,
    amount,
    remaining: amount,
    held: 0n,
    expired: 0n,
    voided: 0n,
  };
}
