// The last chunks of a book, for streams that read from memory. Bounded in events and in bytes.
import type { Sequence } from '@scrip/kernel';
import type { Chunk } from './feed-events.ts';
import type { FeedBounds } from './feed-limits.ts';
import type { Seal } from '../port/feed-source.ts';
import type { SealedPosition } from './sealed-position.ts';

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
}

/** Makes a ring that holds nothing yet. */
export function createRing(
  begin: SealedPosition,
  { ringEventCountMax, ringBytesMax }: FeedBounds,
): Ring {
  let start = begin;
  let chunks: Chunk[] = [];
  // Chunks before this place are forgotten; the array is cut when half of it is.
  let first = 0;
  let eventCount = 0;
  let byteCount = 0;

  const forgetOldest = (): void => {
    const oldest = chunks[first++];
    if (oldest === undefined) return;
    start = oldest.position;
    eventCount -= oldest.events.length;
    byteCount -= bytesOf(oldest);
    if (first * 2 > chunks.length) {
      chunks = chunks.slice(first);
      first = 0;
    }
  };
  const find = (isReached: (chunk: Chunk) => boolean): Chunk | undefined => {
    let low = first;
    let high = chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle];
      if (chunk !== undefined && isReached(chunk)) high = middle;
      else low = middle + 1;
    }
    return chunks[low];
  };
  return {
    start: () => start,
    after: (sequence) => find(({ position: { sequence: last } }) => last > sequence),
    sealAt: (sequence) => {
      if (start.seal.sequence === sequence) return start.seal;
      const seal = find(({ position }) => position.seal.sequence >= sequence)?.position.seal;
      return seal?.sequence === sequence ? seal : undefined;
    },
    push: (chunk) => {
      chunks.push(chunk);
      eventCount += chunk.events.length;
      byteCount += bytesOf(chunk);
      while (eventCount > ringEventCountMax || byteCount > ringBytesMax) forgetOldest();
    },
    reset: (behind) => {
      start = behind;
      chunks = [];
      first = 0;
      eventCount = 0;
      byteCount = 0;
    },
  };
}

function bytesOf({ events }: Chunk): number {
  return events.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
