// The change of an event as a message.
import { create } from '@bufbuild/protobuf';
import {
  AccountClosedSchema,
  AccountCreatedSchema,
  AccountFrozenSchema,
  AccountUnfrozenSchema,
  AccountUpdatedSchema,
  ClockAdvancedSchema,
  GrantScheduledSchema,
  type Event,
} from '@scrip/contract';
import { isCouponChange, present, type Change, type Instant } from '@scrip/kernel';
import { toProtoAccount } from '../account/to-proto-account.ts';
import { toProtoCouponChange } from './to-proto-coupon-change.ts';
import { toProtoGrant } from '../grant/to-proto-grant.ts';
import { toProtoTimestamp } from '../value/instant.ts';
import {
  toProtoGrantChanged,
  toProtoHoldChanged,
  toProtoScheduleChanged,
  type GrantChange,
  type HoldChange,
  type ScheduleChange,
} from './to-proto-terms-change.ts';
import { toProtoPosted } from './to-proto-posted.ts';

type ProtoChange = Event['change'];

/** The one of `Event.change` that says what happened at an instant. */
export function toProtoChange(change: Change, at: Instant): ProtoChange {
  if (isCouponChange(change)) return toProtoCouponChange(change, at);
  if ('account' in change) return accountChange(change);
  if ('hold' in change) return { case: holdCases[change.kind], value: toProtoHoldChanged(change) };
  if ('schedule' in change) {
    return { case: scheduleCases[change.kind], value: toProtoScheduleChanged(change) };
  }
  switch (change.kind) {
    case 'transaction_posted':
      return { case: 'transactionPosted', value: toProtoPosted(change.posting, change.grants) };
    case 'grant_scheduled': {
      const value = create(GrantScheduledSchema, { grant: toProtoGrant(change.grant) });
      return { case: 'grantScheduled', value };
    }
    case 'clock_advanced': {
      const value = create(ClockAdvancedSchema, { now: toProtoTimestamp(change.now) });
      return { case: 'clockAdvanced', value };
    }
    default:
      return { case: grantCases[change.kind], value: toProtoGrantChanged(change) };
  }
}

/** The names of the changes of grants, holds and schedules in the contract. */
const grantCases = {
  grant_activated: 'grantActivated',
  grant_expired: 'grantExpired',
  grant_voided: 'grantVoided',
} as const satisfies Record<GrantChange['kind'], ProtoChange['case']>;

const holdCases = {
  hold_created: 'holdCreated',
  hold_extended: 'holdExtended',
  hold_captured: 'holdCaptured',
  hold_released: 'holdReleased',
  hold_expired: 'holdExpired',
} as const satisfies Record<HoldChange['kind'], ProtoChange['case']>;

const scheduleCases = {
  schedule_created: 'scheduleCreated',
  schedule_ended: 'scheduleEnded',
  grant_issued: 'grantIssued',
} as const satisfies Record<ScheduleChange['kind'], ProtoChange['case']>;

type AccountChange = Extract<Change, { readonly account: unknown }>;

function accountChange(change: AccountChange): ProtoChange {
  const account = toProtoAccount(change.account);
  switch (change.kind) {
    case 'account_created': {
      const opening = change.opening && toProtoPosted(change.opening);
      const value = create(AccountCreatedSchema, { account, ...present('opening', opening) });
      return { case: 'accountCreated', value };
    }
    case 'account_updated': {
      const changedFields = [...change.changedFields];
      const value = create(AccountUpdatedSchema, { account, changedFields });
      return { case: 'accountUpdated', value };
    }
    case 'account_frozen':
      return { case: 'accountFrozen', value: create(AccountFrozenSchema, { account }) };
    case 'account_unfrozen':
      return { case: 'accountUnfrozen', value: create(AccountUnfrozenSchema, { account }) };
    case 'account_closed':
      return { case: 'accountClosed', value: create(AccountClosedSchema, { account }) };
  }
}
