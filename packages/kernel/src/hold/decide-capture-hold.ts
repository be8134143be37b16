// May this much of a hold be taken?
import type { Account } from '../account/account.ts';
import { judgePostable } from '../account/refusals.ts';
import { findHold, type BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { postingOf } from '../book/event.ts';
import { draw } from '../grant/draw.ts';
import type { Allocation, Grant } from '../grant/grant.ts';
import { findAfter, findIn } from '../grant/find-grant.ts';
import { settleAllocations } from '../grant/settle-allocations.ts';
import { buildPosting } from '../transaction/build-posting.ts';
import { judgeFloor } from '../transaction/judge-floor.ts';
import type { Posting } from '../transaction/transaction.ts';
import { scaleAmount } from '../value/amount.ts';
import type { GrantId } from '../value/id.ts';
import { present } from '../value/present.ts';
import { parsed, type Parsed } from '../value/refusal.ts';
import type { CaptureHold } from './commands.ts';
import { splitAllocations, type Hold } from './hold.ts';
import { refuseEnded, refuseExceeded, refuseUnknownHold } from './refusals.ts';

/**
 * Decides a capture. A hold that ended by a final capture of the same amount answers that one
 * again. More than the hold keeps is `HOLD_EXCEEDED`, or is taken from what is available where the
 * caller allows it.
 */
export function decideCaptureHold(state: BookState, command: CaptureHold): Decision {
  const found = findHold(state, command.holdId);
  if (found === undefined) return refuseUnknownHold(command.holdId);
  const { hold, account } = found;
  if (hold.status !== 'pending') return sameCapture(state, command, hold);
  const amount = amountOf(command, hold, hold.remaining);
  if (amount.kind === 'refused') return amount;
  const unpostable = judgePostable(account);
  if (unpostable !== undefined) return unpostable;
  const excess = amount.value - hold.remaining;
  if (excess > 0n && !command.allowExcess) {
    return refuseExceeded(hold, amount.value, account.unit.scale);
  }
  const short = excess > 0n && judgeFloor({ account, side: 'debit', amount: excess });
  if (short) return short;
  const capture = captureOf({ hold, account, command }, amount.value);
  const heldAfter = account.held - hold.remaining + capture.hold.remaining;
  const posting =
    amount.value === 0n
      ? undefined
      : buildCapture(state, { ...capture, account, command, heldAfter });
  return accept(state, command, {
    kind: 'hold_captured',
    isFinal: command.final,
    hold: capture.hold,
    heldAfter,
    grants: capture.grants,
    ...present('posting', posting),
  });
}

interface Found {
  readonly hold: Hold;
  readonly account: Account;
}

/** The amount that is asked for, in the unit's smallest part. */
function amountOf(command: CaptureHold, { unit }: Hold, whenAbsent: bigint): Parsed<bigint> {
  if (command.amount === undefined) return parsed(whenAbsent);
  return scaleAmount(command.amount, unit.scale, 'amount');
}

/** The capture that ended a hold, for who asks for the same again. */
function sameCapture(state: BookState, command: CaptureHold, hold: Hold): Decision {
  const ending = state.endingsById.get(hold.id);
  const change = ending?.change;
  const isFinal = change?.kind === 'hold_captured' && change.isFinal;
  if (ending === undefined || !isFinal || !command.final) return refuseEnded(hold);
  const taken = postingOf(ending)?.transaction.entries[0]?.amount ?? 0n;
  const amount = amountOf(command, hold, taken);
  if (amount.kind === 'refused') return amount;
  return amount.value === taken ? { kind: 'replayed', event: ending } : refuseEnded(hold);
}

interface Capture {
  readonly hold: Hold;
  readonly grants: readonly Grant[];
  readonly amount: bigint;
  readonly allocations: readonly Allocation[];
}

/** What a capture takes, and what it leaves of the hold and of the grants. */
function captureOf(
  { hold, account, command }: Found & { readonly command: CaptureHold },
  amount: bigint,
): Capture {
  const kept = amount < hold.remaining ? amount : hold.remaining;
  const { taken, rest } = splitAllocations(hold.allocations, kept);
  const extra = amount > kept ? draw(account, amount - kept) : [];
  const ends = command.final || kept === hold.remaining;
  const before = findIn(account.grants, hold.allocations.length + extra.length);
  const captured = settleAllocations(before, taken, 'capture');
  const uncaptured = findAfter(before, captured);
  const spent = settleAllocations(uncaptured, extra, 'spend');
  const unspent = findAfter(uncaptured, spent);
  const returned = ends ? settleAllocations(unspent, rest, 'release') : [];
  return {
    hold: {
      ...hold,
      status: ends ? 'captured' : 'pending',
      remaining: ends ? 0n : hold.remaining - kept,
      captured: hold.captured + amount,
      allocations: ends ? [] : rest,
    },
    grants: lastOfEach([...captured, ...spent, ...returned]),
    amount,
    allocations: merge([...taken, ...extra]),
  };
}

/** What became of each grant in the end. */
function lastOfEach(grants: readonly Grant[]): readonly Grant[] {
  const grantsById = new Map<GrantId, Grant>();
  for (const grant of grants) {
    grantsById.delete(grant.id);
    grantsById.set(grant.id, grant);
  }
  return [...grantsById.values()];
}

/** One part for each grant: an excess may come from where the hold came from. */
function merge(allocations: readonly Allocation[]): readonly Allocation[] {
  const partsByGrant = new Map<GrantId | undefined, Allocation>();
  for (const part of allocations) {
    const earlier = partsByGrant.get(part.grantId);
    const amount = part.amount + (earlier?.amount ?? 0n);
    partsByGrant.set(part.grantId, { ...part, amount });
  }
  return [...partsByGrant.values()];
}

function buildCapture(
  state: BookState,
  capture: Found &
    Omit<Capture, 'grants'> & { readonly command: CaptureHold; readonly heldAfter: bigint },
): Posting {
  const { account, command, amount, allocations, heldAfter } = capture;
  const line = { account, side: 'debit', amount, allocations, heldAfter } as const;
  return buildPosting(state, [line], {
    kind: 'capture',
    reference: capture.hold.reference,
    idempotencyKey: command.idempotencyKey,
    counterpart: 'spent',
    metadata: command.metadata,
  });
}
