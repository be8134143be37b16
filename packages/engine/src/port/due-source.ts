// The port to what is due: which accounts and memberships time has moved and nobody has booked.
import type { AccountId, MembershipId } from '@scrip/kernel';
import type { Book } from './book.ts';

/** Accounts and memberships of a book on which something is due by the book's clock. */
export interface DueInBook {
  readonly book: Book;
  readonly accountIds: readonly AccountId[];
  readonly membershipIds: readonly MembershipId[];
}

/** Finds what is due, in all books. Throws a `JournalError` when the database cannot be reached. */
export interface DueSource {
  /** At most so many accounts and memberships, those that were due first before others. */
  findDue(countMax: number): Promise<readonly DueInBook[]>;
}
