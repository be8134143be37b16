// The terms of an account in the row of a read: which events tell them, and their bodies.
import type { EventCodec } from '@scrip/engine';
import type { Term } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Run } from '../connection/run.ts';
import { selectMs } from '../mapping/instant-column.ts';
import { fromToldRows, selectTold } from '../mapping/term-row.ts';

/** Terms in three columns, in no order: what they are called, and the events that tell them. */
export interface TermColumns {
  readonly ids: readonly string[] | null;
  readonly sequences: readonly string[] | null;
  /** That of an event is beside one of its terms alone. */
  readonly bodies: readonly (Uint8Array | null)[] | null;
}

/** One row of `TermColumns`, of terms with their `id` and the `sequence` of their event. */
export function selectTerms(terms: RawBuilder<unknown>): RawBuilder<TermColumns> {
  return sql<TermColumns>`
    select array_agg(w.id) as ids, array_agg(w.sequence) as sequences, array_agg(w.body) as bodies
    from (${selectTold(terms, { bookId: sql`b.id` })}) w`;
}

/** The columns of no terms. */
export const noTermColumns: RawBuilder<unknown> = sql`
  null::int8[] as ids, null::int8[] as sequences, null::bytea[] as bodies`;

/** The columns of terms that `selectTerms` selected as `n`. */
export const termColumns: RawBuilder<unknown> = sql`n.ids, n.sequences, n.bodies`;

/** The live terms of an account `a`; nothing is read of them unless the condition holds. */
export function liveTerms(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select id, last_sequence as sequence from account_term
    where book_id = b.id and account_id = a.id and is_live and ${condition}`;
}

/** Holds when something is due on an account `a` by the clock `k`. Plain accounts have nothing. */
export const isDue: RawBuilder<unknown> = sql`a.next_due_at <= k.now_at`;

/** What the parts below select for each account: its terms, if something is due on one of them. */
export interface DueColumns extends TermColumns {
  readonly is_due: boolean | null;
  readonly now_ms: string;
}

/** The parts of a read of accounts `a` that are about their terms, by the clock `k`. */
export interface TermParts {
  readonly columns: RawBuilder<unknown>;
  readonly join: RawBuilder<unknown>;
}

const withoutTerms: TermParts = {
  columns: sql`${isDue} as is_due, 0::int8 as now_ms, ${noTermColumns}`,
  join: sql``,
};

/** The terms of accounts on which something is due. */
export const withDueTerms: TermParts = {
  columns: sql`${isDue} as is_due, ${selectMs('k.now_at')} as now_ms, ${termColumns}`,
  join: sql`left join lateral (${selectTerms(liveTerms(isDue))}) n on true`,
};

/**
 * Reads accounts, and once more with their terms when something is due on one of them: what the
 * second statement says is the answer then. So plain accounts cost no more than their own rows.
 */
export async function readWithDueTerms<T extends DueColumns>(
  run: Run,
  statement: (parts: TermParts) => RawBuilder<T>,
): Promise<readonly T[]> {
  const rows = await run(statement(withoutTerms));
  return rows.some((row) => row.is_due === true) ? run(statement(withDueTerms)) : rows;
}

/**
 * The terms of an account `a` that were live after the sequence of a point `p`. Of those that have
 * been over since before, which are most, nothing more is read. Only the index of the account has
 * their order: no plan looks for them among the terms of the book.
 */
export const liveTermsThen: RawBuilder<unknown> = sql`
  select t.id, c.sequence
  from (
    select id from account_term
    where book_id = b.id and account_id = a.id and kind > 0 and id <= p.sequence
      and (is_live or last_sequence > p.sequence)
    order by kind, id
  ) t
  cross join lateral (
    select sequence, is_live from term_change
    where book_id = b.id and term_id = t.id and sequence <= p.sequence
    order by sequence desc limit 1
  ) c
  where c.is_live`;

/** Reads terms, by age. */
export function fromTermColumns(columns: TermColumns, codec: EventCodec): readonly Term[] {
  const { ids, sequences, bodies } = columns;
  const rows = (ids ?? []).map((id, index) => {
    return { id, sequence: sequences?.[index] ?? '', body: bodies?.[index] ?? null };
  });
  return fromToldRows(rows, codec)
    .map(({ term }) => term)
    .toSorted((a, b) => a.term.sequence - b.term.sequence);
}
