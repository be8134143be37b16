// May this transaction be undone?
import type { Account } from '../account/account.ts';
import { judgeGrantCount } from '../account/live-limits.ts';
import { judgePostable } from '../account/refusals.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { postingOf } from '../book/event.ts';
import { freePool } from '../grant/draw.ts';
import { freeOf, isLive, type Grant } from '../grant/grant.ts';
import type { FindGrant } from '../grant/find-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { formatAmount } from '../value/amount.ts';
import { assert } from '../value/assert.ts';
import { findByAge } from '../value/by-age.ts';
import type { TransactionId } from '../value/id.ts';
import { present } from '../value/present.ts';
import { refuse, type Refusal } from '../value/refusal.ts';
import { buildPosting, type DecidedLine } from './build-posting.ts';
import type { ReverseTransaction } from './commands.ts';
import { firstRefusal } from './decide-post-transaction.ts';
import { judgeFloor } from './judge-floor.ts';
import {
  oppositeSide,
  type Posting,
  type Transaction,
  type TransactionKind,
} from './transaction.ts';

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
  if (irreversibleKinds.includes(transaction.kind)) {
    const metadata = { transaction_id: transaction.id, kind: transaction.kind };
    const message = 'A reversal, an expiry and a void cannot be reversed.';
    return refuse('TRANSACTION_NOT_REVERSIBLE', message, metadata);
  }
  const lines = oppositeLines(state, transaction);
  const refusal =
    firstRefusal(lines, (line) => judgePostable(line.account)) ??
    firstRefusal(lines, (line) => judgeTakeBack(state, line));
  if (refusal !== undefined) return refusal;
  const settled = lines.map((line) => ({ ...line, grants: settleLine(state, line) }));
  const beyond = firstRefusal(settled, judgeRevived);
  if (beyond !== undefined) return beyond;
  const posting = buildPosting(state, lines, {
    kind: 'reversal',
    reference: transaction.reference,
    idempotencyKey: `reversal:${transaction.id}`,
    counterpart,
    reversalOf: transaction.id,
  });
  const grants = settled.flatMap((line) => line.grants);
  return accept(state, command, {
    kind: 'transaction_posted',
    posting,
    ...present('grants', grants.length === 0 ? undefined : grants),
  });
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

const irreversibleKinds: readonly TransactionKind[] = ['reversal', 'expiry', 'void'];

type OppositeLine = DecidedLine & { readonly account: Account };

/**
 * A credit is taken back from the grant that it made, or from the pool, and from nothing else:
 * what was spent of it is gone.
 */
function judgeTakeBack(state: BookState, line: OppositeLine): Refusal | undefined {
  const { account, side, amount, allocations } = line;
  const short = judgeFloor(line);
  if (side === 'credit' || short !== undefined) return short;
  const [made] = allocations ?? [];
  const grant = made?.grantId === undefined ? undefined : state.grants.get(made.grantId);
  const available = grant === undefined ? freePool(account) : freeOf(grant);
  if (amount <= available) return undefined;
  const { scale } = account.unit;
  return refuse('INSUFFICIENT_BALANCE', 'What was credited has been spent.', {
    account_id: account.id,
    required: formatAmount(amount, scale),
    available: formatAmount(available, scale),
  });
}

/** Grants that were used up are live again when something comes back to them. */
function judgeRevived({
  account,
  grants,
}: OppositeLine & { readonly grants: readonly Grant[] }): Refusal | undefined {
  const revived = grants.filter((grant) => {
    return isLive(grant) && findByAge(account.grants, grant.sequence) === undefined;
  });
  return judgeGrantCount(account, revived.length);
}

/** The grants that an opposite entry gives back to, or takes from, as they are afterwards. */
function settleLine(state: BookState, { side, allocations = [] }: OppositeLine): readonly Grant[] {
  const find: FindGrant = (id) => state.grants.get(id);
  return settleAllocations(find, allocations, side === 'credit' ? 'restore' : 'void');
}

function oppositeLines(state: BookState, transaction: Transaction): readonly OppositeLine[] {
  return transaction.entries.map((entry) => {
    const account = state.accounts.get(entry.accountId);
    assert(account !== undefined, 'the accounts of a transaction exist');
    const { amount, allocations } = entry;
    return {
      account,
      side: oppositeSide(entry.side),
      amount,
      ...present('allocations', allocations),
    };
  });
}
