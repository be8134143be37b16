// When a plan of an account is over, by the calendar in UTC.
import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Schedule } from '@scrip/contract';
import { PeriodUnit } from '@scrip/contract';

const dayMs = 86_400_000;
const daysByUnit = new Map<PeriodUnit, number>([
  [PeriodUnit.DAY, 1],
  [PeriodUnit.WEEK, 7],
]);

/** When the last of its periods ends; nothing when it has no end, or none that plans have. */
export function endOf({ anchor, period, occurrenceCount }: Schedule): Timestamp | undefined {
  if (anchor === undefined || period === undefined || occurrenceCount === undefined) return;
  const start = timestampDate(anchor);
  const count = period.count * occurrenceCount;
  const days = daysByUnit.get(period.unit);
  if (days !== undefined) return timestampFromMs(start.getTime() + count * days * dayMs);
  if (period.unit === PeriodUnit.MONTH) return timestampFromMs(addMonths(start, count));
  return undefined;
}

/** The same day so many months later, or the last one of a shorter month. */
function addMonths(start: Date, count: number): number {
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + count];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(start.getUTCDate(), lastDay);
  return Date.UTC(year, month, day) + (start.getTime() % dayMs);
}
