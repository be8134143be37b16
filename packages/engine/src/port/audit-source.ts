// The port to a whole book as it is stored, read in one snapshot: for the proof that it is intact.
import type {
  Account,
  AccountId,
  BookEvent,
  CouponRow,
  Instant,
  Sequence,
  UnitBalances,
} from '@scrip/kernel';
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
  readonly bytes: Uint8Array;
  /** What the row holds besides and the event, once decoded, says otherwise: a column's name. */
  differingColumn(event: BookEvent): string | undefined;
}

/**
 * An account, as stored: what is live of it is only counted, its grants, holds and schedules are
 * among the terms of the snapshot.
 */
export interface StoredAccount extends Omit<Account, 'grants' | 'holds' | 'schedules'> {
  readonly termCount: number;
  readonly nextDueAt?: Instant;
}

/** A grant, a hold or a schedule, as stored: where its events say what it is. */
export interface StoredTerm {
  /** The event that made it: no two terms share one. */
  readonly sequence: Sequence;
  readonly kind: 'grant' | 'hold' | 'schedule';
  /** Absent when there is no such account. */
  readonly accountId?: AccountId;
  readonly isLive: boolean;
  /** The last event that touched it. */
  readonly lastSequence: Sequence;
}

/** An event that touched a term, as stored. */
export interface StoredTermChange {
  /** The event that made the term. */
  readonly term: Sequence;
  readonly sequence: Sequence;
  /** Whether the term was live after it. */
  readonly isLive: boolean;
}

/** An event about a credit or a membership of a customer, as stored. */
export interface StoredCustomerEvent {
  readonly customerId: string;
  readonly sequence: Sequence;
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
  accounts(): AsyncIterable<StoredAccount>;
  units(): Promise<readonly UnitBalances[]>;
  /** By account, then sequence. Those whose account is unknown are left out. */
  entries(): AsyncIterable<StoredEntry>;
  /** By the sequence that made them. */
  terms(): AsyncIterable<StoredTerm>;
  /** By term, then sequence. */
  termChanges(): AsyncIterable<StoredTermChange>;
  /** Coupons and what comes of them, as rows. By kind and the sequence that made them. */
  couponRecords(): AsyncIterable<CouponRow>;
  /** By customer and sequence. */
  customerEvents(): AsyncIterable<StoredCustomerEvent>;
  /** Accounts that have entries and do not exist. */
  strayEntryCount(): Promise<number>;
}

/** Gives snapshots of books. Writers are not held up. */
export interface AuditSource {
  readSnapshot<T>(book: Book, work: (snapshot: BookSnapshot) => Promise<T>): Promise<T>;
}
