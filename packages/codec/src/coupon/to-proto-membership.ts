// Memberships and credit rules as messages.
import { create } from '@bufbuild/protobuf';
import {
  CreditRuleSchema,
  MembershipSchema,
  type CreditRule,
  type Membership,
} from '@scrip/contract/coupons';
import {
  nextPeriodAt,
  present,
  type CreditRule as KernelCreditRule,
  type Membership as KernelMembership,
} from '@scrip/kernel';
import { toProtoOptionalTimestamp, toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { toProtoRuleIssue } from './to-proto-customer-credit.ts';
import { protoIssuingFrequencies, protoMembershipStatuses } from './words.ts';

/** The message of a membership. */
export function toProtoMembership(membership: KernelMembership): Membership {
  return create(MembershipSchema, {
    id: membership.id,
    customerId: membership.customerId,
    membershipTypeId: membership.membershipTypeId,
    status: protoMembershipStatuses[membership.status],
    anchor: toProtoTimestamp(membership.anchor),
    ...present('activeSince', toProtoOptionalTimestamp(membership.activeSince)),
    nextPeriod: membership.nextPeriod,
    ...present('nextPeriodAt', toProtoOptionalTimestamp(nextPeriodAt(membership))),
    skippedPeriods: [...membership.skippedPeriods],
    chargeCount: membership.chargeCount,
    lastIssues: membership.lastIssues.map(toProtoRuleIssue),
    createdAt: toProtoTimestamp(membership.createdAt),
    updatedAt: toProtoTimestamp(membership.updatedAt),
    sequence: toProtoSequence(membership.sequence),
  });
}

/** The message of a rule. */
export function toProtoCreditRule(rule: KernelCreditRule): CreditRule {
  const { frequency, ...terms } = rule.terms;
  return create(CreditRuleSchema, {
    id: rule.id,
    terms: { ...terms, frequency: protoIssuingFrequencies[frequency] },
    createdAt: toProtoTimestamp(rule.createdAt),
    updatedAt: toProtoTimestamp(rule.updatedAt),
    ...present('deletedAt', toProtoOptionalTimestamp(rule.deletedAt)),
    sequence: toProtoSequence(rule.sequence),
  });
}
