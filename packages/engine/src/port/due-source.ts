// The port to what is due: which accounts time has moved and nobody has booked.
import type { AccountId } from '@scrip/kernel';
import type { Book } from './book.ts';

/** Accounts of a book on which something is due by the book's clock. */
export interface DueAccounts {
  readonly book: Book;
  readonly accountIds: readonly AccountId[];
}

/** Finds what is due, in all books. Throws a `JournalError` when the database cannot be reached. */
export interface DueSource {
  /** At most so many accounts, those that were due first before others. */
  findDue(accountCountMax: number): Promise<readonly DueAccounts[]>;
}
