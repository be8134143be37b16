// Changes of grants, holds and schedules as messages.
import { create } from '@bufbuild/protobuf';
import {
  GrantChangedSchema,
  HoldChangedSchema,
  HoldSchema,
  ScheduleChangedSchema,
  type GrantChanged,
  type HoldChanged,
  type ScheduleChanged,
  type TransactionPosted,
} from '@scrip/contract';
import { formatAmount, present, type Change, type Instant, type Posting } from '@scrip/kernel';
import { toProtoGrant } from '../grant/to-proto-grant.ts';
import { toProtoHoldOfEvent } from '../hold/to-proto-hold.ts';
import { toProtoScheduleOfEvent } from '../schedule/to-proto-schedule.ts';
import { toProtoTimestamp } from '../value/instant.ts';
import { attachMetadata } from './attach-metadata.ts';
import { toProtoPosted } from './to-proto-posted.ts';

export type GrantChange = Extract<
  Change,
  { readonly kind: 'grant_activated' | 'grant_expired' | 'grant_voided' }
>;
export type HoldChange = Extract<Change, { readonly hold: unknown }>;
export type ScheduleChange = Extract<Change, { readonly schedule: unknown }>;

export function toProtoGrantChanged(change: GrantChange): GrantChanged {
  const [grant] = change.grants;
  return create(GrantChangedSchema, { grant: toProtoGrant(grant), ...movedFields(change) });
}

export function toProtoHoldChanged(change: HoldChange): HoldChanged {
  const hold = toProtoHoldOfEvent(change.hold);
  const { metadata } = change.hold;
  if (metadata !== undefined) attachMetadata(hold, HoldSchema.field.metadata, metadata);
  const grants = (change.grants ?? []).map(toProtoGrant);
  const heldAfter = formatAmount(change.heldAfter, change.hold.unit.scale);
  const final = change.kind === 'hold_captured' && change.isFinal;
  return create(HoldChangedSchema, { hold, grants, ...movedFields(change), heldAfter, final });
}

export function toProtoScheduleChanged(change: ScheduleChange): ScheduleChanged {
  const [grant] = 'grants' in change ? (change.grants ?? []) : [];
  return create(ScheduleChangedSchema, {
    schedule: toProtoScheduleOfEvent(change.schedule),
    ...present('grant', grant && toProtoGrant(grant)),
    ...(change.kind === 'grant_issued' ? movedFields(change) : {}),
  });
}

/** What moved, and when it was due. The grants stand beside it and are not told twice. */
function movedFields(change: { readonly posting?: Posting; readonly dueAt?: Instant }): {
  readonly posted?: TransactionPosted;
  readonly dueAt?: ReturnType<typeof toProtoTimestamp>;
} {
  const { posting, dueAt } = change;
  return {
    ...present('posted', posting && toProtoPosted(posting)),
    ...present('dueAt', dueAt === undefined ? undefined : toProtoTimestamp(dueAt)),
  };
}
