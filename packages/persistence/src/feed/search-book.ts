// Finds events of a whole book, by the primary key.
import type { Book, HistoryQuery } from '@scrip/engine';
import { sql } from 'kysely';
import { kindNumbers, type Search } from './search.ts';

/** Events that a page looks through for rare kinds: a few milliseconds of reading. */
const scannedCountMax = 5_000;

/** Searches behind a sequence. Where kinds are named, not beyond a window of sequences. */
export function searchBook(book: Book, query: HistoryQuery): Search {
  const kinds = kindNumbers(query);
  const { after, countMax } = query;
  const windowEnd = sql<string>`${after + scannedCountMax}::int8`;
  const ofKinds =
    kinds === undefined
      ? sql<boolean>`true`
      : sql<boolean>`sequence <= ${windowEnd} and kind = any(${kinds}::int2[])`;
  return {
    parts: sql`
      found as materialized (
        select sequence, body from event
        where book_id = ${book.id}::int4 and sequence > ${after}::int8 and ${ofKinds}
        order by sequence limit ${countMax + 1}::int8
      ),`,
    // Sequences have no gaps: a window of them is as many events.
    horizon:
      kinds === undefined
        ? sql<string>`head_sequence`
        : sql<string>`least(head_sequence, ${windowEnd})`,
  };
}
