// From decided lines to a posting: ids, running balances, and the check that nothing is made up.
import type { AccountSnapshot } from '../account/account.ts';
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { Allocation } from '../grant/grant.ts';
import { assert } from '../value/assert.ts';
import type { TransactionId } from '../value/id.ts';
import type { Metadata } from '../value/metadata.ts';
import {
  signedAmount,
  type Entry,
  type Posting,
  type Side,
  type SystemAccount,
  type TransactionKind,
} from './transaction.ts';

/** A line that was found allowed. */
export interface DecidedLine {
  readonly account: AccountSnapshot;
  readonly side: Side;
  /** Positive, in whole units of the account's scale. */
  readonly amount: bigint;
  /** From or to which grants; absent, the pool. */
  readonly allocations?: readonly Allocation[];
  /** What holds keep of the account after it, where it takes from a hold. */
  readonly heldAfter?: bigint;
}

/** What a transaction says beside its lines. */
export interface PostingTerms {
  readonly kind: TransactionKind;
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly counterpart?: SystemAccount | undefined;
  readonly reversalOf?: TransactionId;
  readonly metadata?: Metadata | undefined;
}

/** Builds the posting of lines on different accounts of one unit. */
export function buildPosting(
  state: BookState,
  lines: readonly DecidedLine[],
  terms: PostingTerms,
): Posting {
  const { kind, reference, idempotencyKey, counterpart, reversalOf, metadata } = terms;
  const sum = lines.reduce((total, line) => total + signedAmount(line), 0n);
  assert((sum === 0n) === (counterpart === undefined), 'entries balance or have a counterpart');
  const [first] = lines;
  assert(first !== undefined, 'a transaction has entries');
  const sequence = nextSequence(state);
  const transaction = {
    id: state.ids.transactionId(sequence, state.instant),
    kind,
    reference,
    idempotencyKey,
    unit: first.account.unit,
    entries: lines.map((line, index) => buildEntry(state, line, index)),
    createdAt: state.instant,
    sequence,
    ...(reversalOf === undefined ? undefined : { reversalOf }),
    ...(metadata === undefined ? undefined : { metadata }),
  };
  return counterpart === undefined ? { transaction } : { transaction, counterpart };
}

function buildEntry(state: BookState, line: DecidedLine, index: number): Entry {
  const balanceAfter = line.account.balance + signedAmount(line);
  assert(line.amount > 0n, 'an amount is positive');
  const { heldAfter = line.account.held } = line;
  assert(balanceAfter >= heldAfter || line.side === 'credit', 'the floor holds');
  const entry = {
    id: state.ids.entryId(nextSequence(state), state.instant, index),
    accountId: line.account.id,
    side: line.side,
    amount: line.amount,
    balanceAfter,
  };
  const allocations = partsOf(line);
  return allocations === undefined ? entry : { ...entry, allocations };
}

/** The parts of grants; none when all of it is the pool's. */
function partsOf({ allocations }: DecidedLine): readonly Allocation[] | undefined {
  if (allocations === undefined) return undefined;
  const parts = allocations.filter(({ grantId }) => grantId !== undefined);
  return parts.length === 0 ? undefined : parts;
}
