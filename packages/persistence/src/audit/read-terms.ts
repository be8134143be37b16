// Where the events of grants, holds and schedules are said to be.
import type { Book, StoredTerm, StoredTermChange } from '@scrip/engine';
import { present, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { termKinds } from '../mapping/term-row.ts';
import { pageSize, readPages } from './pages.ts';

interface TermRow {
  readonly id: string;
  readonly kind: number;
  readonly is_live: boolean;
  readonly last_sequence: string;
  readonly account_id: string;
  readonly account_ms: string | null;
}

/** The terms of a book, by the sequence that made them. */
export async function* readTermPages(run: Run, book: Book): AsyncIterable<StoredTerm> {
  const rows = readPages<TermRow>(
    run,
    (last) => sql<TermRow>`
      select t.id, t.kind, t.is_live, t.last_sequence, t.account_id,
        ${selectMs('a.created_at')} as account_ms
      from account_term t
      left join account a on a.book_id = t.book_id and a.id = t.account_id
      where t.book_id = ${book.id}::int4 and t.id > ${last?.id ?? 0}::int8
      order by t.id limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    const accountId =
      row.account_ms === null
        ? undefined
        : book.ids.accountId(Number(row.account_id) as Sequence, fromMs(row.account_ms));
    yield {
      sequence: Number(row.id) as Sequence,
      kind: kindOf(row.kind),
      ...present('accountId', accountId),
      isLive: row.is_live,
      lastSequence: Number(row.last_sequence) as Sequence,
    };
  }
}

// A constraint keeps other numbers out.
function kindOf(number: number): StoredTerm['kind'] {
  if (number === termKinds.grant) return 'grant';
  return number === termKinds.hold ? 'hold' : 'schedule';
}

interface TermChangeRow {
  readonly term_id: string;
  readonly sequence: string;
  readonly is_live: boolean;
}

/** The changes of the terms of a book, by term and sequence. */
export async function* readTermChangePages(run: Run, book: Book): AsyncIterable<StoredTermChange> {
  const rows = readPages<TermChangeRow>(
    run,
    (last) => sql<TermChangeRow>`
      select term_id, sequence, is_live from term_change
      where book_id = ${book.id}::int4
        and (term_id, sequence) > (${last?.term_id ?? 0}::int8, ${last?.sequence ?? 0}::int8)
      order by term_id, sequence limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    yield {
      term: Number(row.term_id) as Sequence,
      sequence: Number(row.sequence) as Sequence,
      isLive: row.is_live,
    };
  }
}
