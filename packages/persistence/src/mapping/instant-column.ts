// Instants in columns: timestamps of whole milliseconds, read and written as numbers.
import type { Instant } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';

/** Selects a timestamp as milliseconds since the epoch. The driver gives them as a text. */
export function selectMs(column: string): RawBuilder<string> {
  return sql<string>`(date_part('epoch', ${sql.ref(column)}) * 1000)::int8`;
}

/**
 * The database's clock at the moment it is asked, cut to milliseconds. Those are exact in a float
 * until the year 2106, and cost less there than as a numeric.
 */
export const clockMs: RawBuilder<string> = sql<string>`(
  (date_part('epoch', clock_timestamp()) * 1000000)::int8 / 1000
)`;

/** The instant of an event of the book `b` by its sequence, which is that of its batch's seal. */
export function selectInstantOf(sequence: string): RawBuilder<unknown> {
  return sql`
    select created_at from seal where book_id = b.id and last_sequence >= ${sql.ref(sequence)}
    order by last_sequence limit 1`;
}

/** An instant as a value of a timestamp column. */
export function timestampOf(instant: number): RawBuilder<string> {
  return timestampOfMs(clampMs(instant));
}

/** A parameter of milliseconds, clamped, as a value of a timestamp column. */
export function timestampOfMs(parameter: unknown): RawBuilder<string> {
  return sql<string>`to_timestamp(${parameter}::float8 / 1000)::timestamptz(3)`;
}

/** Reads what `selectMs` selected. */
export function fromMs(text: string): Instant {
  return Number(text) as Instant;
}

/** From year 1 to year 9999, beyond which texts of timestamps differ. */
export function clampMs(ms: number): number {
  return Math.min(Math.max(ms, -62_135_596_800_000), 253_402_300_799_999);
}
