// What events say about coupons, credits, memberships and rules: each record as it is after them.
import type { CreditRule } from '../credit-rule/credit-rule.ts';
import type { CustomerCredit, Redemption } from '../customer-credit/customer-credit.ts';
import type { IssueOccasion, Membership } from '../membership/membership.ts';
import type { Instant } from '../value/instant.ts';
import type { Coupon, CouponCode, CouponUses } from './coupon.ts';

/** What happened. */
export type CouponChange =
  | {
      readonly kind: 'coupon_created' | 'coupon_updated' | 'coupon_deleted' | 'coupon_restored';
      readonly coupon: Coupon;
    }
  | { readonly kind: 'coupon_code_created'; readonly couponCode: CouponCode }
  | {
      /** By hand. */
      readonly kind: 'customer_credit_issued';
      readonly credit: CustomerCredit;
      readonly couponCode: CouponCode;
    }
  | {
      readonly kind: 'customer_credit_redeemed' | 'redemption_reversed';
      readonly credit: CustomerCredit;
      readonly redemption: Redemption;
      readonly uses: CouponUses;
    }
  | { readonly kind: 'customer_credit_revoked'; readonly credit: CustomerCredit }
  | {
      readonly kind: 'membership_created' | 'membership_status_changed';
      readonly membership: Membership;
    }
  | {
      readonly kind: 'membership_credits_issued';
      readonly membership: Membership;
      readonly occasion: IssueOccasion;
      /** By the age of their rules; possibly none. */
      readonly credits: readonly CustomerCredit[];
      /** Of the credits, in their order. */
      readonly couponCodes: readonly CouponCode[];
      /** When a period began. Never after the event's own instant. */
      readonly dueAt?: Instant;
    }
  | {
      readonly kind: 'credit_rule_created' | 'credit_rule_updated' | 'credit_rule_deleted';
      readonly rule: CreditRule;
    };

/** A thing with a UUID, or the counts of a coupon, as an event left it. */
export type CouponRecord =
  | { readonly kind: 'coupon'; readonly record: Coupon }
  | { readonly kind: 'coupon_code'; readonly record: CouponCode }
  | { readonly kind: 'coupon_uses'; readonly record: CouponUses }
  | { readonly kind: 'customer_credit'; readonly record: CustomerCredit }
  | { readonly kind: 'redemption'; readonly record: Redemption }
  | { readonly kind: 'membership'; readonly record: Membership }
  | { readonly kind: 'credit_rule'; readonly record: CreditRule };

/** Whether a change is one of these. */
export function isCouponChange<T extends { readonly kind: string }>(
  change: T | CouponChange,
): change is CouponChange {
  return change.kind in recordLists;
}

type ChangeOf<K extends CouponChange['kind'], Each = CouponChange> = Each extends {
  readonly kind: infer Kinds;
}
  ? K extends Kinds
    ? Each
    : never
  : never;

const ofCoupon = ({ coupon }: ChangeOf<'coupon_created'>): readonly CouponRecord[] => [
  { kind: 'coupon', record: coupon },
];
const ofUse = (change: ChangeOf<'customer_credit_redeemed'>): readonly CouponRecord[] => [
  { kind: 'customer_credit', record: change.credit },
  { kind: 'redemption', record: change.redemption },
  { kind: 'coupon_uses', record: change.uses },
];
const ofMembership = ({ membership }: ChangeOf<'membership_created'>): readonly CouponRecord[] => [
  { kind: 'membership', record: membership },
];
const ofRule = ({ rule }: ChangeOf<'credit_rule_created'>): readonly CouponRecord[] => [
  { kind: 'credit_rule', record: rule },
];

const recordLists: {
  readonly [K in CouponChange['kind']]: (change: ChangeOf<K>) => readonly CouponRecord[];
} = {
  coupon_created: ofCoupon,
  coupon_updated: ofCoupon,
  coupon_deleted: ofCoupon,
  coupon_restored: ofCoupon,
  coupon_code_created: ({ couponCode }) => [{ kind: 'coupon_code', record: couponCode }],
  customer_credit_issued: ({ credit, couponCode }) => [
    { kind: 'customer_credit', record: credit },
    { kind: 'coupon_code', record: couponCode },
  ],
  customer_credit_redeemed: ofUse,
  redemption_reversed: ofUse,
  customer_credit_revoked: ({ credit }) => [{ kind: 'customer_credit', record: credit }],
  membership_created: ofMembership,
  membership_status_changed: ofMembership,
  membership_credits_issued: ({ membership, credits, couponCodes }) => [
    { kind: 'membership', record: membership },
    ...credits.map((record) => ({ kind: 'customer_credit', record }) as const),
    ...couponCodes.map((record) => ({ kind: 'coupon_code', record }) as const),
  ],
  credit_rule_created: ofRule,
  credit_rule_updated: ofRule,
  credit_rule_deleted: ofRule,
};

/** All records that a change touched, as they are after it. */
export function recordsOfChange(change: CouponChange): readonly CouponRecord[] {
  const list = recordLists[change.kind] as (of: CouponChange) => readonly CouponRecord[];
  return list(change);
}

/** The customer whom a change concerns, if it is one's. */
export function customerIdOfChange(change: CouponChange): string | undefined {
  if ('credit' in change) return change.credit.customerId;
  if ('membership' in change) return change.membership.customerId;
  return 'couponCode' in change ? change.couponCode.customerId : undefined;
}
