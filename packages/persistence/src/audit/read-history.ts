// Seals and events of a book, in order.
import type { Book, StoredEvent, StoredSeal } from '@scrip/engine';
import type { BookEvent, Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { fromBigint } from '../mapping/digest.ts';
import { toEventRow } from '../mapping/event-row.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { pageSize, readPages } from './pages.ts';

interface SealRow {
  readonly last_sequence: string;
  readonly created_ms: string;
  readonly chain_hash: Uint8Array;
}

/** The seals of a book by sequence. */
export async function* readSealPages(run: Run, book: Book): AsyncIterable<StoredSeal> {
  const rows = readPages<SealRow>(
    run,
    (last) => sql<SealRow>`
      select last_sequence, ${selectMs('created_at')} as created_ms, chain_hash from seal
      where book_id = ${book.id}::int4 and last_sequence > ${last?.last_sequence ?? 0}::int8
      order by last_sequence limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    yield {
      lastSequence: Number(row.last_sequence) as Sequence,
      createdAt: fromMs(row.created_ms),
      chainHash: row.chain_hash,
    };
  }
}

interface StoredEventRow {
  readonly sequence: string;
  readonly kind: number;
  readonly key_digest: Buffer | null;
  readonly request_digest: string | null;
  readonly reference_digest: string | null;
  readonly subject: string | null;
  readonly body: Uint8Array;
}

/** The events of a book by sequence. */
export async function* readEventPages(run: Run, book: Book): AsyncIterable<StoredEvent> {
  const rows = readPages<StoredEventRow>(
    run,
    (last) => sql<StoredEventRow>`
      select sequence, kind, key_digest, request_digest, reference_digest, subject, body
      from event
      where book_id = ${book.id}::int4 and sequence > ${last?.sequence ?? 0}::int8
      order by sequence limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    yield {
      sequence: Number(row.sequence) as Sequence,
      bytes: row.body,
      differingColumn: (event) => differingColumn(row, event, book),
    };
  }
}

const comparedColumns = ['kind', 'key_digest', 'reference_digest', 'subject'] as const;

function differingColumn(row: StoredEventRow, event: BookEvent, book: Book): string | undefined {
  const expected = toEventRow({ event, bytes: row.body }, book.ids);
  const stored = { ...row, ...digestsOf(row) };
  const differing = comparedColumns.find(
    (column) => textOf(stored[column]) !== textOf(expected[column]),
  );
  if (differing !== undefined) return differing;
  // The digest of the request cannot be made again; it stands exactly where there is a key.
  return (row.request_digest === null) === (row.key_digest === null) ? undefined : 'request_digest';
}

/** As a write has them. */
function digestsOf({ key_digest: ofKey, reference_digest: ofReference }: StoredEventRow) {
  return {
    key_digest: ofKey === null ? null : ofKey.toString('hex'),
    reference_digest: ofReference === null ? null : fromBigint(ofReference),
  };
}

function textOf(column: number | string | null): string | null {
  return column === null ? null : String(column);
}
