// The tail of a book's known history: how it moves on, and who is told.
import type { Sequence } from '@scrip/kernel';
import { genesisHash, sameHash, sameSeal } from '../chain-hash.ts';
import type { CommittedBatch } from '../port/feed-sink.ts';
import type { Seal } from '../port/feed-source.ts';
import type { BookStreams } from './book-streams.ts';
import { chunksOf, type Chunk } from './feed-events.ts';
import type { FeedBounds } from './feed-limits.ts';
import { createLiveIndex, type LiveIndex } from './live-index.ts';
import { createRing, type Ring } from './ring.ts';
import type { RingBudget } from './ring-budget.ts';
import { positionOf, type SealedPosition } from './sealed-position.ts';

/** How a committed batch lies to the tail. Only the next one, by its link, is taken as it is. */
export type BatchPlace = 'next' | 'known' | 'ahead' | 'diverged';

/** What is known of a book's history, and where that ends. */
export interface BookTail {
  readonly index: LiveIndex;
  /** What came last, kept while somebody watches the whole book. */
  readonly ring: Ring;
  /** Up to where everything is known: genesis before it begins. */
  tail(): SealedPosition;
  isOpen(): boolean;
  /** Begins where the book stands. */
  begin(head: Seal): void;
  /** Takes what follows the tail, and tells the streams that it concerns. */
  accept(chunk: Chunk): void;
  /** Takes a batch if it is the next one, and says how it lies. */
  take(batch: CommittedBatch): BatchPlace;
}

/** Makes the tail of a book that nothing is known of yet. */
export function createBookTail(
  streams: BookStreams,
  bounds: FeedBounds,
  budget: RingBudget,
): BookTail {
  let tail = positionOf({ sequence: 0 as Sequence, chainHash: genesisHash });
  let isOpen = false;
  const index = createLiveIndex();
  const ring = createRing(tail, bounds, budget);
  const accept = (chunk: Chunk): void => {
    tail = chunk.position;
    if (streams.hasBookStreams()) ring.push(chunk);
    else ring.reset(tail);
    index.tell(chunk);
    streams.wakeBookStreams();
  };
  return {
    index,
    ring,
    tail: () => tail,
    isOpen: () => isOpen,
    begin: (head) => {
      tail = positionOf(head);
      isOpen = true;
      ring.reset(tail);
    },
    accept,
    take: (batch) => {
      const place = isOpen ? placeBehind(tail, batch) : 'ahead';
      if (place === 'next') for (const chunk of chunksOf(batch, bounds)) accept(chunk);
      return place;
    },
  };
}

function placeBehind(tail: SealedPosition, { previous, seal }: CommittedBatch): BatchPlace {
  if (previous.sequence === tail.sequence && tail.sequence === tail.seal.sequence) {
    return sameHash(previous.chainHash, tail.seal.chainHash) ? 'next' : 'diverged';
  }
  if (seal.sequence === tail.seal.sequence && !sameSeal(seal, tail.seal)) return 'diverged';
  return seal.sequence <= tail.sequence ? 'known' : 'ahead';
}
