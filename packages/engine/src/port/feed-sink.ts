// The port from the writer to the feed: what was committed, told after the callers are answered.
import type { Book } from './book.ts';
import type { Seal } from './feed-source.ts';
import type { EncodedEvent } from './journal.ts';

/** A batch whose COMMIT is confirmed. */
export interface CommittedBatch {
  /** The head that it was written on. */
  readonly previous: Seal;
  /** The head that it led to. */
  readonly seal: Seal;
  readonly events: readonly EncodedEvent[];
}

/** Hears of commits. It never throws and never waits: the writer goes on at once. */
export interface FeedSink {
  publish(book: Book, batch: CommittedBatch): void;
  /** Something may have been committed that nobody published. */
  nudge(book: Book): void;
}
