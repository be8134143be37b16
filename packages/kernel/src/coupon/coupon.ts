// Coupons: what customers' credits are issued from, and the codes that stand for them.
import type { Period } from '../schedule/calendar.ts';
import type { Instant } from '../value/instant.ts';
import type { Sequence } from '../value/sequence.ts';

/** A public id of a coupon: a UUID. */
export type CouponId = string & { readonly brand: 'CouponId' };
/** A public id of a code: a UUID. */
export type CouponCodeId = string & { readonly brand: 'CouponCodeId' };

/** What a use is worth: money in the smallest unit of its currency, or a part of the price. */
export type CouponValue =
  | { readonly kind: 'fixed_amount'; readonly amount: bigint; readonly currency: string }
  /** 1 to 100, a whole number. */
  | { readonly kind: 'percentage'; readonly percentage: number };

/** Kinds of things that are sold. */
export type OfferingType = 'product' | 'appointment' | 'session' | 'area_booking' | 'package';

/** Offerings of one type; without ids all of it. */
export interface OfferingGroup {
  readonly type: OfferingType;
  readonly ids: readonly string[];
}

/** The days of a week, in their order. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** A day of the week. */
export type Weekday = (typeof weekdays)[number];

/** What uses are counted in, by the calendar of UTC; weeks begin on Monday. */
export type UsesPeriod = 'day' | 'week' | 'month' | 'year';

/** How a coupon is meant to be used: by a code, or by a program as a customer's credit. */
export type RedemptionType = 'manual' | 'credit';

/** What a caller says about a coupon. */
export interface CouponTerms {
  readonly name: string;
  readonly description?: string;
  readonly value: CouponValue;
  /** Each type at most once. None: all. */
  readonly offerings: readonly OfferingGroup[];
  /** In their order. None: all. */
  readonly validWeekdays: readonly Weekday[];
  readonly multiUse: boolean;
  /** Of all its credits together. Absent: no limit. */
  readonly maxUses?: number;
  /** Absent: for ever. Not without `maxUses`. */
  readonly maxUsesPeriod?: UsesPeriod;
  /** How long a credit lasts from its issue. Absent: for ever. */
  readonly validityPeriod?: Period;
  readonly redemptionType: RedemptionType;
  readonly forLeadBookerOnly: boolean;
}

/** A coupon. */
export interface Coupon {
  readonly id: CouponId;
  readonly terms: CouponTerms;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Nothing is issued from it any more; what was issued stays good. */
  readonly deletedAt?: Instant;
  /** The event that made it. */
  readonly sequence: Sequence;
}

/** A text that stands for a coupon. */
export interface CouponCode {
  readonly id: CouponCodeId;
  readonly couponId: CouponId;
  /** In upper case; unique within the coupon for ever. */
  readonly code: string;
  readonly validFrom?: Instant;
  /** Exclusive. */
  readonly validTo?: Instant;
  readonly multiUse: boolean;
  readonly customerId?: string;
  readonly customerCreditId?: string;
  readonly createdAt: Instant;
  readonly sequence: Sequence;
}

/** The uses of a coupon that stand, in the periods of one instant. */
export interface CouponUses {
  readonly couponId: CouponId;
  readonly countedAt: Instant;
  readonly day: number;
  readonly week: number;
  readonly month: number;
  readonly year: number;
  readonly all: number;
}

/** Under what a code is looked up. */
export function codeIndex(couponId: string, code: string): string {
  // Neither part can hold a space, so that no two pairs meet.
  return `${couponId} ${code}`;
}
