// Instants as this API writes them: ISO 8601 with a numeric offset, a fraction only where there is
// one.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { invalidField } from '../faults/fault.ts';
import { isoInstant, parseInstant } from '../instants.ts';

export function offsetInstant(instant: Timestamp | undefined): string {
  return isoInstant(instant).replace(/(?:\.000)?Z$/, '+00:00');
}

/** Null where there is none. */
export function offsetInstantOrNull(instant: Timestamp | undefined): string | null {
  return instant === undefined ? null : offsetInstant(instant);
}

/** Reads a date-time of a body; nothing where there is none. Refuses what is not one. */
export function readInstant(field: string, sent: string | null | undefined): Timestamp | undefined {
  if (sent === null || sent === undefined) return undefined;
  const instant = parseInstant(sent);
  if (instant !== undefined) return instant;
  const example = '2026-05-01T08:00:00+00:00';
  throw invalidField(
    field,
    `must be an ISO 8601 date-time with an offset, ${example} for instance`,
  );
}
