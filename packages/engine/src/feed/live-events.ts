// What a stream of events is given while it is live: from the ring, or from its own short list.
import type { FeedFilter } from '../port/feed-source.ts';
import type { Sequence } from '@scrip/kernel';
import type { BookFeed } from './book-feed.ts';
import type { FeedEvents, FeedPosition } from './feed.ts';
import { eventsAfter } from './feed-events.ts';
import { keepKinds, kindsKey } from './keep-kinds.ts';
import type { SealedPosition } from './sealed-position.ts';
import type { Watch } from './watch.ts';

/** The live part of a stream of events. */
export interface LiveEvents {
  /** Everything after the tail, which it gives back, will be there unless it says otherwise. */
  arm(): SealedPosition;
  /** Whether everything that the filter keeps after this sequence is still there. */
  covers(sequence: Sequence): boolean;
  /** Goes on behind a position that is covered. */
  join(position: FeedPosition): void;
  /** The next events, if there are any; or that they are no longer there. */
  next(): FeedEvents | 'fell_behind' | undefined;
  /** Everything up to here was given, or is not kept. Never goes back. */
  position(): FeedPosition;
}

/** The live events of a whole book: the stream is a place in the ring and holds nothing. */
export function createLiveBook(
  bookFeed: BookFeed,
  watch: Watch,
  kinds: FeedFilter['kinds'],
): LiveEvents {
  const { ring } = bookFeed;
  const key = kindsKey(kinds);
  let position: FeedPosition = bookFeed.tail();
  watch.onEnd(bookFeed.streams.joinBook(watch));
  const covers = (sequence: Sequence): boolean => sequence >= ring.start().sequence;
  return {
    arm: () => bookFeed.tail(),
    covers,
    join: (from) => {
      position = from;
    },
    next: () => {
      if (!covers(position.sequence)) return 'fell_behind';
      for (;;) {
        const chunk = ring.after(position.sequence);
        if (chunk === undefined) return undefined;
        const events = eventsAfter(chunk, position.sequence);
        position = chunk.position;
        const kept = events && keepKinds(events, kinds, key);
        if (kept !== undefined) return kept;
      }
    },
    position: () => {
      const tail = bookFeed.tail();
      // A position that was reached without a seal gets that of the tail.
      return tail.sequence === position.sequence ? tail : position;
    },
  };
}
