// May this schedule be made, or ended?
import { judgeScheduleCount } from '../account/live-limits.ts';
import { judgePostable, refuseUnknownAccount } from '../account/refusals.ts';
import { findAccount, findSchedule, type BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { scaleAmount } from '../value/amount.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import { parsed, refuse, refuseField, type Refusal } from '../value/refusal.ts';
import { addPeriods, isWithinCalendar } from './calendar.ts';
import type { CreateSchedule, EndSchedule } from './commands.ts';
import type { Schedule } from './schedule.ts';

/**
 * Decides a schedule. Its first grant is due at the anchor, at once when that is now. An anchor in
 * the past is refused: nothing is granted for a time that is over.
 */
export function decideCreateSchedule(state: BookState, command: CreateSchedule): Decision {
  const account = findAccount(state, command.account);
  if (account === undefined) return refuseUnknownAccount(command.account);
  const refusal =
    judgePostable(account) ?? judgeAnchor(state, command) ?? judgeScheduleCount(account);
  if (refusal !== undefined) return refusal;
  const { scale } = account.unit;
  const amount = scaleAmount(command.amount, scale, 'amount');
  if (amount.kind === 'refused') return amount;
  const cap =
    command.cap === undefined ? parsed(undefined) : scaleAmount(command.cap, scale, 'cap');
  if (cap.kind === 'refused') return cap;
  const sequence = nextSequence(state);
  const schedule: Schedule = {
    id: state.ids.scheduleId(sequence, state.instant),
    accountId: account.id,
    unit: account.unit,
    sequence,
    createdAt: state.instant,
    status: 'active',
    reference: command.reference,
    amount: amount.value,
    priority: command.priority,
    category: command.category,
    ...present('source', command.source),
    anchor: anchorOf(state, command),
    period: command.period,
    leftover: command.leftover,
    ...present('cap', cap.value),
    ...present('occurrenceCount', command.occurrenceCount),
    issuedCount: 0,
  };
  return accept(state, command, { kind: 'schedule_created', schedule });
}

/** Decides the end of a schedule. One that has ended answers that again. */
export function decideEndSchedule(state: BookState, command: EndSchedule): Decision {
  const found = findSchedule(state, command.scheduleId);
  if (found === undefined) return refuseUnknownSchedule(command.scheduleId);
  const { schedule } = found;
  const ending = schedule.status === 'ended' ? state.endingsById.get(schedule.id) : undefined;
  if (ending !== undefined) return { kind: 'replayed', event: ending };
  return accept(state, command, {
    kind: 'schedule_ended',
    schedule: { ...schedule, status: 'ended' },
  });
}

/** No such schedule in this book. */
export function refuseUnknownSchedule(schedule: string): Refusal {
  return refuse('SCHEDULE_NOT_FOUND', 'No such schedule.', { schedule });
}

function judgeAnchor(state: BookState, command: CreateSchedule): Refusal | undefined {
  const { period, occurrenceCount = 1 } = command;
  const anchor = anchorOf(state, command);
  if (anchor < state.instant) return refuseField('anchor', 'is in the past');
  if (isWithinCalendar(anchor, period, occurrenceCount)) return undefined;
  return refuseField('anchor', 'leads beyond the calendar');
}

function anchorOf(state: BookState, command: CreateSchedule): Instant {
  const anchor = command.anchor ?? state.instant;
  return command.startsNextPeriod ? addPeriods(anchor, command.period, 1) : anchor;
}
