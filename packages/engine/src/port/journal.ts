// The port to durability: units of work on a book, under the lock of its head.
import type {
  Account,
  AccountId,
  BookEvent,
  CouponNames,
  CouponRecord,
  Grant,
  Hold,
  Instant,
  RecordedEvent,
  Schedule,
  Sequence,
  UnitBalances,
} from '@scrip/kernel';
import type { Book } from './book.ts';

/** Where a book stands, read by the statement that locked it. */
export interface LockedHead {
  /** The last event; 0 for an empty book. */
  readonly sequence: Sequence;
  /** 32 bytes that seal the history so far; zeros for an empty book. */
  readonly chainHash: Uint8Array;
  /** The instant of the last batch; 0 for an empty book. */
  readonly lastInstant: Instant;
  /** The database's clock, moved by the book's offset. */
  readonly now: Instant;
}

/** What a book is expected to be like by who has not locked it. */
export interface Expected {
  /** `now` is what the clock shows at least. */
  readonly head: LockedHead;
  /** A key that no event has. */
  readonly newKey: string | undefined;
  /** How much more than the instant of a batch the clock shows when it is written. */
  readonly latenessMsMax: number;
}

/** An event with the bytes that are stored and hashed. */
export interface EncodedEvent {
  readonly event: BookEvent;
  /** They may lie in memory that they share: who keeps them keeps a copy. */
  readonly bytes: Uint8Array;
  /** Of the request that made it, where that had an idempotency key. */
  readonly requestDigest?: string;
}

/**
 * All that one flush writes. Accounts and units are those that changed, as they are after it;
 * grants, holds and schedules are told by the events that touched them.
 */
export interface Batch {
  readonly events: readonly EncodedEvent[];
  readonly accounts: readonly Account[];
  readonly units: readonly UnitBalances[];
  /** What the clock of a test book shows from the next batch on. Absent: it was not moved. */
  readonly clockNow?: Instant;
  /** The instant of all its events. */
  readonly instant: Instant;
  readonly lastSequence: Sequence;
  /** The seal: over the previous hash and the bytes of the events. */
  readonly chainHash: Uint8Array;
}

/** Ids of grants, holds and schedules, as commands and transactions name them. */
export interface TermsIds {
  readonly grantIds: readonly string[];
  readonly holdIds: readonly string[];
  readonly scheduleIds: readonly string[];
}

/** Grants, holds and schedules in any status, and the events that ended or voided them. */
export interface FoundTerms {
  readonly grants: readonly Grant[];
  readonly holds: readonly Hold[];
  readonly schedules: readonly Schedule[];
  readonly endings: readonly BookEvent[];
}

/** A coupon, or something that comes of one, with the event that last touched it. */
export interface FoundCoupon {
  readonly found: CouponRecord;
  readonly event: BookEvent;
}

/** Accounts that were loaded, and the ids that were left for another time. */
export interface LoadedAccounts {
  readonly accounts: readonly Account[];
  readonly leftIds: readonly string[];
}

/** Names of accounts that are looked up for being taken. */
export interface NameLookup {
  readonly customerId: string;
  readonly nameKey: string;
}

/**
 * One unit of work on one book. `lockHead` comes first, in a statement of its own; every look-up
 * is a later statement and sees all that was committed before the lock was granted, even one that
 * is asked for before the lock is. Statements run one by one, in the order they are asked for. What
 * is not found is left out of the answer.
 */
export interface UnitOfWork {
  lockHead(): Promise<LockedHead>;
  /** The chain hash of the seal that ends at this sequence. */
  findSeal(lastSequence: Sequence): Promise<Uint8Array | undefined>;
  /** The events that callers' keys made. */
  findEventsByKey(keys: readonly string[]): Promise<readonly RecordedEvent[]>;
  /** The events that posted these transactions, and the events that reversed them. */
  findEventsByTransactionId(ids: readonly string[]): Promise<readonly BookEvent[]>;
  findAccountIdsByExternalId(
    externalIds: readonly string[],
  ): Promise<ReadonlyMap<string, AccountId>>;
  /** Accounts of these names that are not closed; the keys are those of `nameIndex`. */
  findAccountIdsByName(names: readonly NameLookup[]): Promise<ReadonlyMap<string, AccountId>>;
  /** Terms by id. An id of another book, or a made-up one, is not found. */
  findTerms(ids: TermsIds): Promise<FoundTerms>;
  /**
   * The records that commands on coupons name, and what those lead to; see `CouponNames`. An id of
   * another book, or a made-up one, is not found.
   */
  findCoupons(names: CouponNames): Promise<readonly FoundCoupon[]>;
  /**
   * Accounts by id, with their live grants, pending holds and active schedules. An id of another
   * book, or a made-up one, is not found. The ids behind the account whose terms pass
   * `termCountMax`, those of the accounts before it counted, are left.
   */
  loadAccounts(ids: readonly string[], termCountMax?: number): Promise<LoadedAccounts>;
  loadUnits(labels: readonly string[]): Promise<readonly UnitBalances[]>;
  /**
   * Writes a batch; its events follow the locked head without a gap. What is wrong with it may be
   * told by `transact` alone: COMMIT need not wait for its answer, and fails if it does.
   */
  append(batch: Batch): Promise<void>;
  /**
   * Writes a batch without the lock, on what is expected of the book. It takes the lock itself, and
   * writes nothing unless the book is found so and the database's clock, moved by the book's
   * offset, shows the batch's instant or a little more. What was looked up before in
   * this unit of work is then what the lock would have shown. Resolves to the clock if the batch
   * was written. COMMIT need not wait for that.
   */
  appendExpecting(expected: Expected, batch: Batch): Promise<Instant | undefined>;
  /** Writes the head as it is, so that the commit waits for a synchronous standby. As `append`. */
  touchHead(): Promise<void>;
}

/** Durable books. Implementations pass the suite of `@scrip/testkit`. */
export interface Journal {
  /**
   * Runs `work` in one unit of work and commits it. Resolves only after COMMIT is confirmed. What
   * `work` throws rolls everything back and is thrown on; the journal's own failures are
   * `JournalError`s.
   */
  transact<T>(book: Book, work: (unit: UnitOfWork) => Promise<T>): Promise<T>;
}

/**
 * A failure of the journal itself. `not_committed`: nothing was written, for sure. `unknown`: the
 * connection was lost after COMMIT was sent, and only a look under the lock can tell.
 */
export class JournalError extends Error {
  readonly outcome: 'not_committed' | 'unknown';
  /**
   * `content` when the database refused what was written, so that trying it again is no use;
   * `unavailable` when it cannot be reached or accepts no writes; `collision` for the rest.
   */
  readonly fault: 'content' | 'unavailable' | 'collision';

  constructor(
    outcome: JournalError['outcome'],
    fault: JournalError['fault'],
    options: { readonly cause: unknown },
  ) {
    super(`The unit of work failed: ${outcome}, ${fault}.`, options);
    this.name = 'JournalError';
    this.outcome = outcome;
    this.fault = fault;
  }
}

/** Whether trying again may help: other failures are of what was asked for, or bugs. */
export function isPassing(error: unknown): error is JournalError {
  return error instanceof JournalError && error.fault !== 'content';
}
