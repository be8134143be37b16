// A schedule of an event, read back. The ledger wrote it: nothing is refused here.
import type { Schedule } from '@scrip/contract';
import {
  amountFromText,
  assert,
  present,
  type AccountId,
  type Schedule as KernelSchedule,
  type ScheduleId,
} from '@scrip/kernel';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import {
  knownWordOf,
  protoGrantCategories,
  protoLeftovers,
  protoPeriodUnits,
  protoScheduleStatuses,
} from '../value/words.ts';

/** The schedule that an event holds. */
export function fromProtoSchedule(schedule: Schedule | undefined): KernelSchedule {
  assert(schedule?.period !== undefined, 'an event about a schedule holds it');
  const unit = { label: schedule.unitLabel, scale: schedule.unitScale };
  const { period, cap } = schedule;
  return {
    id: schedule.id as ScheduleId,
    accountId: schedule.accountId as AccountId,
    unit,
    sequence: fromProtoSequence(schedule.sequence),
    createdAt: fromProtoTimestamp(schedule.createdAt),
    status: knownWordOf(protoScheduleStatuses, schedule.status),
    reference: schedule.reference,
    amount: amountFromText(schedule.amount, unit.scale),
    priority: schedule.priority,
    category: knownWordOf(protoGrantCategories, schedule.category),
    ...present('source', schedule.source),
    anchor: fromProtoTimestamp(schedule.anchor),
    period: { unit: knownWordOf(protoPeriodUnits, period.unit), count: period.count },
    leftover: knownWordOf(protoLeftovers, schedule.leftover),
    ...present('cap', cap === undefined ? undefined : amountFromText(cap, unit.scale)),
    ...present('occurrenceCount', schedule.occurrenceCount),
    issuedCount: schedule.issuedCount,
  };
}
