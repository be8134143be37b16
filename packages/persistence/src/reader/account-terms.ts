// The one statement under all reads of terms: an account by the clock of its book, and some of its
// grants, holds and schedules.
import type { Book, EventCodec } from '@scrip/engine';
import type { Account, BookState, Place, Term } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { accountColumns, fromAccountRow, type AccountRow } from '../mapping/account-row.ts';
import { fromMs, selectInstantOf, selectMs } from '../mapping/instant-column.ts';
import { sortTerms } from '../mapping/term-row.ts';
import { fromTermColumns, liveTerms, selectTerms, type TermColumns } from './live-terms.ts';
import {
  clockColumns,
  firstRow,
  headOf,
  joinClock,
  type ClockRow,
  type ReadContext,
} from './read-context.ts';
import { settleAccount } from './settle-account.ts';

/** Which account, and which of its terms. */
export interface AskedTerms {
  /** A condition on the rows of `account`. */
  readonly account: RawBuilder<unknown>;
  /** When its live terms are read: always where they are asked for, else when something is due. */
  readonly live: RawBuilder<unknown>;
  /** Terms in any status: their `id`, and the `sequence` of their last event. */
  readonly chosen: RawBuilder<unknown>;
  readonly cursor?: { readonly place: Place | undefined; readonly kindNumber: number } | undefined;
}

/** What was found, all of one snapshot. */
export interface FoundAccount {
  readonly row: ClockRow;
  readonly createdMs: string;
  readonly cursorMs: string | null;
  readonly account: Account;
  /** Terms that time has moved are in it as it left them. */
  readonly state: BookState;
  /** As booked, by age. */
  readonly chosen: readonly Term[];
}

interface Row extends ClockRow, Omit<AccountRow, 'created_ms'> {
  readonly created_ms: string | null;
  readonly live_ids: TermColumns['ids'];
  readonly live_sequences: TermColumns['sequences'];
  readonly live_bodies: TermColumns['bodies'];
  readonly chosen_ids: TermColumns['ids'];
  readonly chosen_sequences: TermColumns['sequences'];
  readonly chosen_bodies: TermColumns['bodies'];
  readonly cursor_ms: string | null;
}

/** No terms at all. */
export const noneChosen: RawBuilder<unknown> = sql`
  select 0::int8 as id, 0::int8 as sequence where false`;

/** Reads an account and terms; only the book's row when there is no such account. */
export async function readAccountTerms(
  { run, codec }: ReadContext,
  book: Book,
  { account: condition, live, chosen, cursor }: AskedTerms,
): Promise<FoundAccount | { readonly row: ClockRow; readonly account?: undefined }> {
  const row = firstRow(
    await run(sql<Row>`
      select ${clockColumns}, ${accountColumns}, n.ids as live_ids,
        n.sequences as live_sequences, n.bodies as live_bodies, m.ids as chosen_ids,
        m.sequences as chosen_sequences, m.bodies as chosen_bodies, c.created_ms as cursor_ms
      from book b
      ${joinClock}
      left join lateral (
        select * from account where book_id = b.id and ${condition} limit 1
      ) a on true
      left join unit u on u.book_id = b.id and u.label = a.unit_label
      left join lateral (${selectTerms(liveTerms(live))}) n on true
      left join lateral (${selectTerms(chosen)}) m on true
      ${joinCursor(cursor)}
      where b.id = ${book.id}::int4`),
  );
  if (row.created_ms === null) return { row };
  const { live_ids: ids, live_sequences: sequences, live_bodies: bodies } = row;
  const terms = sortTerms(fromTermColumns({ ids, sequences, bodies }, codec));
  const booked = fromAccountRow(row as Row & AccountRow, book.ids, terms);
  const at = { sequence: headOf(row), instant: fromMs(row.now_ms) };
  return {
    row,
    createdMs: row.created_ms,
    cursorMs: row.cursor_ms,
    ...settleAccount(book, booked, at),
    chosen: chosenOf(row, codec),
  };
}

function chosenOf(row: Row, codec: EventCodec): readonly Term[] {
  const { chosen_ids: ids, chosen_sequences: sequences, chosen_bodies: bodies } = row;
  return fromTermColumns({ ids, sequences, bodies }, codec);
}

/** The instant of the term that a cursor stands for, if it is one of the account and the kind. */
function joinCursor(cursor: AskedTerms['cursor']): RawBuilder<unknown> {
  if (cursor === undefined) return sql`cross join (select null::int8 as created_ms) c`;
  return sql`
    left join lateral (
      select ${selectMs('v.created_at')} as created_ms
      from (
        select id, account_id, kind from account_term
        where book_id = b.id and id = ${cursor.place?.sequence ?? 0}::int8 limit 1
      ) t
      cross join lateral (${selectInstantOf('t.id')}) v
      where t.kind = ${cursor.kindNumber}::int2 and t.account_id = a.id
    ) c on true`;
}
