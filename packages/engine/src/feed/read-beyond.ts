// Reads what other processes committed, from the tail of a book to its head.
import type { Sequence } from '@scrip/kernel';
import { sameHash } from '../chain-hash.ts';
import type { HistoryPage } from '../port/feed-source.ts';
import type { Book } from '../port/book.ts';
import type { BookTail } from './book-tail.ts';
import type { FeedContext } from './feed-context.ts';
import { eventsUpTo, feedEventsOf } from './feed-events.ts';
import { contradicts, type SealedPosition } from './sealed-position.ts';

/** The feed of a book, as far as reading needs it. */
export interface FollowedBook extends Pick<BookTail, 'tail' | 'accept'> {
  readonly book: Book;
  ended(): Error | undefined;
  diverge(headSequence: Sequence): void;
}

/**
 * Moves the tail to where the head was when it was first read: others may write faster than pages
 * follow, and whoever waits for this must not wait for an end of that. Answers whether there is
 * more. Without `isNews` the head alone is read when nothing is new. Finds out when the book has
 * another history than the one that led to the tail.
 */
export async function readBeyond(
  context: FeedContext,
  bookFeed: FollowedBook,
  isNews: boolean,
): Promise<'more' | 'done'> {
  if (!isNews) {
    const asked = bookFeed.tail();
    const head = await context.source.head(bookFeed.book);
    if (contradicts(head, asked.seal)) return diverged(bookFeed, { head });
    if (head.sequence === asked.sequence) return 'done';
  }
  let target: Sequence | undefined;
  for (;;) {
    const head = await readPage(context, bookFeed);
    if (head === undefined || bookFeed.ended() !== undefined) return 'done';
    target ??= head;
    const { sequence } = bookFeed.tail();
    if (sequence >= head) return 'done';
    if (sequence >= target) return 'more';
  }
}

/** Reads a page behind the tail; answers where the head is, unless there was nothing to read. */
async function readPage(
  context: FeedContext,
  bookFeed: FollowedBook,
): Promise<Sequence | undefined> {
  const { source, bounds } = context;
  const { book } = bookFeed;
  const asked = bookFeed.tail();
  const page = await source.readHistory(book, {
    filter: { scope: { kind: 'book' } },
    after: asked.sequence,
    countMax: bounds.pageEventCountMax,
    bytesMax: bounds.pageBytesMax,
    asker: 'look',
  });
  if (contradicts(page.head, asked.seal)) return void diverged(bookFeed, page);
  if (page.head.sequence === asked.sequence) return undefined;
  // After the page: what was read before the link was found to hold is of the same history.
  const hash = await source.findSeal(book, asked.seal.sequence, 'look');
  if (hash === undefined || !sameHash(hash, asked.seal.chainHash)) {
    return void diverged(bookFeed, page);
  }
  acceptPage(context, bookFeed, { asked, page });
  return page.head.sequence;
}

function acceptPage(
  { codec }: FeedContext,
  bookFeed: FollowedBook,
  { asked, page }: { readonly asked: SealedPosition; readonly page: HistoryPage },
): void {
  // The link that was checked is that of the tail as it was: a batch published since has its own.
  if (bookFeed.tail() !== asked) return;
  const { scannedTo, seal } = page;
  bookFeed.accept(eventsUpTo(feedEventsOf(page, codec), { sequence: scannedTo, seal }));
}

function diverged(bookFeed: FollowedBook, { head }: Pick<HistoryPage, 'head'>): 'done' {
  bookFeed.diverge(head.sequence);
  return 'done';
}
