// Customers' credits: vouchers, and their uses.
import type { CouponId, CouponValue, OfferingType, Weekday } from '../coupon/coupon.ts';
import type { RuleIssue } from '../credit-rule/credit-rule.ts';
import type { Instant } from '../value/instant.ts';
import type { Sequence } from '../value/sequence.ts';

/** A public id of a customer's credit: a UUID. */
export type CustomerCreditId = string & { readonly brand: 'CustomerCreditId' };
/** A public id of a redemption: a UUID. */
export type RedemptionId = string & { readonly brand: 'RedemptionId' };

/** What can be done with a credit; see `creditStatus`. */
export type CustomerCreditStatus = 'active' | 'expired' | 'redeemed' | 'revoked';

/** A voucher of one customer. What it says about its coupon is of the moment of its issue. */
export interface CustomerCredit {
  readonly id: CustomerCreditId;
  readonly customerId: string;
  readonly couponId: CouponId;
  readonly membershipId?: string;
  readonly couponName: string;
  readonly couponDescription?: string;
  readonly couponCode: string;
  readonly value: CouponValue;
  readonly multiUse: boolean;
  readonly forLeadBookerOnly: boolean;
  /** To recognise at a use, in the smallest unit of the currency. */
  readonly revenue?: bigint;
  /** Uses that stand. */
  readonly useCount: number;
  /** When a period began, for a credit of a membership's period. */
  readonly issuedAt: Instant;
  /** Exclusive: at this instant it is expired. */
  readonly expiresAt?: Instant;
  /** Of single-use credits alone. */
  readonly redeemedAt?: Instant;
  readonly revokedAt?: Instant;
  /** The rule that issued it, and for what. */
  readonly ruleIssue?: RuleIssue;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** The event that made it. */
  readonly sequence: Sequence;
}

/** A thing that is sold. */
export interface Offering {
  readonly type: OfferingType;
  readonly id: string;
}

/** One use of a credit. */
export interface Redemption {
  readonly id: RedemptionId;
  readonly customerCreditId: CustomerCreditId;
  readonly couponId: CouponId;
  readonly customerId: string;
  readonly reference: string;
  /** What it took off, in the smallest unit of the currency. */
  readonly amount?: bigint;
  readonly revenue?: bigint;
  readonly offering?: Offering;
  readonly weekday: Weekday;
  readonly redeemedAt: Instant;
  /** Absent: it stands. */
  readonly reversedAt?: Instant;
  /** The event that made it. */
  readonly sequence: Sequence;
}

/**
 * The status of a credit at an instant. The first that fits counts: revoked, redeemed (single-use
 * alone), expired, active.
 */
export function creditStatus(credit: CustomerCredit, at: Instant): CustomerCreditStatus {
  if (credit.revokedAt !== undefined) return 'revoked';
  if (credit.redeemedAt !== undefined) return 'redeemed';
  if (credit.expiresAt !== undefined && at >= credit.expiresAt) return 'expired';
  return 'active';
}
