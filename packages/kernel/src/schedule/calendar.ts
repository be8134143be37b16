// Periods of a calendar, in UTC, counted from an anchor: month ends stay month ends.
import { assert } from '../value/assert.ts';
import type { Instant } from '../value/instant.ts';

/** What a period is made of. */
export type PeriodUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A length of time by the calendar, for instance 2 weeks. */
export interface Period {
  readonly unit: PeriodUnit;
  /** At least 1. */
  readonly count: number;
}

const dayMs = 86_400_000;

/**
 * The instant so many periods after an anchor, at the same time of day. Counted from the anchor
 * each time, and cut to the last day of a shorter month: from 31 January come 28 or 29 February
 * and 31 March.
 */
export function addPeriods(anchor: Instant, period: Period, times: number): Instant {
  const count = period.count * times;
  switch (period.unit) {
    case 'day':
      return (anchor + count * dayMs) as Instant;
    case 'week':
      return (anchor + count * 7 * dayMs) as Instant;
    case 'month':
      return addMonths(anchor, count);
    case 'quarter':
      return addMonths(anchor, 3 * count);
    case 'year':
      return addMonths(anchor, 12 * count);
  }
}

/** Instants have four digits for the year. */
const calendarEnd = Date.UTC(9999, 0);
/** Days that each unit takes at least. */
const dayCountsMin = { day: 1, week: 7, month: 28, quarter: 84, year: 336 } as const;

/** Whether the instant so many periods after an anchor lies before the end of the calendar. */
export function isWithinCalendar(anchor: Instant, period: Period, times: number): boolean {
  // What lies very far beyond has no date to be computed.
  const ms = period.count * times * dayCountsMin[period.unit] * dayMs;
  return anchor + ms <= calendarEnd && addPeriods(anchor, period, times) <= calendarEnd;
}

function addMonths(anchor: Instant, count: number): Instant {
  const date = new Date(anchor);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count;
  const [year, month] = [Math.floor(months / 12), months % 12];
  // Day 0 of the next month is the last one of this.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  const instant = Date.UTC(year, month, day) + (anchor % dayMs);
  assert(Number.isSafeInteger(instant), 'a period lies within the calendar');
  return instant as Instant;
}
