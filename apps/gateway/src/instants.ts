// Instants: the contract's timestamps as ISO 8601 text, and back.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { known } from './known.ts';

const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?`;
const offset = String.raw`(?:Z|[+-]\d\d:[0-5]\d)`;
const dateTime = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d)T${time}${offset}$`);

/** ISO 8601 with milliseconds and Z. */
export function isoInstant(instant: Timestamp | undefined): string {
  return timestampDate(known(instant)).toISOString();
}

/** ISO 8601 in whole seconds, cut, with Z. */
export function isoSeconds(instant: Timestamp | undefined): string {
  return isoInstant(instant).replace(/\.\d+Z$/, 'Z');
}

/** Reads a date-time with an offset, cut to whole milliseconds; nothing when it is not one. */
export function parseInstant(text: string): Timestamp | undefined {
  const parts = dateTime.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day] = parts.map(Number);
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const isDay = date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
  const ms = Date.parse(text);
  return isDay && year !== undefined && Number.isFinite(ms) ? timestampFromMs(ms) : undefined;
}
