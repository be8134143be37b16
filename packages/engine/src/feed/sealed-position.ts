// Positions whose history is proved, and what proves it.
import type { Sequence } from '@scrip/kernel';
import { sameHash } from '../chain-hash.ts';
import type { Seal } from '../port/feed-source.ts';
import type { FeedPosition } from './feed.ts';

/** A position with the seal at or after it. */
export interface SealedPosition extends FeedPosition {
  readonly sequence: Sequence;
  readonly seal: Seal;
}

/** The position of a seal itself. */
export function positionOf(seal: Seal): SealedPosition {
  return { sequence: seal.sequence, seal };
}

/** Whether a head cannot follow a seal that was the book's: history was lost or replaced. */
export function contradicts(head: Seal, earlier: Seal): boolean {
  return (
    head.sequence < earlier.sequence ||
    (head.sequence === earlier.sequence && !sameHash(head.chainHash, earlier.chainHash))
  );
}
