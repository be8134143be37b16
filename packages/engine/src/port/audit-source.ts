// The port to a whole book as it is stored, read in one snapshot: for the proof that it is intact.
import type { Account, AccountId, BookEvent, Instant, Sequence, UnitBalances } from '@scrip/kernel';
import type { Book } from './book.ts';

/** The end of a batch, as stored. */
export interface StoredSeal {
  readonly lastSequence: Sequence;
  readonly createdAt: Instant;
  readonly chainHash: Uint8Array;
}

/** An event, as stored: its bytes, and what its row says about them. */
export interface StoredEvent {
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  readonly bytes: Uint8Array;
  /** What the row holds besides and the event, once decoded, says otherwise: a column's name. */
  differingColumn(event: BookEvent): string | undefined;
}

/** A line of an account's history, as stored. */
export interface StoredEntry {
  readonly accountId: AccountId;
  readonly sequence: Sequence;
  readonly line: number;
  /** Positive for a credit. */
  readonly amount: bigint;
  readonly balanceAfter: bigint;
}

/** Where the book says it stands. */
export interface StoredHead {
  readonly sequence: Sequence;
  readonly chainHash: Uint8Array;
  readonly lastInstant: Instant;
}

/** One snapshot of a book. What is iterated is read page by page, in the order given. */
export interface BookSnapshot {
  head(): Promise<StoredHead>;
  /** By sequence. */
  seals(): AsyncIterable<StoredSeal>;
  /** By sequence. */
  events(): AsyncIterable<StoredEvent>;
  /** By the sequence that made them. Those whose unit is unknown are left out. */
  accounts(): AsyncIterable<Account>;
  units(): Promise<readonly UnitBalances[]>;
  /** By account, then sequence. Those whose account is unknown are left out. */
  entries(): AsyncIterable<StoredEntry>;
  /** Entries whose account does not exist. */
  strayEntryCount(): Promise<number>;
}

/** Gives snapshots of books. Writers are not held up. */
export interface AuditSource {
  readSnapshot<T>(book: Book, work: (snapshot: BookSnapshot) => Promise<T>): Promise<T>;
}
