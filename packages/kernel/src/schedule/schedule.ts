// Schedules: grants that come again and again, one for each period.
import type { Unit } from '../value/unit.ts';
import type { GrantCategory } from '../grant/grant.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, ScheduleId, Sequence } from '../value/id.ts';
import { addPeriods, type Period } from './calendar.ts';

/** `active` makes grants; `ended` makes no more, for good. What it made stays. */
export type ScheduleStatus = 'active' | 'ended';

/** What becomes of a period's credits when the next period begins. */
export type Leftover = 'roll_over' | 'lapse';

/** A rule that makes one grant in each period. */
export interface Schedule {
  readonly id: ScheduleId;
  readonly accountId: AccountId;
  readonly unit: Unit;
  /** The event that made it. */
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  readonly status: ScheduleStatus;
  readonly reference: string;
  /** Of each grant, unless the cap allows less. */
  readonly amount: bigint;
  readonly priority: number;
  readonly category: GrantCategory;
  readonly source?: string;
  /** When the first period begins; all others are counted from it. */
  readonly anchor: Instant;
  readonly period: Period;
  readonly leftover: Leftover;
  /** The most that its grants may have left together, a new one included. */
  readonly cap?: bigint;
  /** Periods in all. Absent: without end. */
  readonly occurrenceCount?: number;
  /** Periods that have begun and have their grant. */
  readonly issuedCount: number;
}

/** When the next grant is due, if there is one. */
export function nextIssueAt(schedule: Schedule): Instant | undefined {
  if (schedule.status !== 'active') return undefined;
  return addPeriods(schedule.anchor, schedule.period, schedule.issuedCount);
}

/** Whether a schedule still makes grants. */
export function isActive(schedule: Schedule): boolean {
  return schedule.status === 'active';
}
