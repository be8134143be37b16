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
 * Moves the tail to the head. Without `isNews` the head alone is read when nothing is new. Finds
 * out when the book has another history than the one that led to the tail.
 */
export async function readBeyond(
  context: FeedContext,
  bookFeed: FollowedBook,
  isNews: boolean,
): Promise<void> {
  if (!isNews) {
    const asked = bookFeed.tail();
    const head = await context.source.head(bookFeed.book);
    if (contradicts(head, asked.seal)) return bookFeed.diverge(head.sequence);
    if (head.sequence === asked.sequence) return;
  }
  while (bookFeed.ended() === undefined && (await readPage(context, bookFeed)) === 'more');
}

async function readPage(context: FeedContext, bookFeed: FollowedBook): Promise<'more' | 'done'> {
  const { source, bounds } = context;
  const { book } = bookFeed;
  const asked = bookFeed.tail();
  const page = await source.readHistory(book, {
    filter: { scope: { kind: 'book' } },
    after: asked.sequence,
    countMax: bounds.pageEventCountMax,
    bytesMax: bounds.pageBytesMax,
  });
  if (contradicts(page.head, asked.seal)) return diverged(bookFeed, page);
  if (page.head.sequence === asked.sequence) return 'done';
  // After the page: what was read before the link was found to hold is of the same history.
  const hash = await source.findSeal(book, asked.seal.sequence);
  if (hash === undefined || !sameHash(hash, asked.seal.chainHash)) return diverged(bookFeed, page);
  return acceptPage(context, bookFeed, { asked, page });
}

function acceptPage(
  { codec }: FeedContext,
  bookFeed: FollowedBook,
  { asked, page }: { readonly asked: SealedPosition; readonly page: HistoryPage },
): 'more' | 'done' {
  const tail = bookFeed.tail();
  // The link that was checked is that of the tail as it was: a batch published since has its own.
  if (tail !== asked) return tail.sequence >= page.head.sequence ? 'done' : 'more';
  const { scannedTo, seal, head } = page;
  bookFeed.accept(eventsUpTo(feedEventsOf(page, codec), { sequence: scannedTo, seal }));
  return scannedTo >= head.sequence ? 'done' : 'more';
}

function diverged(bookFeed: FollowedBook, { head }: HistoryPage): 'done' {
  bookFeed.diverge(head.sequence);
  return 'done';
}
