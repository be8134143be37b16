// The feed hub of a process: one for all books, and what it stands on.
import type { Book } from '../port/book.ts';
import type { EventCodec } from '../port/event-codec.ts';
import type { FeedSink } from '../port/feed-sink.ts';
import type { FeedSource } from '../port/feed-source.ts';
import type { LedgerReader } from '../port/reader.ts';
import { createBookFeed, type BookFeed } from './book-feed.ts';
import type { FeedContext } from './feed-context.ts';
import type { Feed } from './feed.ts';
import { FeedError } from './feed-error.ts';
import {
  feedBoundsDefault,
  feedTimingDefault,
  watcherCountMax,
  type FeedBounds,
  type FeedTiming,
} from './feed-limits.ts';
import { followBook } from './follow-book.ts';
import { createRingBudget } from './ring-budget.ts';
import { createWaker } from './wake-others.ts';
import { openWatch, type Watch } from './watch.ts';
import { streamBalances } from './watch-balances.ts';
import { openHistory } from './watch-history.ts';

/** Hears of what the feed lives through. What it throws is passed over. */
export interface FeedObserver {
  /** The source failed; it is asked again. */
  onSourceFailure(error: unknown): void;
  /** All streams of a book ended at this, which is a bug or as good as one. Told once. */
  onBookFailure?(error: unknown): void;
}

/** What a feed stands on. */
export interface FeedOptions {
  readonly source: FeedSource;
  readonly reader: Pick<LedgerReader, 'accounts' | 'balances'>;
  readonly codec: EventCodec;
  readonly observer?: FeedObserver;
  /** Other times than usual, for tests. */
  readonly timing?: Partial<FeedTiming>;
  /** Other bounds than usual, for tests. */
  readonly bounds?: Partial<FeedBounds>;
  /** Streams that may be open at a time. Default 50,000. */
  readonly watcherCountMax?: number;
}

/** What a feed holds. */
interface FeedSize {
  /** Books that are followed. */
  readonly bookCount: number;
  /** Accounts and customers that are watched in them. */
  readonly watchedCount: number;
  /** Memory of what is kept for those who read a little late, about. */
  readonly ringByteCount: number;
}

/** The feed as its streams see it, and as the engine that feeds it does. */
export interface FeedHub extends Feed, FeedSink {
  /** What it holds. */
  size(): FeedSize;
}

/** Makes the feed of a process. It does nothing until somebody watches. */
export function createFeed(options: FeedOptions): FeedHub {
  const { source, reader, codec, observer } = options;
  const bounds = { ...feedBoundsDefault, ...options.bounds };
  const context: FeedContext = {
    source,
    codec,
    bounds,
    ringBudget: createRingBudget(bounds.ringsBytesMax),
    timing: { ...feedTimingDefault, ...options.timing },
    onSourceFailure: sparing((error) => observer?.onSourceFailure(error)),
    onBookFailure: sparing((error) => observer?.onBookFailure?.(error)),
  };
  const books = createBookFeeds(context);
  const watches = createWatches(options.watcherCountMax ?? watcherCountMax);
  const { wakeMs } = context.timing;
  const waker = createWaker({ source, wakeMs, onFailure: context.onSourceFailure });
  const open = async (book: Book, watch: Watch) => {
    const bookFeed = await followBook(watch, book, (found) => books.find(found));
    return { context, book, bookFeed, watch };
  };
  return {
    watchHistory: (book, { filter, start }, signal) =>
      watches.run(signal, async (watch) =>
        openHistory({ ...(await open(book, watch)), filter }, start, reader),
      ),
    watchBalances: (book, scope, signal) =>
      watches.run(signal, async (watch) =>
        streamBalances({ ...(await open(book, watch)), reader, scope }),
      ),
    watcherCount: () => watches.count(),
    publish: (book, batch) => {
      books.known(book)?.publish(batch);
      waker.tell(book.id);
    },
    nudge: (book) => {
      books.known(book)?.nudge();
      waker.tell(book.id);
    },
    size: () => books.size(),
    close: () => {
      waker.stop();
      books.stop();
    },
  };
}

interface Watches {
  /** Runs a stream, which is open from its first item on until it ends, however it does. */
  run<T>(
    signal: AbortSignal,
    openItems: (watch: Watch) => Promise<AsyncGenerator<T, void>>,
  ): AsyncGenerator<T, void>;
  count(): number;
}

function createWatches(countMax: number): Watches {
  let count = 0;
  return {
    count: () => count,
    run: async function* run(signal, openItems) {
      signal.throwIfAborted();
      if (count >= countMax) throw new FeedError('watches_full');
      count++;
      const watch = openWatch(signal);
      watch.onEnd(() => count--);
      try {
        yield* await openItems(watch);
      } finally {
        watch.end();
      }
    },
  };
}

interface BookFeeds {
  /** The feed of a book, made when there is none. */
  find(book: Book): BookFeed;
  known(book: Book): BookFeed | undefined;
  size(): FeedSize;
  stop(): void;
}

function createBookFeeds(context: FeedContext): BookFeeds {
  const byBookId = new Map<number, BookFeed>();
  let stopListening: (() => void) | undefined;
  const onWake = (bookId: number | undefined): void => {
    if (bookId !== undefined) byBookId.get(bookId)?.nudge();
    else for (const bookFeed of byBookId.values()) bookFeed.nudge();
  };
  const forget = (bookFeed: BookFeed): void => {
    const { id } = bookFeed.book;
    bookFeed.ring.close();
    if (byBookId.get(id) === bookFeed) byBookId.delete(id);
  };
  return {
    find: (book) => {
      // It listens first and reads then: what comes between is heard of.
      stopListening ??= context.source.listen(onWake);
      const bookFeed = byBookId.get(book.id) ?? createBookFeed(context, book, forget);
      byBookId.set(book.id, bookFeed);
      return bookFeed;
    },
    known: (book) => byBookId.get(book.id),
    size: () => ({
      bookCount: byBookId.size,
      watchedCount: byBookId.values().reduce((sum, { index }) => sum + index.size(), 0),
      ringByteCount: context.ringBudget.byteCount(),
    }),
    stop: () => {
      stopListening?.();
      for (const { streams } of byBookId.values()) streams.stop();
    },
  };
}

/** An observer that fails is no reason to end a stream. */
function sparing(tell: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      tell(error);
    } catch {
      // What it was told is lost with it.
    }
  };
}
