// Events: what an accepted command changed, with its sequence. The history is made of nothing else.
import type { AccountSnapshot } from '../account/account.ts';
import {
  customerIdOfChange,
  isCouponChange,
  recordsOfChange,
  type CouponChange,
  type CouponRecord,
} from '../coupon/coupon-change.ts';
import type { Grant } from '../grant/grant.ts';
import type { Hold } from '../hold/hold.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { Posting } from '../transaction/transaction.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, Sequence } from '../value/id.ts';

/** The names of the personal fields, as the contract spells them. */
export type PersonalFieldName = 'display_name' | 'email' | 'metadata';

/** What happened. */
export type Change =
  | CouponChange
  | {
      readonly kind: 'account_created';
      readonly account: AccountSnapshot;
      readonly opening?: Posting;
    }
  | {
      readonly kind: 'account_updated';
      readonly account: AccountSnapshot;
      readonly changedFields: readonly PersonalFieldName[];
    }
  | {
      readonly kind: 'account_frozen' | 'account_unfrozen' | 'account_closed';
      readonly account: AccountSnapshot;
    }
  | {
      readonly kind: 'transaction_posted';
      readonly posting: Posting;
      /** The grants that it touched, as they are after it. */
      readonly grants?: readonly Grant[];
    }
  | {
      /** The clock of a test book shows at least `now` from the next batch on. */
      readonly kind: 'clock_advanced';
      readonly now: Instant;
    }
  | {
      /** A grant whose credits come later: nothing moves yet. */
      readonly kind: 'grant_scheduled';
      readonly grant: Grant;
    }
  | {
      /** What time or a void does to a grant; without a posting when no credits moved. */
      readonly kind: 'grant_activated' | 'grant_expired' | 'grant_voided';
      readonly grants: readonly [Grant];
      readonly posting?: Posting;
      /** When it took effect, for what time does. Never after the event's own instant. */
      readonly dueAt?: Instant;
    }
  | {
      readonly kind: 'hold_created' | 'hold_extended' | 'hold_released' | 'hold_expired';
      readonly hold: Hold;
      /** What holds keep of the account after it, in all. */
      readonly heldAfter: bigint;
      readonly grants?: readonly Grant[];
      readonly dueAt?: Instant;
    }
  | {
      readonly kind: 'schedule_created' | 'schedule_ended';
      readonly schedule: Schedule;
    }
  | {
      /** A period began. Without a grant and a posting when the cap left nothing to grant. */
      readonly kind: 'grant_issued';
      readonly schedule: Schedule;
      readonly grants?: readonly [Grant];
      readonly posting?: Posting;
      readonly dueAt: Instant;
    }
  | {
      /** Without a posting when nothing was taken. */
      readonly kind: 'hold_captured';
      /** Whether the caller meant it to end the hold. */
      readonly isFinal: boolean;
      readonly hold: Hold;
      readonly heldAfter: bigint;
      readonly grants?: readonly Grant[];
      readonly posting?: Posting;
    };

/** One accepted change of a book. */
export interface BookEvent {
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  /** The caller's key, where one was given. */
  readonly idempotencyKey?: string;
  readonly change: Change;
}

/** The posting of an event, if it moved credits. */
export function postingOf({ change }: BookEvent): Posting | undefined {
  if (change.kind === 'account_created') return change.opening;
  return 'posting' in change ? change.posting : undefined;
}

const noGrants: readonly Grant[] = [];

/** The grants that an event touched, as they are after it. */
export function grantsOf({ change }: BookEvent): readonly Grant[] {
  if (change.kind === 'grant_scheduled') return [change.grant];
  return ('grants' in change ? change.grants : undefined) ?? noGrants;
}

/** The hold that an event is about, as it is after it. */
export function holdOf({ change }: BookEvent): Hold | undefined {
  return 'hold' in change ? change.hold : undefined;
}

/** The coupons, codes, credits and so on that an event touched, as they are after it. */
export function couponRecordsOf({ change }: BookEvent): readonly CouponRecord[] {
  return isCouponChange(change) ? recordsOfChange(change) : [];
}

/** The customer whose credit or membership an event is about. Of accounts it tells nothing. */
export function customerIdOf({ change }: BookEvent): string | undefined {
  return isCouponChange(change) ? customerIdOfChange(change) : undefined;
}

/** The accounts that an event touches, each once. */
export function accountIdsOf(event: BookEvent): readonly AccountId[] {
  const { change } = event;
  if ('account' in change) return [change.account.id];
  if ('hold' in change) return [change.hold.accountId];
  if ('schedule' in change) return [change.schedule.accountId];
  if (change.kind !== 'transaction_posted') return grantsOf(event).map((grant) => grant.accountId);
  return change.posting.transaction.entries.map((entry) => entry.accountId);
}
