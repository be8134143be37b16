// The last chunks of a book, for streams that read from memory. Bounded in events and in memory.
import type { Sequence } from '@scrip/kernel';
import type { Chunk } from './feed-events.ts';
import { heldBytesOf, type FeedBounds } from './feed-limits.ts';
import type { Seal } from '../port/feed-source.ts';
import type { RingBudget } from './ring-budget.ts';
import type { SealedPosition } from './sealed-position.ts';
import { createSortedQueue } from './sorted-queue.ts';

/** Chunks without a gap between `start` and the tail of the book. */
export interface Ring {
  /** Everything after it is here. */
  start(): SealedPosition;
  /** The chunk that goes on behind a sequence, if there is one. */
  after(sequence: Sequence): Chunk | undefined;
  /** The seal at exactly this sequence, if it is known. */
  sealAt(sequence: Sequence): Seal | undefined;
  /** Adds the chunk that follows, and forgets the oldest beyond the bounds. */
  push(chunk: Chunk): void;
  /** Forgets all and begins behind a position. */
  reset(position: SealedPosition): void;
  /** Forgets all, for good: nobody reads it any more. */
  close(): void;
}

/** Makes a ring that holds nothing yet, and shares the memory of a budget with others. */
export function createRing(
  begin: SealedPosition,
  { ringEventCountMax, ringBytesMax }: FeedBounds,
  budget: RingBudget,
): Ring {
  let start = begin;
  const chunks = createSortedQueue<Chunk>();
  let eventCount = 0;
  let byteCount = 0;
  let isClosed = false;

  const hold = (chunk: Chunk, sign: 1 | -1): void => {
    const bytes = sign * bytesOf(chunk);
    eventCount += sign * chunk.events.length;
    byteCount += bytes;
    budget.add(bytes);
  };
  const forgetOldest = (): boolean => {
    const oldest = chunks.shift();
    if (oldest === undefined) return false;
    start = oldest.position;
    hold(oldest, -1);
    return true;
  };
  const holder = { forgetOldest };
  const clear = (): void => {
    budget.add(-byteCount);
    budget.leave(holder);
    chunks.clear();
    eventCount = 0;
    byteCount = 0;
  };
  return {
    start: () => start,
    after: (sequence) => chunks.find(({ position: { sequence: last } }) => last > sequence),
    sealAt: (sequence) => {
      if (start.seal.sequence === sequence) return start.seal;
      const found = chunks.find(({ position }) => position.seal.sequence >= sequence);
      const seal = found?.position.seal;
      return seal?.sequence === sequence ? seal : undefined;
    },
    push: (chunk) => {
      if (isClosed) return;
      chunks.push(chunk);
      hold(chunk, 1);
      while (eventCount > ringEventCountMax || byteCount > ringBytesMax) forgetOldest();
      budget.settle(holder);
    },
    reset: (behind) => {
      start = behind;
      clear();
    },
    close: () => {
      isClosed = true;
      clear();
    },
  };
}

function bytesOf({ events }: Chunk): number {
  return events.reduce((sum, { bytes }) => sum + heldBytesOf(bytes), 0);
}
