// Changes of coupons, credits, memberships and rules, read back.
import type { Event } from '@scrip/contract';
import { present, type CouponChange } from '@scrip/kernel';
import {
  fromProtoCoupon,
  fromProtoCouponCode,
  fromProtoCouponUses,
} from '../coupon/from-proto-coupon.ts';
import {
  fromProtoCustomerCredit,
  fromProtoRedemption,
} from '../coupon/from-proto-customer-credit.ts';
import { fromProtoCreditRule, fromProtoMembership } from '../coupon/from-proto-membership.ts';
import { protoIssueOccasions } from '../coupon/words.ts';
import { fromProtoOptionalTimestamp } from '../value/instant.ts';
import { knownWordOf } from '../value/words.ts';

type ProtoChange = Event['change'];
type CaseOf<Value extends string> = Extract<ProtoChange, { readonly case: Value }>;

const couponKinds = {
  couponCreated: 'coupon_created',
  couponUpdated: 'coupon_updated',
  couponDeleted: 'coupon_deleted',
  couponRestored: 'coupon_restored',
} as const;
const useKinds = {
  customerCreditRedeemed: 'customer_credit_redeemed',
  redemptionReversed: 'redemption_reversed',
} as const;
const membershipKinds = {
  membershipCreated: 'membership_created',
  membershipStatusChanged: 'membership_status_changed',
} as const;
const ruleKinds = {
  creditRuleCreated: 'credit_rule_created',
  creditRuleUpdated: 'credit_rule_updated',
  creditRuleDeleted: 'credit_rule_deleted',
} as const;

/** The changes that are about coupons and what comes of them. */
type CouponCase = CaseOf<
  | keyof typeof couponKinds
  | keyof typeof useKinds
  | keyof typeof membershipKinds
  | keyof typeof ruleKinds
  | 'couponCodeCreated'
  | 'customerCreditIssued'
  | 'customerCreditRevoked'
  | 'membershipCreditsIssued'
>;

/** What happened. */
export function fromProtoCouponChange(change: CouponCase): CouponChange {
  switch (change.case) {
    case 'couponCreated':
    case 'couponUpdated':
    case 'couponDeleted':
    case 'couponRestored':
      return { kind: couponKinds[change.case], coupon: fromProtoCoupon(change.value.coupon) };
    case 'creditRuleCreated':
    case 'creditRuleUpdated':
    case 'creditRuleDeleted':
      return { kind: ruleKinds[change.case], rule: fromProtoCreditRule(change.value.creditRule) };
    case 'membershipCreated':
    case 'membershipStatusChanged': {
      const membership = fromProtoMembership(change.value.membership);
      return { kind: membershipKinds[change.case], membership };
    }
    case 'membershipCreditsIssued':
      return fromProtoIssues(change.value);
    default:
      return fromProtoCreditChange(change);
  }
}

function fromProtoIssues(value: CaseOf<'membershipCreditsIssued'>['value']): CouponChange {
  return {
    kind: 'membership_credits_issued',
    membership: fromProtoMembership(value.membership),
    occasion: knownWordOf(protoIssueOccasions, value.occasion),
    credits: value.customerCredits.map(fromProtoCustomerCredit),
    couponCodes: value.couponCodes.map(fromProtoCouponCode),
    ...present('dueAt', fromProtoOptionalTimestamp(value.dueAt)),
  };
}

type CreditCase = CaseOf<
  keyof typeof useKinds | 'couponCodeCreated' | 'customerCreditIssued' | 'customerCreditRevoked'
>;

function fromProtoCreditChange(change: CreditCase): CouponChange {
  if (change.case === 'couponCodeCreated') {
    const couponCode = fromProtoCouponCode(change.value.couponCode);
    return { kind: 'coupon_code_created', couponCode };
  }
  const credit = fromProtoCustomerCredit(change.value.customerCredit);
  switch (change.case) {
    case 'customerCreditIssued': {
      const couponCode = fromProtoCouponCode(change.value.couponCode);
      return { kind: 'customer_credit_issued', credit, couponCode };
    }
    case 'customerCreditRevoked':
      return { kind: 'customer_credit_revoked', credit };
    case 'customerCreditRedeemed':
    case 'redemptionReversed': {
      const redemption = fromProtoRedemption(change.value.redemption);
      const uses = fromProtoCouponUses(change.value.uses);
      return { kind: useKinds[change.case], credit, redemption, uses };
    }
  }
}
