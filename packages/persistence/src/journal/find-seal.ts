// The seal of a batch, by the sequence at which the batch ended.
import type { Book } from '@scrip/engine';
import type { Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';

/** The chain hash of the seal that ends at exactly this sequence. */
export async function findSeal(
  { run, book }: { readonly run: Run; readonly book: Book },
  lastSequence: Sequence,
): Promise<Uint8Array | undefined> {
  const [row] = await run(sql<{ readonly chain_hash: Uint8Array }>`
    select chain_hash from seal
    where book_id = ${book.id}::int4 and last_sequence = ${lastSequence}::int8`);
  return row?.chain_hash;
}
