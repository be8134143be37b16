// The decision: one command against the state of its book.
import { decideChangeAccountStatus } from '../account/decide-change-account-status.ts';
import { decideCreateAccount } from '../account/decide-create-account.ts';
import { decideUpdateAccount } from '../account/decide-update-account.ts';
import { isCouponCommand, type CouponCommand } from '../coupon/coupon-command.ts';
import { decideCouponCommand } from '../coupon/decide-coupon-command.ts';
import { followUps, settleAccounts } from '../due/book-due-moves.ts';
import { decideVoidGrant } from '../grant/decide-void-grant.ts';
import { decideCaptureHold } from '../hold/decide-capture-hold.ts';
import { decideCreateHold } from '../hold/decide-create-hold.ts';
import { decideExtendHold, decideReleaseHold } from '../hold/decide-end-hold.ts';
import { decidePostOneSided } from '../transaction/decide-post-one-sided.ts';
import { decidePostTransaction } from '../transaction/decide-post-transaction.ts';
import { decideReverseTransaction } from '../transaction/decide-reverse-transaction.ts';
import { decideCreateSchedule, decideEndSchedule } from '../schedule/decide-schedule.ts';
import type { AccountRef } from '../account/account.ts';
import type { AccountId } from '../value/id.ts';
import type { Instant } from '../value/instant.ts';
import { refuse, refuseField } from '../value/refusal.ts';
import { refuseUnknownAccount } from '../account/refusals.ts';
import { findAccount, findGrant, findHold, findSchedule, type BookState } from './book-state.ts';
import { accountRefsOf, type AdvanceClock, type BookDueMoves, type Command } from './command.ts';
import { accept, type Accepted, type Decision } from './decision.ts';
import { accountIdsOf, type BookEvent } from './event.ts';
import { requestDigest } from './request-digest.ts';

/**
 * Decides a command whose form was checked. Reads the state and changes nothing: an accepted
 * decision takes effect by `applyAccepted`. Order of judgement: replay, existence, status, amount
 * and floor. What was due on the accounts of the command by the state's instant is judged as done,
 * and booked before it if it is accepted.
 */
export function decide(state: BookState, command: Command): Decision {
  return judgeKey(state, command) ?? judgeInTime(state, command);
}

function judgeKey(state: BookState, command: Command): Decision | undefined {
  const key = command.idempotencyKey;
  const recorded = key === undefined ? undefined : state.eventsByKey.get(key);
  if (key === undefined || recorded === undefined) return undefined;
  if (recorded.requestDigest === requestDigest(state, command)) {
    return { kind: 'replayed', event: recorded.event };
  }
  return refuse('IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used for another request.', {
    idempotency_key: key,
  });
}

function judgeInTime(state: BookState, command: Command): Decision {
  if (isCouponCommand(command)) return decideCouponCommand(state, command);
  if (command.kind === 'book_due_moves') return decideDueMoves(state, command);
  const settled = settleAccounts(state, touchedAccountIds(state, command));
  const decision = judge(settled.state, command);
  if (decision.kind !== 'accepted') return decision;
  const after = followUps(settled.state, decision);
  return surround(decision, { before: settled.events, after });
}

function surround(
  accepted: Accepted,
  {
    before,
    after,
  }: { readonly before: readonly BookEvent[]; readonly after: readonly BookEvent[] },
): Accepted {
  if (before.length + after.length === 0) return accepted;
  return {
    ...accepted,
    ...(before.length === 0 ? {} : { before }),
    ...(after.length === 0 ? {} : { after }),
  };
}

/** Moves that one command books: after a long stop an account has many, and others wait. */
const bookedMoveCountMax = 50;

/** Books what is due, and nothing else. What is left is for the next such command. */
function decideDueMoves(state: BookState, command: BookDueMoves): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const { events } = settleAccounts(state, [account.id], bookedMoveCountMax);
  const last = events.at(-1);
  if (last === undefined) return { kind: 'unchanged' };
  return surround({ kind: 'accepted', event: last }, { before: events.slice(0, -1), after: [] });
}

/** The accounts on which a command is judged: what is due on them comes before it. */
export function touchedAccountIds(state: BookState, command: Command): readonly AccountId[] {
  switch (command.kind) {
    case 'capture_hold':
    case 'extend_hold':
    case 'release_hold':
      return [findHold(state, command.holdId)?.account.id ?? []].flat();
    case 'end_schedule':
      return [findSchedule(state, command.scheduleId)?.account.id ?? []].flat();
    case 'void_grant':
      return [findGrant(state, command.grantId)?.account.id ?? []].flat();
    case 'reverse_transaction': {
      const event = state.eventsByTransactionId.get(command.transactionId as never);
      return event === undefined ? [] : accountIdsOf(event);
    }
    default:
      return namedAccountIds(state, accountRefsOf(command));
  }
}

function namedAccountIds(state: BookState, refs: readonly AccountRef[]): readonly AccountId[] {
  const ids: AccountId[] = [];
  for (const ref of refs) {
    const account = findAccount(state, ref);
    if (account !== undefined) ids.push(account.id);
  }
  return ids;
}

function judge(
  state: BookState,
  command: Exclude<Command, BookDueMoves | CouponCommand>,
): Decision {
  switch (command.kind) {
    case 'create_account':
      return decideCreateAccount(state, command);
    case 'update_account':
      return decideUpdateAccount(state, command);
    case 'freeze_account':
    case 'unfreeze_account':
    case 'close_account':
      return decideChangeAccountStatus(state, command);
    case 'credit':
    case 'debit':
      return decidePostOneSided(state, command);
    case 'post_transaction':
      return decidePostTransaction(state, command);
    case 'reverse_transaction':
      return decideReverseTransaction(state, command);
    case 'create_hold':
      return decideCreateHold(state, command);
    case 'capture_hold':
      return decideCaptureHold(state, command);
    case 'extend_hold':
      return decideExtendHold(state, command);
    case 'release_hold':
      return decideReleaseHold(state, command);
    case 'void_grant':
      return decideVoidGrant(state, command);
    case 'advance_clock':
      return decideAdvanceClock(state, command);
    case 'create_schedule':
      return decideCreateSchedule(state, command);
    case 'end_schedule':
      return decideEndSchedule(state, command);
  }
}

/** Instants have four digits for the year, also those that a schedule has ahead of it. */
const clockEnd = Date.UTC(9000, 0);

function decideAdvanceClock(state: BookState, command: AdvanceClock): Decision {
  const now = (state.instant + command.byMs) as Instant;
  if (now >= clockEnd) return refuseField('by', 'leads beyond the year 8999');
  return accept(state, command, { kind: 'clock_advanced', now });
}
