// May this transaction be undone?
import { judgePostable } from '../account/refusals.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { postingOf } from '../book/event.ts';
import { assert } from '../value/assert.ts';
import type { TransactionId } from '../value/id.ts';
import { refuse, type Refusal } from '../value/refusal.ts';
import { buildPosting, type DecidedLine } from './build-posting.ts';
import type { ReverseTransaction } from './commands.ts';
import { firstRefusal } from './decide-post-transaction.ts';
import { judgeFloor } from './judge-floor.ts';
import { oppositeSide, type Posting, type Transaction } from './transaction.ts';

/**
 * Decides a reversal: the opposite of every entry, with the original's reference. A transaction
 * reversed before answers its first reversal. Reversals themselves cannot be undone.
 */
export function decideReverseTransaction(state: BookState, command: ReverseTransaction): Decision {
  const original = findOriginal(state, command);
  if (original === undefined) return refuseUnknownTransaction(command.transactionId);
  const { transaction, counterpart } = original;
  const earlier = state.reversalsByTransactionId.get(transaction.id);
  if (earlier !== undefined) return { kind: 'replayed', event: earlier };
  if (transaction.kind === 'reversal') {
    const metadata = { transaction_id: transaction.id };
    return refuse('TRANSACTION_NOT_REVERSIBLE', 'A reversal cannot be reversed.', metadata);
  }
  const lines = oppositeLines(state, transaction);
  const refusal =
    firstRefusal(lines, (line) => judgePostable(line.account)) ?? firstRefusal(lines, judgeFloor);
  if (refusal !== undefined) return refusal;
  const posting = buildPosting(state, lines, {
    kind: 'reversal',
    reference: transaction.reference,
    idempotencyKey: `reversal:${transaction.id}`,
    counterpart,
    reversalOf: transaction.id,
  });
  return accept(state, command, { kind: 'transaction_posted', posting });
}

/** No such transaction in this book. */
export function refuseUnknownTransaction(transaction: string): Refusal {
  return refuse('TRANSACTION_NOT_FOUND', 'No such transaction.', { transaction });
}

function findOriginal(state: BookState, command: ReverseTransaction): Posting | undefined {
  const event = state.eventsByTransactionId.get(command.transactionId as TransactionId);
  const posting = event && postingOf(event);
  if (posting === undefined || command.account === undefined) return posting;
  const account = findAccount(state, command.account);
  const touches = posting.transaction.entries.some((entry) => entry.accountId === account?.id);
  return touches ? posting : undefined;
}

function oppositeLines(
  state: BookState,
  transaction: Transaction,
): readonly (DecidedLine & { readonly account: NonNullable<ReturnType<typeof findAccount>> })[] {
  return transaction.entries.map((entry) => {
    const account = state.accounts.get(entry.accountId);
    assert(account !== undefined, 'the accounts of a transaction exist');
    return { account, side: oppositeSide(entry.side), amount: entry.amount };
  });
}
