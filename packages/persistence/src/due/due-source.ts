// What is due, found by an index in each book: the clock of a test book may be ahead of others.
import type { Book, DueInBook, DueSource, Mode } from '@scrip/engine';
import { createIds, type MembershipId, type Sequence } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import type { Run } from '../connection/run.ts';
import { fromMs, selectInstantOf, selectMs } from '../mapping/instant-column.ts';

interface DueRow {
  readonly book_id: number;
  readonly store_id: string;
  readonly mode: Mode;
  readonly id_key: Uint8Array;
  readonly is_membership: boolean;
  readonly sequence: string;
  readonly line: number;
  readonly created_ms: string;
}

/** Makes the source. */
export function createDueSource(run: Run): DueSource {
  return {
    findDue: async (countMax) => {
      const rows = await run(selectDue(countMax));
      const rowsByBook = Map.groupBy(rows, (row) => row.book_id);
      return [...rowsByBook.values()].map(dueOf);
    },
  };
}

function selectDue(countMax: number): RawBuilder<DueRow> {
  // The clock of the statement stands still, so that the indexes are read up to it and no further.
  const isDue = sql`next_due_at is not null
    and next_due_at <= statement_timestamp() + b.clock_offset_ms * interval '1 millisecond'`;
  return sql<DueRow>`
    select b.id as book_id, b.store_id, b.mode, b.id_key, d.is_membership, d.sequence, d.line,
      ${selectMs('d.created_at')} as created_ms
    from book b
    cross join lateral (
      (
        select false as is_membership, id as sequence, 0 as line, created_at, next_due_at
        from account where book_id = b.id and ${isDue}
        order by next_due_at limit ${countMax}::int8
      )
      union all
      (
        select true, m.sequence, m.line, e.created_at, m.next_due_at
        from (
          select sequence, line, next_due_at from coupon_record where book_id = b.id and ${isDue}
          order by next_due_at limit ${countMax}::int8
        ) m
        cross join lateral (${selectInstantOf('m.sequence')}) e
      )
    ) d
    order by d.next_due_at limit ${countMax}::int8`;
}

function dueOf(rows: readonly DueRow[]): DueInBook {
  const [first] = rows;
  if (first === undefined) throw new Error('A book with something due has rows.');
  const book = bookOf(first);
  const [memberships, accounts] = [rows.filter(isMembership), rows.filter(isAccount)];
  return {
    book,
    accountIds: accounts.map(({ sequence, created_ms: createdMs }) =>
      book.ids.accountId(Number(sequence) as Sequence, fromMs(createdMs)),
    ),
    membershipIds: memberships.map(({ sequence, line, created_ms: createdMs }) => {
      const place = { kind: 'membership', sequence: Number(sequence) as Sequence, line } as const;
      return book.ids.recordId(place, fromMs(createdMs)) as MembershipId;
    }),
  };
}

function isMembership(row: DueRow): boolean {
  return row.is_membership;
}

function isAccount(row: DueRow): boolean {
  return !row.is_membership;
}

function bookOf({ book_id: id, store_id: storeId, mode, id_key: key }: DueRow): Book {
  const idKey = new Uint8Array(key);
  return { id, storeId, mode, idKey, ids: createIds(idKey) };
}
