// What is due, found by an index in each book: the clock of a test book may be ahead of others.
import type { Book, DueAccounts, DueSource, Mode } from '@scrip/engine';
import { createIds, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';

interface DueRow {
  readonly book_id: number;
  readonly store_id: string;
  readonly mode: Mode;
  readonly id_key: Uint8Array;
  readonly account_id: string;
  readonly created_ms: string;
}

/** Makes the source. */
export function createDueSource(run: Run): DueSource {
  return {
    findDue: async (accountCountMax) => {
      // The clock of the statement stands still, so that the index is read up to it and no further.
      const rows = await run(sql<DueRow>`
        select b.id as book_id, b.store_id, b.mode, b.id_key, a.id as account_id,
          ${selectMs('a.created_at')} as created_ms
        from book b
        cross join lateral (
          select id, created_at, next_due_at from account
          where book_id = b.id and next_due_at is not null
            and next_due_at <= statement_timestamp() + b.clock_offset_ms * interval '1 millisecond'
          order by next_due_at limit ${accountCountMax}::int8
        ) a
        order by a.next_due_at limit ${accountCountMax}::int8`);
      const rowsByBook = Map.groupBy(rows, (row) => row.book_id);
      return [...rowsByBook.values()].map(dueOf);
    },
  };
}

function dueOf(rows: readonly DueRow[]): DueAccounts {
  const [first] = rows;
  if (first === undefined) throw new Error('A book with something due has accounts.');
  const book = bookOf(first);
  const accountIds = rows.map(({ account_id: id, created_ms: createdMs }) =>
    book.ids.accountId(Number(id) as Sequence, fromMs(createdMs)),
  );
  return { book, accountIds };
}

function bookOf({ book_id: id, store_id: storeId, mode, id_key: key }: DueRow): Book {
  const idKey = new Uint8Array(key);
  return { id, storeId, mode, idKey, ids: createIds(idKey) };
}
