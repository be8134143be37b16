// What the reads share: how a statement is run, and what every answer carries.
import type { EventCodec, ReadAnswer } from '@scrip/engine';
import { assert, type Refusal, type Sequence } from '@scrip/kernel';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { RunPrepared } from '../connection/prepared.ts';
import { createRun, type Run } from '../connection/run.ts';
import { selectMs } from '../mapping/instant-column.ts';

/** What the reads are made with. */
export interface ReadContext {
  readonly codec: EventCodec;
  /** Runs one statement; what fails is a `JournalError`. */
  readonly run: Run;
  /** Runs one statement that is found by key, and whose text is made once. */
  readonly runPrepared: RunPrepared;
}

/** Every read begins at the row of its book, so that the sequence is of the same snapshot. */
export interface BookRow {
  readonly head_sequence: string;
}

/** What `clockColumns` selects: where the book stands, and when that is. */
export interface ClockRow extends BookRow {
  readonly now_ms: string;
}

/** The head and the clock of a book `b` that is joined to its clock `k`. */
export const clockColumns: RawBuilder<ClockRow> = sql<ClockRow>`
  b.head_sequence, ${selectMs('k.now_at')} as now_ms`;

/**
 * Joins a book `b` to its clock `k`: as the next batch would be stamped, never before the last one.
 * It is read once, so that a part of a statement can be left out by it.
 */
export const joinClock: RawBuilder<unknown> = sql`
  cross join lateral (
    select greatest(
      date_trunc('milliseconds', clock_timestamp()) + b.clock_offset_ms * interval '1 millisecond',
      b.last_instant
    ) as now_at
  ) k`;

/** Makes the context of reads on two pools: one for all statements, one for those by key. */
export function createReadContext(
  kysely: Pick<Kysely<unknown>, 'getExecutor'>,
  runPrepared: RunPrepared,
  codec: EventCodec,
): ReadContext {
  return { codec, run: createRun(kysely), runPrepared };
}

/** The first of the rows: there is at least the book's. */
export function firstRow<T extends BookRow>(rows: readonly T[]): T {
  const [row] = rows;
  assert(row !== undefined, 'the book of a read exists');
  return row;
}

/** An answer as of the snapshot of a row. */
export function answer<T>(row: BookRow, value: T): ReadAnswer<T> {
  return { kind: 'read', value, sequence: headOf(row) };
}

/** A refusal as of the snapshot of a row. */
export function refused(row: BookRow, refusal: Refusal): ReadAnswer<never> {
  return { kind: 'refused', refusal, sequence: headOf(row) };
}

/** The head of the book in the snapshot of a row. */
export function headOf(row: BookRow): Sequence {
  return Number(row.head_sequence) as Sequence;
}
