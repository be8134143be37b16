// May this hold be given back, or kept for longer?
import { findHold, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import type { AccountSnapshot } from '../account/account.ts';
import { judgePostable } from '../account/refusals.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import type { Grant } from '../grant/grant.ts';
import { findIn, type FindGrant } from '../grant/find-grant.ts';
import type { ExtendHold, ReleaseHold } from './commands.ts';
import type { Hold, HoldStatus } from './hold.ts';
import { decideEnd, refuseEnded, refuseUnknownHold } from './refusals.ts';

/** Decides a release. A hold that was released before answers that release again. */
export function decideReleaseHold(state: BookState, command: ReleaseHold): Decision {
  const found = findHold(state, command.holdId);
  if (found === undefined) return refuseUnknownHold(command.holdId);
  const { hold, account } = found;
  const ending = hold.status === 'released' ? state.endingsById.get(hold.id) : undefined;
  if (ending !== undefined) return { kind: 'replayed', event: ending };
  if (hold.status !== 'pending') return refuseEnded(hold);
  const find = findIn(account.grants, hold.allocations.length);
  return accept(state, command, {
    kind: 'hold_released',
    ...giveBack(account, hold, { status: 'released', find }),
  });
}

/** Decides a new end: in the future, at most a day ahead. */
export function decideExtendHold(state: BookState, command: ExtendHold): Decision {
  const found = findHold(state, command.holdId);
  if (found === undefined) return refuseUnknownHold(command.holdId);
  const { hold, account } = found;
  if (hold.status !== 'pending') return refuseEnded(hold);
  const unpostable = judgePostable(account);
  if (unpostable !== undefined) return unpostable;
  const expiresAt = decideEnd(state, command.end);
  if (expiresAt.kind === 'refused') return expiresAt;
  const extended = { ...hold, expiresAt: expiresAt.value };
  const heldAfter = account.held;
  return accept(state, command, { kind: 'hold_extended', hold: extended, heldAfter });
}

/** A hold that ends, and the grants to which it gives back what it kept. */
export function giveBack(
  account: AccountSnapshot,
  hold: Hold,
  { status, find }: { readonly status: Exclude<HoldStatus, 'pending'>; readonly find: FindGrant },
): { readonly hold: Hold; readonly heldAfter: bigint; readonly grants: readonly Grant[] } {
  return {
    hold: { ...hold, status, remaining: 0n, allocations: [] },
    heldAfter: account.held - hold.remaining,
    grants: settleAllocations(find, hold.allocations, 'release'),
  };
}
