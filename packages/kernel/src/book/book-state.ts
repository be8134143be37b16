// The state of a book, as far as the commands at hand need it: a working set.
import { nameKey, type Account, type AccountRef, type Unit } from '../account/account.ts';
import type { SystemAccount } from '../transaction/transaction.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, Ids, Sequence, TransactionId } from '../value/id.ts';
import type { BookEvent } from './event.ts';

/** A unit and its system accounts' balances. They add up to zero with the customers' balances. */
export interface UnitBalances extends Unit, Readonly<Record<SystemAccount, bigint>> {}

/** An event that is already decided, and the digest of the request that made it. */
export interface RecordedEvent {
  readonly event: BookEvent;
  readonly requestDigest: string;
}

/**
 * What decisions are made on. Every map must hold all that the commands at hand name, if it
 * exists in the book: what is missing here is taken not to exist.
 */
export interface BookState {
  readonly ids: Ids;
  /** The secret of the book: request digests are keyed by it. */
  readonly idKey: Uint8Array;
  /** The last event decided. */
  sequence: Sequence;
  /** The instant of the batch at hand. */
  instant: Instant;
  readonly accounts: Map<AccountId, Account>;
  readonly accountIdsByExternalId: Map<string, AccountId>;
  /** Accounts that are not closed, by `nameIndex`. */
  readonly accountIdsByName: Map<string, AccountId>;
  readonly units: Map<string, UnitBalances>;
  /** By the callers' idempotency keys. */
  readonly eventsByKey: Map<string, RecordedEvent>;
  /** Transactions that may be reversed, by their id. */
  readonly eventsByTransactionId: Map<TransactionId, BookEvent>;
  /** Reversals, by the id of the transaction that they undo. */
  readonly reversalsByTransactionId: Map<TransactionId, BookEvent>;
}

/** An empty state: a new book, or a working set to be filled. */
export function createBookState(
  book: { readonly ids: Ids; readonly idKey: Uint8Array },
  head: { readonly sequence: Sequence; readonly instant: Instant },
): BookState {
  return {
    ...book,
    ...head,
    accounts: new Map(),
    accountIdsByExternalId: new Map(),
    accountIdsByName: new Map(),
    units: new Map(),
    eventsByKey: new Map(),
    eventsByTransactionId: new Map(),
    reversalsByTransactionId: new Map(),
  };
}

/** Under what a name is looked up: unique per customer, without regard to case. */
export function nameIndex(customerId: string, name: string): string {
  // Neither part can hold U+0000, so that no two pairs meet.
  return `${customerId}\u0000${nameKey(name)}`;
}

/** The account that a reference names, if it exists. */
export function findAccount(state: BookState, ref: AccountRef): Account | undefined {
  const id =
    ref.kind === 'id' ? (ref.id as AccountId) : state.accountIdsByExternalId.get(ref.externalId);
  return id === undefined ? undefined : state.accounts.get(id);
}
