// The proof that a book is intact: its events replayed, and everything else compared with them.
import type { Sequence } from '@scrip/kernel';
import type { AuditSource } from '../port/audit-source.ts';
import type { Book } from '../port/book.ts';
import type { EventCodec } from '../port/event-codec.ts';
import { compareProjections } from './compare-projections.ts';
import { DifferenceFound, type Difference } from './difference.ts';
import { replayHistory } from './replay-history.ts';

/** What a verification came to. */
export type Verification =
  | { readonly kind: 'intact'; readonly sequence: Sequence; readonly accountCount: number }
  | { readonly kind: 'different'; readonly difference: Difference };

/** What a verification stands on, and whom it tells how far it is. */
export interface VerifyOptions {
  readonly source: AuditSource;
  readonly codec: EventCodec;
  /** Called after each sealed range with its last sequence. */
  readonly onProgress?: (sequence: Sequence) => void;
}

/**
 * Verifies one book in one snapshot, while it is being written: replays it from its first event,
 * recomputes the chain of seals, checks at every sequence density, zero sums, the floor and what
 * allocations make of grants, holds and the pool, and what uses make of customers' credits, and
 * compares accounts, units, entries, grants, holds, schedules, coupons, credits, memberships and
 * head with the replay. Answers the first difference. Personal fields are in
 * no event and cannot be verified.
 */
export async function verifyBook(book: Book, options: VerifyOptions): Promise<Verification> {
  const { source, codec, onProgress } = options;
  try {
    return await source.readSnapshot(book, async (snapshot) => {
      const onSealed = onProgress === undefined ? {} : { onSealed: onProgress };
      const replayed = await replayHistory({ book, codec, snapshot, ...onSealed });
      await compareProjections(snapshot, replayed, codec);
      const { sequence, accounts } = replayed.state;
      return { kind: 'intact', sequence, accountCount: accounts.size };
    });
  } catch (error) {
    if (error instanceof DifferenceFound)
      return { kind: 'different', difference: error.difference };
    throw error;
  }
}
