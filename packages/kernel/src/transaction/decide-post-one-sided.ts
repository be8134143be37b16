// May this credit or debit be posted?
import type { Account } from '../account/account.ts';
import { judgeGrantCount } from '../account/live-limits.ts';
import { judgePostable, refuseUnknownAccount } from '../account/refusals.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import type { Change } from '../book/event.ts';
import type { RequestedTerms } from '../grant/commands.ts';
import { draw } from '../grant/draw.ts';
import type { Allocation, Grant } from '../grant/grant.ts';
import { findIn } from '../grant/find-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { scaleAmount } from '../value/amount.ts';
import { present } from '../value/present.ts';
import { refuseField, type Refusal } from '../value/refusal.ts';
import { buildPosting } from './build-posting.ts';
import type { PostOneSided } from './commands.ts';
import { judgeFloor } from './judge-floor.ts';

/**
 * Decides a credit, whose other side is `issued`, or a debit, whose other side is `spent`. A credit
 * with terms makes a grant; one that takes effect later moves nothing yet.
 */
export function decidePostOneSided(state: BookState, command: PostOneSided): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const makesGrant = command.kind === 'credit' && command.terms !== undefined;
  const unpostable = judgePostable(account) ?? judgeGrantCount(account, makesGrant ? 1 : 0);
  if (unpostable !== undefined) return unpostable;
  const amount = scaleAmount(command.amount, account.unit.scale, 'amount');
  if (amount.kind === 'refused') return amount;
  const line = { account, side: command.kind, amount: amount.value };
  const refusal = judgeFloor(line) ?? judgeTerms(state, command.terms);
  if (refusal !== undefined) return refusal;
  if (command.kind === 'debit' || command.terms === undefined) {
    return accept(state, command, plainChange(state, command, line));
  }
  const grant = grantOf(state, { account, amount: amount.value, terms: command.terms });
  if (grant.status === 'scheduled') {
    return accept(state, command, { kind: 'grant_scheduled', grant });
  }
  const allocations = [{ grantId: grant.id, amount: grant.amount }];
  const posting = postingOf(state, command, { ...line, allocations });
  return accept(state, command, { kind: 'transaction_posted', posting, grants: [grant] });
}

type Line = Parameters<typeof judgeFloor>[0] & {
  readonly account: Account;
  readonly allocations?: readonly Allocation[];
};

/** A debit, from whatever it draws on, or a credit to the pool. */
function plainChange(state: BookState, command: PostOneSided, line: Line): Change {
  const { account, amount } = line;
  if (command.kind === 'credit' || account.grants.length === 0) {
    return { kind: 'transaction_posted', posting: postingOf(state, command, line) };
  }
  const allocations = draw(account, amount);
  const find = findIn(account.grants, allocations.length);
  const grants = settleAllocations(find, allocations, 'spend');
  const posting = postingOf(state, command, { ...line, allocations });
  return {
    kind: 'transaction_posted',
    posting,
    ...present('grants', grants.length === 0 ? undefined : grants),
  };
}

function postingOf(state: BookState, command: PostOneSided, line: Line) {
  return buildPosting(state, [line], {
    kind: command.kind,
    reference: command.reference,
    idempotencyKey: command.idempotencyKey,
    counterpart: command.kind === 'credit' ? 'issued' : 'spent',
    metadata: command.metadata,
  });
}

function judgeTerms(state: BookState, terms: RequestedTerms | undefined): Refusal | undefined {
  if (terms?.expiresAt === undefined || terms.expiresAt > state.instant) return undefined;
  return refuseField('grant.expires_at', 'is not in the future');
}

function grantOf(
  state: BookState,
  credit: {
    readonly account: Account;
    readonly amount: bigint;
    readonly terms: RequestedTerms;
  },
): Grant {
  const { account, amount, terms } = credit;
  const sequence = nextSequence(state);
  const { effectiveAt = state.instant } = terms;
  const isLater = effectiveAt > state.instant;
  return {
    ...terms,
    id: state.ids.grantId(sequence, state.instant),
    accountId: account.id,
    unit: account.unit,
    sequence,
    createdAt: state.instant,
    effectiveAt: isLater ? effectiveAt : state.instant,
    status: isLater ? 'scheduled' : 'active',
    amount,
    remaining: amount,
    held: 0n,
    expired: 0n,
    voided: 0n,
  };
}
