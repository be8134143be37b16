// The feed of one book while it is watched: it follows what is committed, here and elsewhere.
import type { Sequence } from '@scrip/kernel';
import type { Book } from '../port/book.ts';
import type { CommittedBatch } from '../port/feed-sink.ts';
import { createBookEnd } from './book-end.ts';
import { createBookStreams, type BookStreams } from './book-streams.ts';
import { createBookTail, type BookTail } from './book-tail.ts';
import type { FeedContext } from './feed-context.ts';
import { FeedError } from './feed-error.ts';
import { createLooking } from './looking.ts';
import { readBeyond } from './read-beyond.ts';

/** The feed of one book. Its tail moves on by batches that are published and by looks. */
export interface BookFeed extends Omit<BookTail, 'begin' | 'isOpen' | 'take'> {
  readonly book: Book;
  readonly streams: BookStreams;
  /** Why it ended for all its streams, if it has. */
  ended(): Error | undefined;
  /** Resolves when the tail is where the book stood at the call, or later. */
  fresh(): Promise<void>;
  /** There may be something new in the source. */
  nudge(): void;
  /** Takes a batch if it follows the tail; looks if it lies further on. */
  publish(batch: CommittedBatch): void;
  /** The book has another history now. Ends all its streams. */
  diverge(headSequence: Sequence): void;
}

/** Makes the feed of a book. `onIdle` hears when it is of no more use. */
export function createBookFeed(
  context: FeedContext,
  book: Book,
  onIdle: (bookFeed: BookFeed) => void,
): BookFeed {
  let hasNews = false;
  const looking = createLooking(() => look());
  const streams = createBookStreams({
    timing: context.timing,
    poll: () => looking.nudge(),
    onIdle: () => onIdle(bookFeed),
  });
  const bookTail = createBookTail(streams, context.bounds, context.ringBudget);

  const bookEnd = createBookEnd(context, () => {
    streams.stop();
    onIdle(bookFeed);
    streams.wakeAll();
  });
  const ended = (): Error | undefined => bookEnd.ended();
  const look = async (): Promise<void> => {
    const isNews = hasNews;
    hasNews = false;
    try {
      if (!bookTail.isOpen()) bookTail.begin(await context.source.head(book));
      else if (ended() === undefined && (await readBeyond(context, bookFeed, isNews)) === 'more') {
        bookFeed.nudge();
      }
      bookEnd.succeedLook();
    } catch (error) {
      throw bookEnd.failLook(error);
    }
    bookEnd.throwIfEnded();
  };
  const bookFeed: BookFeed = {
    ...bookTail,
    book,
    streams,
    ended,
    fresh: () => looking.fresh(),
    nudge: () => {
      hasNews = true;
      if (ended() === undefined) looking.nudge();
    },
    publish: (batch) => {
      if (ended() !== undefined) return;
      try {
        const place = bookTail.take(batch);
        if (place === 'ahead') bookFeed.nudge();
        if (place === 'diverged') bookFeed.diverge(batch.seal.sequence);
      } catch (error) {
        // A bug here must neither stop the writer nor leave streams with a hole.
        bookEnd.fail(error);
      }
    },
    diverge: (headSequence) => bookEnd.end(new FeedError('history_diverged', { headSequence })),
  };
  return bookFeed;
}
