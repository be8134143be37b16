// Where a book stands, and stood.
import type { Book, Seal } from '@scrip/engine';
import { assert, type Instant, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { timestampOf } from '../mapping/instant-column.ts';

/** The seal at the head of a book. */
export async function readHeadSeal(run: Run, book: Book): Promise<Seal> {
  const [row] = await run(
    sql<{
      readonly head_sequence: string;
      readonly chain_hash: Uint8Array;
    }>`select head_sequence, chain_hash from book where id = ${book.id}::int4`,
  );
  assert(row !== undefined, 'the book of a feed exists');
  return { sequence: Number(row.head_sequence) as Sequence, chainHash: row.chain_hash };
}

/** The last sequence before an instant, which is that of a seal; 0 when there is none. */
export async function readSequenceBefore(
  run: Run,
  book: Book,
  instant: Instant,
): Promise<Sequence> {
  const [row] = await run(sql<{ readonly last_sequence: string }>`
    select last_sequence from seal
    where book_id = ${book.id}::int4 and created_at < ${timestampOf(instant)}
    order by created_at desc, last_sequence desc limit 1`);
  return Number(row?.last_sequence ?? 0) as Sequence;
}
