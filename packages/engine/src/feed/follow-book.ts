// How a stream comes to the feed of its book, looked at after the stream began.
import type { Book } from '../port/book.ts';
import type { BookFeed } from './book-feed.ts';
import { FeedError } from './feed-error.ts';
import { finish, type Watch } from './watch.ts';

/**
 * Follows the feed of a book, whose tail is then where the book stands, or later. A feed that turns
 * out to be of a lost history is no matter of this stream: it follows the next one.
 */
export async function followBook(
  watch: Watch,
  book: Book,
  findBookFeed: (book: Book) => BookFeed,
): Promise<BookFeed> {
  for (let attempt = 1; ; attempt++) {
    const bookFeed = findBookFeed(book);
    watch.follow(bookFeed);
    try {
      await finish(watch, bookFeed.fresh());
      return bookFeed;
    } catch (error) {
      watch.unfollow();
      watch.throwIfEnded();
      if (!(error instanceof FeedError) || attempt > 1) throw error;
    }
  }
}
