// When plans of accounts are over.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { PeriodUnit, ScheduleSchema } from '@scrip/contract';
import { expect, it } from 'vitest';
import { isoSeconds } from '../../instants.ts';
import { endOf } from './period-end.ts';

it.each([
  {
    from: '2026-01-31T10:30:00Z',
    unit: PeriodUnit.MONTH,
    occurrenceCount: 1,
    end: '2026-02-28T10:30:00Z',
  },
  {
    from: '2026-01-31T10:30:00Z',
    unit: PeriodUnit.MONTH,
    occurrenceCount: 2,
    end: '2026-03-31T10:30:00Z',
  },
  {
    from: '2027-11-30T00:00:00Z',
    unit: PeriodUnit.MONTH,
    occurrenceCount: 3,
    end: '2028-02-29T00:00:00Z',
  },
  {
    from: '2026-12-31T00:00:00Z',
    unit: PeriodUnit.WEEK,
    occurrenceCount: 2,
    end: '2027-01-14T00:00:00Z',
  },
  {
    from: '2026-02-28T23:59:59Z',
    unit: PeriodUnit.DAY,
    occurrenceCount: 1,
    end: '2026-03-01T23:59:59Z',
  },
])('from $from, in units of $unit, $occurrenceCount times, is $end', (asked) => {
  const { from, unit, occurrenceCount, end } = asked;
  const anchor = timestampFromMs(Date.parse(from));
  const schedule = create(ScheduleSchema, { anchor, period: { unit, count: 1 }, occurrenceCount });
  expect(isoSeconds(endOf(schedule))).toBe(end);
});

it('never comes to a plan without an end', () => {
  const anchor = timestampFromMs(0);
  const period = { unit: PeriodUnit.MONTH, count: 1 };
  expect(endOf(create(ScheduleSchema, { anchor, period }))).toBeUndefined();
});
