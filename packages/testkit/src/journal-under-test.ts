// What the suites of journals are given.
import type { Book, EventCodec, Journal } from '@scrip/engine';

/** A journal to test, and a new empty book in it for every test. */
export interface JournalUnderTest {
  readonly journal: Journal;
  readonly codec: EventCodec;
  readonly makeBook: () => Promise<Book>;
  /** Goes with the journal's, for engines that expect books to be as they left them. */
  readonly clock?: (() => number) | undefined;
}
