// The port to history for the feed: pages of stored events, and wake-ups between processes.
import type { AccountId, BookEvent, Instant, Sequence } from '@scrip/kernel';
import type { Book } from './book.ts';

/** The end of a batch: it seals the history up to its sequence. Sequence 0 has the genesis hash. */
export interface Seal {
  readonly sequence: Sequence;
  /** 32 bytes. */
  readonly chainHash: Uint8Array;
}

/** What a stream is about. */
export type FeedScope =
  | { readonly kind: 'book' }
  | { readonly kind: 'accounts'; readonly accountIds: readonly AccountId[] }
  /** All accounts of the customer, those to come included. */
  | {
      readonly kind: 'customer';
      readonly customerId: string;
      /** With the events about the customer's credits, codes and memberships. Default without. */
      readonly withCoupons?: boolean;
    };

/** Which events a stream keeps. */
export interface FeedFilter {
  readonly scope: FeedScope;
  /** Absent: all kinds. */
  readonly kinds?: ReadonlySet<BookEvent['change']['kind']>;
}

/**
 * Who asks: a look at a book, which keeps all its streams live, or one stream that reads on for
 * itself, of a whole book or of some accounts. Looks are answered first, the others in fair turns.
 */
export type FeedAsker = 'look' | 'book_stream' | 'account_stream';

/** Which events to read. */
export interface HistoryQuery {
  readonly filter: FeedFilter;
  /** The last sequence that is not wanted. */
  readonly after: Sequence;
  /** The most events of the page; it may have fewer and yet not be the last. */
  readonly countMax: number;
  /** The page ends with the event that passes this. */
  readonly bytesMax: number;
  /** Default `account_stream`. */
  readonly asker?: FeedAsker;
}

/** A part of history, of one snapshot. */
export interface HistoryPage {
  /** By sequence. */
  readonly events: readonly { readonly sequence: Sequence; readonly bytes: Uint8Array }[];
  /** Every event that the filter keeps, up to here, is in this page or lies before it. */
  readonly scannedTo: Sequence;
  /** The first seal at or after `scannedTo`. */
  readonly seal: Seal;
  /** Where the book stands. `scannedTo` is its sequence when there is no more. */
  readonly head: Seal;
}

/**
 * Stored history, and news of it. Throws a `JournalError` when the database cannot be reached. An
 * asker that is not named is an `account_stream`.
 */
export interface FeedSource {
  /** Asked by looks alone. */
  head(book: Book): Promise<Seal>;
  /** The chain hash of the seal that ends at exactly this sequence; genesis for 0. */
  findSeal(book: Book, sequence: Sequence, asker?: FeedAsker): Promise<Uint8Array | undefined>;
  /** The last sequence whose instant is before this one; 0 when there is none. */
  sequenceBefore(book: Book, instant: Instant, asker?: FeedAsker): Promise<Sequence>;
  readHistory(book: Book, query: HistoryQuery): Promise<HistoryPage>;
  /** Tells the other processes that these books have new events. What is not told is polled. */
  wakeOthers(bookIds: readonly number[]): Promise<void>;
  /**
   * Hears of books to which another process wrote, and perhaps of this one's; `undefined` when
   * anything may have been missed. The answer ends the listening. No more than a hint: wake-ups can
   * be lost.
   */
  listen(onWake: (bookId: number | undefined) => void): () => void;
}
