// Requests about schedules, as commands and queries.
import type {
  CreateScheduleRequest,
  EndScheduleRequest,
  GetScheduleRequest,
  ListSchedulesRequest,
} from '@scrip/contract';
import type { TermsQuery } from '@scrip/engine';
import {
  parseCreateSchedule,
  parsed,
  parseEndSchedule,
  refuseField,
  type CreateSchedule,
  type EndSchedule,
  type Parsed,
} from '@scrip/kernel';
import { fromProtoAccountRef } from '../account/from-proto-account-ref.ts';
import { fromProtoTermsQuery } from '../read/from-proto-terms-query.ts';
import { fromProtoOptionalTermTimestamp } from '../value/instant.ts';
import { protoGrantCategories, protoLeftovers, protoPeriodUnits, wordOf } from '../value/words.ts';

export function fromProtoCreateScheduleRequest(
  request: CreateScheduleRequest,
): Parsed<CreateSchedule> {
  const account = fromProtoAccountRef(request.account);
  if (account.kind === 'refused') return account;
  const anchor = fromProtoOptionalTermTimestamp(request.anchor, 'anchor');
  if (anchor.kind === 'refused') return anchor;
  const unit = request.period && wordOf(protoPeriodUnits, request.period.unit);
  if (request.period === undefined || unit === undefined) {
    return refuseField('period.unit', 'is required');
  }
  return parseCreateSchedule({
    ...request,
    account: account.value,
    category: wordOf(protoGrantCategories, request.category) ?? 'paid',
    anchor: anchor.value,
    period: { unit, count: request.period.count },
    leftover: wordOf(protoLeftovers, request.leftover) ?? 'roll_over',
  });
}

export function fromProtoEndScheduleRequest(request: EndScheduleRequest): Parsed<EndSchedule> {
  return parseEndSchedule(request);
}

export function fromProtoGetScheduleRequest({ scheduleId }: GetScheduleRequest): Parsed<string> {
  return parsed(scheduleId);
}

export function fromProtoListSchedulesRequest(request: ListSchedulesRequest): Parsed<TermsQuery> {
  return fromProtoTermsQuery({ ...request, liveOnly: false });
}
