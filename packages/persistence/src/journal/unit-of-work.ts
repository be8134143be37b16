// One unit of work on one book: the lock, the look-ups under it, and the write.
import type { LockedHead, UnitOfWork } from '@scrip/engine';
import { assert, type Instant, type Sequence } from '@scrip/kernel';
import { sql } from 'kysely';
import { prepare } from '../connection/prepared.ts';
import { clockMs, fromMs, selectMs } from '../mapping/instant-column.ts';
import { appendBatch, appendExpecting } from './append-batch.ts';
import { findSeal } from './find-seal.ts';
import { createAccountLookUps } from './look-up-accounts.ts';
import { createCouponLookUps } from './look-up-coupons.ts';
import { createEventLookUps } from './look-up-events.ts';
import { createTermLookUps } from './look-up-terms.ts';
import type { WorkContext } from './work-context.ts';

/** Makes the unit of work on a connection in a transaction. */
export function createUnitOfWork(context: WorkContext): UnitOfWork {
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
      leaveToCommit(appendBatch(context, batch, locked));
    },
    appendExpecting: (expected, batch) => appendExpecting(context, expected, batch),
    touchHead: async () => {
      leaveToCommit(context.runPrepared(touchOfHead, { book: context.book.id }));
    },
  };
}

/**
 * COMMIT goes right behind a write that was sent, without waiting for its answer, and fails if the
 * write did.
 */
function leaveToCommit(written: Promise<unknown>): void {
  written.catch(() => undefined);
}

const touchOfHead = prepare<{ readonly book: number }, unknown>(
  ({ book }) => sql`update book set head_sequence = head_sequence where id = ${book}::int4`,
);

interface HeadRow {
  readonly head_sequence: string;
  readonly chain_hash: Uint8Array;
  readonly last_ms: string | null;
  readonly now_ms: string;
}

// The clock is read from outside the part that locks: each row comes out of it only when its
// lock is granted, so that the instant is never older than the wait.
const lockOfHead = prepare<{ readonly book: number }, HeadRow>(
  ({ book }) => sql`
    select head_sequence, chain_hash, ${selectMs('last_instant')} as last_ms,
      ${clockMs} + clock_offset_ms as now_ms
    from (
      select head_sequence, chain_hash, last_instant, clock_offset_ms
      from book where id = ${book}::int4 for update
    ) head`,
);

async function lockHead({ runPrepared, book }: WorkContext): Promise<LockedHead> {
  const [row] = await runPrepared(lockOfHead, { book: book.id });
  assert(row !== undefined, 'the book of a unit of work exists');
  return {
    sequence: Number(row.head_sequence) as Sequence,
    chainHash: row.chain_hash,
    lastInstant: row.last_ms === null ? (0 as Instant) : fromMs(row.last_ms),
    now: fromMs(row.now_ms),
  };
}
