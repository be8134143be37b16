// Changes of grants, holds and schedules, read back.
import type { Event, TransactionPosted } from '@scrip/contract';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  amountFromText,
  assert,
  present,
  type Change,
  type Instant,
  type Posting,
} from '@scrip/kernel';
import { fromProtoGrant } from '../grant/from-proto-grant.ts';
import { fromProtoHold } from '../hold/from-proto-hold.ts';
import { fromProtoSchedule } from '../schedule/from-proto-schedule.ts';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoPosted } from './from-proto-posted.ts';
import type { Moment } from './moment.ts';

type ProtoChange = Event['change'];
type CaseOf<Value extends string> = Extract<ProtoChange, { readonly case: Value }>;

const grantKinds = {
  grantActivated: 'grant_activated',
  grantExpired: 'grant_expired',
  grantVoided: 'grant_voided',
} as const;

const holdKinds = {
  holdCreated: 'hold_created',
  holdExtended: 'hold_extended',
  holdReleased: 'hold_released',
  holdExpired: 'hold_expired',
} as const;

export function fromProtoGrantChanged(
  change: CaseOf<keyof typeof grantKinds>,
  moment: Moment,
): Change {
  return {
    kind: grantKinds[change.case],
    grants: [fromProtoGrant(change.value.grant)],
    ...movedFields(change.value, moment),
  };
}

export function fromProtoHoldChanged(
  change: CaseOf<keyof typeof holdKinds | 'holdCaptured'>,
  moment: Moment,
): Change {
  const hold = fromProtoHold(change.value.hold);
  const heldAfter = amountFromText(change.value.heldAfter, hold.unit.scale);
  const all = change.value.grants.map(fromProtoGrant);
  const grants = present('grants', all.length === 0 ? undefined : all);
  const { posting, dueAt } = movedFields(change.value, moment);
  if (change.case === 'holdCaptured') {
    const isFinal = change.value.final;
    const captured = { kind: 'hold_captured', isFinal, hold, heldAfter } as const;
    return { ...captured, ...grants, ...present('posting', posting) };
  }
  return { kind: holdKinds[change.case], hold, heldAfter, ...grants, ...present('dueAt', dueAt) };
}

export function fromProtoScheduleChanged(
  change: CaseOf<'scheduleCreated' | 'scheduleEnded' | 'grantIssued'>,
  moment: Moment,
): Change {
  const schedule = fromProtoSchedule(change.value.schedule);
  switch (change.case) {
    case 'scheduleCreated':
      return { kind: 'schedule_created', schedule };
    case 'scheduleEnded':
      return { kind: 'schedule_ended', schedule };
    case 'grantIssued': {
      const { grant } = change.value;
      const { posting, dueAt } = movedFields(change.value, moment);
      assert(dueAt !== undefined, 'a period begins at an instant');
      return {
        kind: 'grant_issued',
        schedule,
        ...(grant === undefined ? {} : { grants: [fromProtoGrant(grant)] }),
        ...present('posting', posting),
        dueAt,
      };
    }
  }
}

function movedFields(
  value: {
    readonly posted?: TransactionPosted | undefined;
    readonly dueAt?: Timestamp | undefined;
  },
  moment: Moment,
): { readonly posting?: Posting; readonly dueAt?: Instant } {
  return {
    ...present('posting', value.posted && fromProtoPosted(value.posted, moment)),
    ...present('dueAt', value.dueAt && fromProtoTimestamp(value.dueAt)),
  };
}
