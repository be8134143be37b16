// Instants of requests: date-times with an offset, and where a day will do, dates.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { invalidField } from '../faults/fault.ts';
import { parseInstant } from '../instants.ts';

const date = /^\d{4}-\d\d-\d\d$/;

/** A date-time with an offset. */
export function instantOf(text: string, field: string): Timestamp {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw invalidField(field, 'must be an ISO 8601 date-time with an offset');
}

/** A date, which is its midnight in UTC, or a date-time with an offset. */
export function dayOrInstantOf(text: string, field: string): Timestamp {
  const instant = parseInstant(date.test(text) ? `${text}T00:00:00Z` : text);
  if (instant !== undefined) return instant;
  // A plus sign in a query means a space.
  if (/ \d\d:\d\d$/.test(text)) throw invalidField(field, 'has a space in it: write + as %2B');
  throw invalidField(field, 'must be an ISO 8601 date, or a date-time with an offset');
}
