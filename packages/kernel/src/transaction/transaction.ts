// Transactions: atomic, immutable sets of entries of one unit that balance.
import type { Unit } from '../value/unit.ts';
import type { Allocation } from '../grant/grant.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, EntryId, Sequence, TransactionId } from '../value/id.ts';
import type { Metadata } from '../value/metadata.ts';

/** `credit` adds to a customer's balance, `debit` takes from it. */
export type Side = 'credit' | 'debit';

/** One line of a transaction on one customer's account. */
export interface Entry {
  readonly id: EntryId;
  readonly accountId: AccountId;
  readonly side: Side;
  /** Positive, in whole units of the scale. */
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  /** The parts that grants gave or got, in order. What they lack to the amount is the pool's. */
  readonly allocations?: readonly Allocation[];
}

/**
 * Which call made a transaction; `activation` and `expiry` are what time does to a grant, whose
 * credits come into the balance or leave it.
 */
export type TransactionKind =
  | 'credit'
  | 'debit'
  | 'post'
  | 'reversal'
  | 'opening'
  | 'capture'
  | 'activation'
  | 'expiry'
  | 'void';

/** A posted transaction, without the lines on system accounts. */
export interface Transaction {
  readonly id: TransactionId;
  readonly kind: TransactionKind;
  readonly reference: string;
  /** The caller's key, or `opening:<account id>` or `reversal:<transaction id>`. */
  readonly idempotencyKey: string;
  readonly unit: Unit;
  readonly entries: readonly Entry[];
  readonly reversalOf?: TransactionId;
  readonly metadata?: Metadata;
  readonly createdAt: Instant;
  readonly sequence: Sequence;
}

/** The other side of the books, one of each per unit: never shown as entries. */
export type SystemAccount = 'issued' | 'spent' | 'expired';

/** A transaction and the system account that takes what its entries lack to a sum of zero. */
export interface Posting {
  readonly transaction: Transaction;
  readonly counterpart?: SystemAccount;
}

/** What an entry does to the balance of its account: positive for a credit. */
export function signedAmount(entry: { readonly side: Side; readonly amount: bigint }): bigint {
  return entry.side === 'credit' ? entry.amount : -entry.amount;
}

/** The other side. */
export function oppositeSide(side: Side): Side {
  return side === 'credit' ? 'debit' : 'credit';
}
