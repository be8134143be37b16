// Grants, holds and schedules as the JSON of the feed.
import type { Allocation, Grant, Hold, Schedule } from '@scrip/contract';
import {
  GrantCategory,
  GrantStatus,
  HoldStatus,
  Leftover,
  PeriodUnit,
  ScheduleStatus,
} from '@scrip/contract';
import { isoInstant } from '../instants.ts';
import { given, givenInstant } from './present-given.ts';

const grantStatuses = new Map<number, string>([
  [GrantStatus.SCHEDULED, 'scheduled'],
  [GrantStatus.ACTIVE, 'active'],
  [GrantStatus.EXPIRED, 'expired'],
  [GrantStatus.VOIDED, 'voided'],
]);
const categories = new Map<number, string>([
  [GrantCategory.PAID, 'paid'],
  [GrantCategory.PROMOTIONAL, 'promotional'],
]);
const holdStatuses = new Map<number, string>([
  [HoldStatus.PENDING, 'pending'],
  [HoldStatus.CAPTURED, 'captured'],
  [HoldStatus.RELEASED, 'released'],
  [HoldStatus.EXPIRED, 'expired'],
]);
const scheduleStatuses = new Map<number, string>([
  [ScheduleStatus.ACTIVE, 'active'],
  [ScheduleStatus.ENDED, 'ended'],
]);
const periodUnits = new Map<number, string>([
  [PeriodUnit.DAY, 'day'],
  [PeriodUnit.WEEK, 'week'],
  [PeriodUnit.MONTH, 'month'],
  [PeriodUnit.QUARTER, 'quarter'],
  [PeriodUnit.YEAR, 'year'],
]);
const leftovers = new Map<number, string>([
  [Leftover.ROLL_OVER, 'roll_over'],
  [Leftover.LAPSE, 'lapse'],
]);

export function presentGrant(grant: Grant): object {
  return {
    id: grant.id,
    account_id: grant.accountId,
    status: grantStatuses.get(grant.status) ?? 'unknown',
    priority: grant.priority,
    category: categories.get(grant.category) ?? 'unknown',
    unit_label: grant.unitLabel,
    unit_scale: grant.unitScale,
    amount: grant.amount,
    remaining: grant.remaining,
    held: grant.held,
    expired: grant.expired,
    voided: grant.voided,
    ...given('source', grant.source),
    ...given('schedule_id', grant.scheduleId),
    ...(grant.period === undefined ? {} : { period: grant.period }),
    ...givenInstant('effective_at', grant.effectiveAt),
    ...givenInstant('expires_at', grant.expiresAt),
    created_at: isoInstant(grant.createdAt),
  };
}

export function presentHold(hold: Hold): object {
  return {
    id: hold.id,
    account_id: hold.accountId,
    status: holdStatuses.get(hold.status) ?? 'unknown',
    ...given('reference', hold.reference),
    unit_label: hold.unitLabel,
    unit_scale: hold.unitScale,
    amount: hold.amount,
    remaining: hold.remaining,
    captured: hold.captured,
    ...presentAllocations(hold.allocations),
    ...givenInstant('expires_at', hold.expiresAt),
    created_at: isoInstant(hold.createdAt),
    ...(hold.metadata === undefined ? {} : { metadata: hold.metadata }),
  };
}

export function presentSchedule(schedule: Schedule): object {
  const { period, occurrenceCount } = schedule;
  return {
    id: schedule.id,
    account_id: schedule.accountId,
    status: scheduleStatuses.get(schedule.status) ?? 'unknown',
    ...given('reference', schedule.reference),
    ...given('source', schedule.source),
    priority: schedule.priority,
    category: categories.get(schedule.category) ?? 'unknown',
    unit_label: schedule.unitLabel,
    unit_scale: schedule.unitScale,
    amount: schedule.amount,
    ...given('cap', schedule.cap),
    period_unit: periodUnits.get(period?.unit ?? 0) ?? 'unknown',
    period_count: period?.count ?? 0,
    leftover: leftovers.get(schedule.leftover) ?? 'unknown',
    issued_count: schedule.issuedCount,
    ...(occurrenceCount === undefined ? {} : { occurrence_count: occurrenceCount }),
    ...givenInstant('anchor', schedule.anchor),
    ...givenInstant('next_issue_at', schedule.nextIssueAt),
    created_at: isoInstant(schedule.createdAt),
  };
}

/** The parts that grants gave or got; none where the pool did all. */
export function presentAllocations(allocations: readonly Allocation[]): object {
  if (allocations.length === 0) return {};
  const parts = allocations.map(({ grantId, amount }) => ({
    ...given('grant_id', grantId),
    amount,
  }));
  return { allocations: parts };
}
