// May this amount be kept aside?
import { judgeHoldCount } from '../account/live-limits.ts';
import { judgePostable, refuseUnknownAccount } from '../account/refusals.ts';
import { findAccount, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { draw } from '../grant/draw.ts';
import { findIn } from '../grant/find-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { judgeFloor } from '../transaction/judge-floor.ts';
import { scaleAmount } from '../value/amount.ts';
import { present } from '../value/present.ts';
import type { CreateHold } from './commands.ts';
import { decideEnd } from './refusals.ts';

/**
 * Decides a hold: no more than what is available, taken in the order of consumption. It remembers
 * from which grants, so that what it does not need goes back to them.
 */
export function decideCreateHold(state: BookState, command: CreateHold): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const unpostable = judgePostable(account) ?? judgeHoldCount(account);
  if (unpostable !== undefined) return unpostable;
  const scaled = scaleAmount(command.amount, account.unit.scale, 'amount');
  if (scaled.kind === 'refused') return scaled;
  const expiresAt = decideEnd(state, command.end);
  if (expiresAt.kind === 'refused') return expiresAt;
  const amount = scaled.value;
  const short = judgeFloor({ account, side: 'debit', amount });
  if (short !== undefined) return short;
  const allocations = draw(account, amount);
  const sequence = nextSequence(state);
  const hold = {
    id: state.ids.holdId(sequence, state.instant),
    accountId: account.id,
    unit: account.unit,
    sequence,
    createdAt: state.instant,
    status: 'pending',
    reference: command.reference,
    ...present('metadata', command.metadata),
    amount,
    remaining: amount,
    captured: 0n,
    expiresAt: expiresAt.value,
    allocations,
  } as const;
  const find = findIn(account.grants, allocations.length);
  const grants = settleAllocations(find, allocations, 'hold');
  const heldAfter = account.held + amount;
  return accept(state, command, { kind: 'hold_created', hold, heldAfter, grants });
}
