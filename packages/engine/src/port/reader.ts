// The port to reads: each one consistent state of a book, with the sequence that it reflects.
import type {
  Account,
  AccountId,
  AccountRef,
  AccountStatus,
  Entry,
  Grant,
  Hold,
  Instant,
  Refusal,
  Schedule,
  Sequence,
  Transaction,
  TransactionId,
  Unit,
} from '@scrip/kernel';
import type { Book } from './book.ts';

/** An answer and the sequence of the book that it reflects; refusals have one as well. */
export type ReadAnswer<T> =
  | { readonly kind: 'read'; readonly value: T; readonly sequence: Sequence }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly sequence: Sequence };

/** An answer that says when it counts what is due and was not booked at its sequence. */
export type SettledAnswer<T> = ReadAnswer<T> & {
  /** Up to when. Absent: all that it counts was booked. */
  readonly settledTo?: Instant;
};

/** A page by cursor: the id of a thing already seen, and in which direction to go on. */
export interface PageRequest {
  /** 1 to 1,000. */
  readonly size: number;
  /** Lists are newest first: `after` goes on to older things, `before` to newer ones. */
  readonly cursor?: { readonly direction: 'after' | 'before'; readonly id: string };
}

/** One page, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Whether the page's direction of travel holds more. */
  readonly hasMore: boolean;
}

/** A page, and how many things match, if that was asked for. */
export interface CountedPage<T> extends Page<T> {
  readonly totalSize?: number;
}

/** Where a book stands. */
export interface HeadView {
  readonly chainHash: Uint8Array;
  readonly lastEventAt?: Instant;
}

/** What an account has at one sequence. */
export interface BalanceView {
  readonly accountId: AccountId;
  readonly unit: Unit;
  readonly balance: bigint;
  readonly held: bigint;
  /** The instant of the last entry that made it, else of the account's creation. */
  readonly updatedAt: Instant;
  /** The point of the book's history at which this is the balance. */
  readonly sequence: Sequence;
}

/** What an account has, as it is at a sequence. */
export function balanceViewOf(account: Account, sequence: Sequence): BalanceView {
  const { id, unit, balance, held, balanceUpdatedAt } = account;
  return { accountId: id, unit, balance, held, updatedAt: balanceUpdatedAt, sequence };
}

/** Now, after the last event at or before an instant, or after an event. */
export type BalancePoint =
  | { readonly kind: 'now' }
  | { readonly kind: 'at'; readonly instant: Instant }
  | { readonly kind: 'at_sequence'; readonly sequence: number };

/** An entry in an account's history. */
export interface HistoryEntry extends Entry {
  readonly unit: Unit;
  readonly transactionId: TransactionId;
  readonly sequence: Sequence;
  readonly createdAt: Instant;
}

/** Which accounts to list, newest first. */
export interface AccountsQuery {
  readonly customerId?: string;
  /** Compared without regard to case. */
  readonly name?: string;
  readonly status?: AccountStatus;
  readonly page: PageRequest;
  /** Accounts to leave out after the cursor, at most 100,000. */
  readonly skip: number;
  readonly countTotal: boolean;
}

/** Which transactions to list, newest first. Filters are combined. */
export interface TransactionsQuery {
  readonly reference?: string;
  readonly account?: AccountRef;
  /** Inclusive. */
  readonly createdFrom?: Instant;
  /** Exclusive. */
  readonly createdBefore?: Instant;
  readonly page: PageRequest;
  /** Transactions to leave out after the cursor, at most 100,000. None when absent. */
  readonly skip?: number;
  readonly countTotal?: boolean;
}

/** What an account's balance is made of. */
export interface BalanceParts {
  readonly balance: BalanceView;
  /** What credits without terms make of the balance, and the part of it that holds keep. */
  readonly pool: bigint;
  readonly poolHeld: bigint;
  /**
   * Scheduled, or with something left, in the order in which they are taken. One that is due and
   * not yet booked has an empty id and the sequence 0.
   */
  readonly grants: readonly Grant[];
  /** Those that keep something, by age. */
  readonly holds: readonly Hold[];
}

/** An entry, and the grants of its allocations as they are now, in the same order. */
export interface ExplainedEntry {
  readonly entry: HistoryEntry;
  readonly grants: readonly Grant[];
}

/** Which terms of an account to list, newest first. */
export interface TermsQuery {
  readonly account: AccountRef;
  /** Keeps grants that are scheduled or have something left, holds that are pending. */
  readonly liveOnly: boolean;
  readonly page: PageRequest;
}

/**
 * Reads of grants, holds and schedules: as they are by the book's clock, with what is due applied,
 * booked or not. Refuses unknown ones; those of another book are unknown.
 */
export interface TermsReader {
  grant(book: Book, id: string): Promise<ReadAnswer<Grant>>;
  grants(book: Book, query: TermsQuery): Promise<ReadAnswer<Page<Grant>>>;
  hold(book: Book, id: string): Promise<ReadAnswer<Hold>>;
  holds(book: Book, query: TermsQuery): Promise<ReadAnswer<Page<Hold>>>;
  schedule(book: Book, id: string): Promise<ReadAnswer<Schedule>>;
  schedules(book: Book, query: TermsQuery): Promise<ReadAnswer<Page<Schedule>>>;
  /** Now, or as booked after an event; beyond the head, a refusal. */
  balanceParts(book: Book, ref: AccountRef, atSequence?: number): Promise<ReadAnswer<BalanceParts>>;
  explainEntry(book: Book, entryId: string): Promise<ReadAnswer<ExplainedEntry>>;
}

/**
 * Reads of one book. Each is one statement, or one repeatable-read transaction, on the primary.
 * Refuses unknown accounts, transactions and cursors; those of another book are unknown. Throws a
 * `JournalError` when the database cannot be reached.
 */
export interface LedgerReader {
  head(book: Book): Promise<ReadAnswer<HeadView>>;
  account(book: Book, ref: AccountRef): Promise<ReadAnswer<Account>>;
  /** In the order of `refs`, all at the same sequence; nothing in the place of an unknown one. */
  findAccounts(
    book: Book,
    refs: readonly AccountRef[],
  ): Promise<ReadAnswer<readonly (Account | undefined)[]>>;
  accounts(book: Book, query: AccountsQuery): Promise<SettledAnswer<CountedPage<Account>>>;
  balance(book: Book, ref: AccountRef, point: BalancePoint): Promise<ReadAnswer<BalanceView>>;
  /** In the order of `refs`, all at the same sequence. */
  balances(book: Book, refs: readonly AccountRef[]): Promise<SettledAnswer<readonly BalanceView[]>>;
  entries(book: Book, ref: AccountRef, page: PageRequest): Promise<ReadAnswer<Page<HistoryEntry>>>;
  transaction(book: Book, id: string): Promise<ReadAnswer<Transaction>>;
  /** The transaction that a caller's idempotency key made. */
  transactionByKey(book: Book, key: string): Promise<ReadAnswer<Transaction>>;
  transactions(book: Book, query: TransactionsQuery): Promise<ReadAnswer<CountedPage<Transaction>>>;
}
