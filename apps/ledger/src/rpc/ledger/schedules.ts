// The RPCs about grants that come again each period.
import {
  fromProtoCreateScheduleRequest,
  fromProtoEndScheduleRequest,
  fromProtoGetScheduleRequest,
  fromProtoListSchedulesRequest,
  toProtoSchedule,
  toProtoSequence,
} from '@scrip/codec';
import { ScheduleSchema, type Schedule } from '@scrip/contract';
import { assert } from '@scrip/kernel';
import type { Done, LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { toMessagesPage } from './messages-page.ts';

export function scheduleRpcs({ submit, read, terms }: LedgerParts) {
  return {
    createSchedule: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateScheduleRequest(request))),
    endSchedule: async (request, context) =>
      answerOf(await submit(context, fromProtoEndScheduleRequest(request))),
    getSchedule: async (request, context) => {
      const query = fromProtoGetScheduleRequest(request);
      const { value, sequence } = await read({ request, context }, query, ({ book }, id) =>
        terms.schedule(book, id),
      );
      return { schedule: toProtoSchedule(value), sequence: toProtoSequence(sequence) };
    },
    listSchedules: async (request, context) => {
      const query = fromProtoListSchedulesRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        terms.schedules(book, asked),
      );
      const { items, facts } = toMessagesPage(told, ScheduleSchema, toProtoSchedule);
      return { schedules: items, ...facts };
    },
  } satisfies Partial<LedgerRpcs>;
}

/** The schedule that a change was about, as the change left it. */
function answerOf({ event, sequence }: Done): {
  readonly schedule: Schedule;
  readonly sequence: bigint;
} {
  const { change } = event;
  assert('schedule' in change, 'the event is about a schedule');
  return { schedule: toProtoSchedule(change.schedule), sequence: toProtoSequence(sequence) };
}
