// May this credit or debit be posted?
import { judgePostable, refuseUnknownAccount } from '../account/refusals.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { scaleAmount } from '../value/amount.ts';
import { buildPosting } from './build-posting.ts';
import type { PostOneSided } from './commands.ts';
import { judgeFloor } from './judge-floor.ts';

/** Decides a credit, whose other side is `issued`, or a debit, whose other side is `spent`. */
export function decidePostOneSided(state: BookState, command: PostOneSided): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const unpostable = judgePostable(account);
  if (unpostable !== undefined) return unpostable;
  const amount = scaleAmount(command.amount, account.unit.scale, 'amount');
  if (amount.kind === 'refused') return amount;
  const line = { account, side: command.kind, amount: amount.value };
  const short = judgeFloor(line);
  if (short !== undefined) return short;
  const posting = buildPosting(state, [line], {
    kind: command.kind,
    reference: command.reference,
    idempotencyKey: command.idempotencyKey,
    counterpart: command.kind === 'credit' ? 'issued' : 'spent',
    metadata: command.metadata,
  });
  return accept(state, command, { kind: 'transaction_posted', posting });
}
