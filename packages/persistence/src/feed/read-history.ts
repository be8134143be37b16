// A page of history for the feed: its events, how far was looked, the seal there and the head, all
// by one statement and so of one snapshot.
import type { Book, HistoryPage, HistoryQuery } from '@scrip/engine';
import { assert, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { searchAccounts } from './search-accounts.ts';
import { searchBook } from './search-book.ts';

/** The first row says where the page stands, the others are its events. */
type PageRow = MarkRow | EventRow;

interface MarkRow {
  readonly sequence: null;
  readonly scanned_to: string;
  readonly seal_sequence: string;
  readonly seal_hash: Uint8Array;
  readonly head_sequence: string;
  readonly head_hash: Uint8Array;
}

interface EventRow {
  readonly sequence: string;
  readonly body: Uint8Array;
}

/** Reads a page of the events that a filter keeps. */
export async function readHistory(run: Run, book: Book, query: HistoryQuery): Promise<HistoryPage> {
  const [mark, ...rows] = await run(statementOf(book, query));
  assert(mark !== undefined && mark.sequence === null, 'a page of history begins with its mark');
  return {
    events: rows.map((row) => {
      assert(row.sequence !== null, 'a page of history has one mark');
      return { sequence: Number(row.sequence) as Sequence, bytes: row.body };
    }),
    scannedTo: Number(mark.scanned_to) as Sequence,
    seal: { sequence: Number(mark.seal_sequence) as Sequence, chainHash: mark.seal_hash },
    head: { sequence: Number(mark.head_sequence) as Sequence, chainHash: mark.head_hash },
  };
}

/**
 * A search finds one event more than the page may hold, to see whether there is more. The sizes of
 * bodies are known without reading those that lie apart from their rows.
 */
function statementOf(book: Book, query: HistoryQuery) {
  const { filter, countMax, bytesMax } = query;
  const search =
    filter.scope.kind === 'book'
      ? searchBook(book, query)
      : searchAccounts(book, { ...query, scope: filter.scope });
  return sql<PageRow>`
    with
    head as materialized (
      select head_sequence, chain_hash from book where id = ${book.id}::int4
    ),
    ${search.parts}
    sized as (
      select sequence, body, row_number() over (order by sequence) as place,
        coalesce(sum(octet_length(body)) over (
          order by sequence rows between unbounded preceding and 1 preceding
        ), 0) as bytes_before
      from found
    ),
    page as materialized (
      select sequence, body from sized
      where place <= ${countMax}::int8 and bytes_before <= ${bytesMax}::int8
    ),
    scanned as materialized (
      select case when (select count(*) from page) < (select count(*) from found)
        then (select max(sequence) from page)
        else ${search.horizon} end as scanned_to
      from head
    )
    select null::int8 as sequence, null::bytea as body, scanned_to,
      coalesce(s.last_sequence, head_sequence) as seal_sequence,
      coalesce(s.chain_hash, h.chain_hash) as seal_hash,
      head_sequence, h.chain_hash as head_hash
    from head h
    cross join scanned
    left join lateral (
      select last_sequence, chain_hash from seal
      where book_id = ${book.id}::int4 and last_sequence >= scanned_to and scanned_to > 0
      order by last_sequence limit 1
    ) s on true
    union all
    select sequence, body, null, null, null, null, null from page
    order by sequence nulls first`;
}
