// Changes of coupons, credits, memberships and rules as messages.
import { create } from '@bufbuild/protobuf';
import type { Event } from '@scrip/contract';
import {
  CouponChangedSchema,
  CouponCodeCreatedSchema,
  CreditRuleChangedSchema,
  CustomerCreditIssuedSchema,
  CustomerCreditRevokedSchema,
  CustomerCreditUsedSchema,
  MembershipChangedSchema,
  MembershipCreditsIssuedSchema,
} from '@scrip/contract/coupons';
import { present, type CouponChange, type Instant } from '@scrip/kernel';
import { toProtoCoupon, toProtoCouponCode, toProtoCouponUses } from '../coupon/to-proto-coupon.ts';
import { toProtoCustomerCredit, toProtoRedemption } from '../coupon/to-proto-customer-credit.ts';
import { toProtoCreditRule, toProtoMembership } from '../coupon/to-proto-membership.ts';
import { protoIssueOccasions } from '../coupon/words.ts';
import { toProtoOptionalTimestamp } from '../value/instant.ts';

type ProtoChange = Event['change'];

const couponCases = {
  coupon_created: 'couponCreated',
  coupon_updated: 'couponUpdated',
  coupon_deleted: 'couponDeleted',
  coupon_restored: 'couponRestored',
} as const;
const useCases = {
  customer_credit_redeemed: 'customerCreditRedeemed',
  redemption_reversed: 'redemptionReversed',
} as const;
const membershipCases = {
  membership_created: 'membershipCreated',
  membership_status_changed: 'membershipStatusChanged',
} as const;
const ruleCases = {
  credit_rule_created: 'creditRuleCreated',
  credit_rule_updated: 'creditRuleUpdated',
  credit_rule_deleted: 'creditRuleDeleted',
} as const;

/** The one of `Event.change` that says what happened at an instant. */
export function toProtoCouponChange(change: CouponChange, at: Instant): ProtoChange {
  if ('coupon' in change) {
    const value = create(CouponChangedSchema, { coupon: toProtoCoupon(change.coupon) });
    return { case: couponCases[change.kind], value };
  }
  if ('rule' in change) {
    const creditRule = toProtoCreditRule(change.rule);
    return { case: ruleCases[change.kind], value: create(CreditRuleChangedSchema, { creditRule }) };
  }
  if ('membership' in change) return membershipChange(change, at);
  return creditChange(change, at);
}

type MembershipChange = Extract<CouponChange, { readonly membership: unknown }>;

function membershipChange(change: MembershipChange, at: Instant): ProtoChange {
  const membership = toProtoMembership(change.membership);
  if (change.kind !== 'membership_credits_issued') {
    const value = create(MembershipChangedSchema, { membership });
    return { case: membershipCases[change.kind], value };
  }
  const value = create(MembershipCreditsIssuedSchema, {
    membership,
    occasion: protoIssueOccasions[change.occasion],
    customerCredits: change.credits.map((credit) => toProtoCustomerCredit(credit, at)),
    couponCodes: change.couponCodes.map(toProtoCouponCode),
    ...present('dueAt', toProtoOptionalTimestamp(change.dueAt)),
  });
  return { case: 'membershipCreditsIssued', value };
}

type CreditChange = Exclude<
  CouponChange,
  MembershipChange | { readonly coupon: unknown } | { readonly rule: unknown }
>;

function creditChange(change: CreditChange, at: Instant): ProtoChange {
  if (change.kind === 'coupon_code_created') {
    const couponCode = toProtoCouponCode(change.couponCode);
    return { case: 'couponCodeCreated', value: create(CouponCodeCreatedSchema, { couponCode }) };
  }
  const customerCredit = toProtoCustomerCredit(change.credit, at);
  switch (change.kind) {
    case 'customer_credit_issued': {
      const couponCode = toProtoCouponCode(change.couponCode);
      const value = create(CustomerCreditIssuedSchema, { customerCredit, couponCode });
      return { case: 'customerCreditIssued', value };
    }
    case 'customer_credit_revoked': {
      const value = create(CustomerCreditRevokedSchema, { customerCredit });
      return { case: 'customerCreditRevoked', value };
    }
    case 'customer_credit_redeemed':
    case 'redemption_reversed': {
      const redemption = toProtoRedemption(change.redemption);
      const uses = toProtoCouponUses(change.uses);
      const value = create(CustomerCreditUsedSchema, { customerCredit, redemption, uses });
      return { case: useCases[change.kind], value };
    }
  }
}
