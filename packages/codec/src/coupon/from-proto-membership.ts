// A membership or a rule of an event, read back. The ledger wrote them: nothing is refused here.
import type { CreditRule, Membership } from '@scrip/contract/coupons';
import {
  assert,
  present,
  type CouponId,
  type CreditRule as KernelCreditRule,
  type CreditRuleId,
  type Membership as KernelMembership,
  type MembershipId,
} from '@scrip/kernel';
import { fromProtoOptionalTimestamp, fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf } from '../value/words.ts';
import { fromProtoRuleIssue } from './from-proto-customer-credit.ts';
import { protoIssuingFrequencies, protoMembershipStatuses } from './words.ts';

/** The membership that an event holds. */
export function fromProtoMembership(membership: Membership | undefined): KernelMembership {
  assert(membership !== undefined, 'an event about a membership holds it');
  return {
    id: membership.id as MembershipId,
    customerId: membership.customerId,
    membershipTypeId: membership.membershipTypeId,
    status: knownWordOf(protoMembershipStatuses, membership.status),
    anchor: fromProtoTimestamp(membership.anchor),
    ...present('activeSince', fromProtoOptionalTimestamp(membership.activeSince)),
    nextPeriod: membership.nextPeriod,
    skippedPeriods: [...membership.skippedPeriods],
    chargeCount: membership.chargeCount,
    lastIssues: membership.lastIssues.map(fromProtoRuleIssue),
    createdAt: fromProtoTimestamp(membership.createdAt),
    updatedAt: fromProtoTimestamp(membership.updatedAt),
    sequence: fromProtoSequence(membership.sequence),
  };
}

/** The rule that an event holds. */
export function fromProtoCreditRule(rule: CreditRule | undefined): KernelCreditRule {
  assert(rule?.terms !== undefined, 'an event about a rule holds it');
  const { terms } = rule;
  return {
    id: rule.id as CreditRuleId,
    terms: {
      membershipTypeId: terms.membershipTypeId,
      ...present('membershipTypeName', terms.membershipTypeName),
      couponId: terms.couponId as CouponId,
      couponName: terms.couponName ?? '',
      ...present('couponDescription', terms.couponDescription),
      frequency: knownWordOf(protoIssuingFrequencies, terms.frequency),
      rollOver: terms.rollOver,
      issueOnSignup: terms.issueOnSignup,
      multiUse: terms.multiUse,
      forLeadBookerOnly: terms.forLeadBookerOnly,
    },
    createdAt: fromProtoTimestamp(rule.createdAt),
    updatedAt: fromProtoTimestamp(rule.updatedAt),
    ...present('deletedAt', fromProtoOptionalTimestamp(rule.deletedAt)),
    sequence: fromProtoSequence(rule.sequence),
  };
}
