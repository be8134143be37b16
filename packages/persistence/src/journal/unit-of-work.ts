// One unit of work on one book: the lock, the look-ups under it, and the write.
import type { Book, EventCodec, LockedHead, UnitOfWork } from '@scrip/engine';
import { assert, type Instant, type Sequence } from '@scrip/kernel';
import { sql, type Kysely } from 'kysely';
import { fromMs, selectMs } from '../mapping/instant-column.ts';
import { createRun } from '../connection/run.ts';
import { appendBatch } from './append-batch.ts';
import { findSeal } from './find-seal.ts';
import { createAccountLookUps } from './look-up-accounts.ts';
import { createCouponLookUps } from './look-up-coupons.ts';
import { createEventLookUps } from './look-up-events.ts';
import { createTermLookUps } from './look-up-terms.ts';
import type { WorkContext } from './work-context.ts';

/** Makes the unit of work on a connection in a transaction. */
export function createUnitOfWork(options: {
  readonly kysely: Pick<Kysely<unknown>, 'getExecutor'>;
  readonly book: Book;
  readonly codec: EventCodec;
}): UnitOfWork {
  const { kysely, book, codec } = options;
  const context: WorkContext = { book, codec, run: createRun(kysely) };
  let locked: LockedHead | undefined;
  return {
    lockHead: async () => (locked = await lockHead(context)),
    findSeal: (lastSequence) => findSeal(context, lastSequence),
    ...createEventLookUps(context),
    ...createAccountLookUps(context),
    ...createTermLookUps(context),
    ...createCouponLookUps(context),
    append: async (batch) => {
      assert(locked !== undefined, 'the head is locked before a batch is written');
      await appendBatch(context, batch, locked);
    },
    touchHead: async () => {
      await context.run(
        sql`update book set head_sequence = head_sequence where id = ${book.id}::int4`,
      );
    },
  };
}

interface HeadRow {
  readonly head_sequence: string;
  readonly chain_hash: Uint8Array;
  readonly last_ms: string | null;
  readonly now_ms: string;
}

async function lockHead({ run, book }: WorkContext): Promise<LockedHead> {
  // The clock is read from outside the part that locks: each row comes out of it only when its
  // lock is granted, so that the instant is never older than the wait.
  const [row] = await run(sql<HeadRow>`
    with head as materialized (
      select head_sequence, chain_hash, last_instant, clock_offset_ms
      from book where id = ${book.id}::int4 for update
    )
    select head_sequence, chain_hash, ${selectMs('last_instant')} as last_ms,
      floor(extract(epoch from clock_timestamp()) * 1000)::int8 + clock_offset_ms as now_ms
    from head`);
  assert(row !== undefined, 'the book of a unit of work exists');
  return {
    sequence: Number(row.head_sequence) as Sequence,
    chainHash: row.chain_hash,
    lastInstant: row.last_ms === null ? (0 as Instant) : fromMs(row.last_ms),
    now: fromMs(row.now_ms),
  };
}
