// Schedules as messages.
import { create } from '@bufbuild/protobuf';
import { ScheduleSchema, type Schedule } from '@scrip/contract';
import { formatAmount, nextIssueAt, present, type Schedule as KernelSchedule } from '@scrip/kernel';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import {
  protoGrantCategories,
  protoLeftovers,
  protoPeriodUnits,
  protoScheduleStatuses,
} from '../value/words.ts';

/** The message of a schedule, as answers hold it. */
export function toProtoSchedule(schedule: KernelSchedule): Schedule {
  const message = toProtoScheduleOfEvent(schedule);
  const next = nextIssueAt(schedule);
  if (next !== undefined) message.nextIssueAt = toProtoTimestamp(next);
  return message;
}

/** The message without what follows from the rest of it. */
export function toProtoScheduleOfEvent(schedule: KernelSchedule): Schedule {
  const { label, scale } = schedule.unit;
  const { cap, period } = schedule;
  return create(ScheduleSchema, {
    id: schedule.id,
    accountId: schedule.accountId,
    unitLabel: label,
    unitScale: scale,
    status: protoScheduleStatuses[schedule.status],
    reference: schedule.reference,
    amount: formatAmount(schedule.amount, scale),
    priority: schedule.priority,
    category: protoGrantCategories[schedule.category],
    ...present('source', schedule.source),
    anchor: toProtoTimestamp(schedule.anchor),
    period: { unit: protoPeriodUnits[period.unit], count: period.count },
    leftover: protoLeftovers[schedule.leftover],
    ...present('cap', cap === undefined ? undefined : formatAmount(cap, scale)),
    ...present('occurrenceCount', schedule.occurrenceCount),
    issuedCount: schedule.issuedCount,
    createdAt: toProtoTimestamp(schedule.createdAt),
    sequence: toProtoSequence(schedule.sequence),
  });
}
