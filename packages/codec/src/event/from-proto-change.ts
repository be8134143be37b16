// The change of an event, read back.
import type { Event } from '@scrip/contract';
import { present, type Change, type PersonalFieldName } from '@scrip/kernel';
import { fromProtoAccount } from '../account/from-proto-account.ts';
import { fromProtoGrant } from '../grant/from-proto-grant.ts';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoPosted } from './from-proto-posted.ts';
import {
  fromProtoGrantChanged,
  fromProtoHoldChanged,
  fromProtoScheduleChanged,
} from './from-proto-terms-change.ts';
import { fromProtoCouponChange } from './from-proto-coupon-change.ts';
import type { Moment } from './moment.ts';

type ProtoChange = Event['change'];
type AccountCase = Extract<ProtoChange, { readonly case: `account${string}` }>;

/** What happened. */
export function fromProtoChange(change: ProtoChange, moment: Moment): Change {
  switch (change.case) {
    case undefined:
      throw new Error('An event holds no known change.');
    case 'transactionPosted': {
      const grants = change.value.grants.map(fromProtoGrant);
      return {
        kind: 'transaction_posted',
        posting: fromProtoPosted(change.value, moment),
        ...present('grants', grants.length === 0 ? undefined : grants),
      };
    }
    case 'grantScheduled':
      return { kind: 'grant_scheduled', grant: fromProtoGrant(change.value.grant) };
    case 'grantActivated':
    case 'grantExpired':
    case 'grantVoided':
      return fromProtoGrantChanged(change, moment);
    case 'holdCreated':
    case 'holdExtended':
    case 'holdCaptured':
    case 'holdReleased':
    case 'holdExpired':
      return fromProtoHoldChanged(change, moment);
    case 'scheduleCreated':
    case 'scheduleEnded':
    case 'grantIssued':
      return fromProtoScheduleChanged(change, moment);
    case 'clockAdvanced':
      return { kind: 'clock_advanced', now: fromProtoTimestamp(change.value.now) };
    case 'accountCreated':
    case 'accountUpdated':
    case 'accountFrozen':
    case 'accountUnfrozen':
    case 'accountClosed':
      return fromProtoAccountChange(change, moment);
    default:
      return fromProtoCouponChange(change);
  }
}

function fromProtoAccountChange(change: AccountCase, moment: Moment): Change {
  const account = fromProtoAccount(change.value.account);
  switch (change.case) {
    case 'accountCreated': {
      const { opening } = change.value;
      const posting = opening && fromProtoPosted(opening, moment);
      return { kind: 'account_created', account, ...present('opening', posting) };
    }
    case 'accountUpdated': {
      const changedFields = change.value.changedFields as PersonalFieldName[];
      return { kind: 'account_updated', account, changedFields };
    }
    case 'accountFrozen':
      return { kind: 'account_frozen', account };
    case 'accountUnfrozen':
      return { kind: 'account_unfrozen', account };
    case 'accountClosed':
      return { kind: 'account_closed', account };
  }
}
