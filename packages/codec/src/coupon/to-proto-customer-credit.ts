// Customers' credits and their uses as messages.
import { create } from '@bufbuild/protobuf';
import {
  CustomerCreditSchema,
  RedemptionSchema,
  type CustomerCredit,
  type Redemption,
} from '@scrip/contract/coupons';
import {
  creditStatus,
  present,
  type CustomerCredit as KernelCustomerCredit,
  type Instant,
  type Offering,
  type Redemption as KernelRedemption,
  type RuleIssue,
} from '@scrip/kernel';
import { toProtoOptionalTimestamp, toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { toProtoValue } from './to-proto-coupon.ts';
import {
  protoCustomerCreditStatuses,
  protoIssuingFrequencies,
  protoOfferingTypes,
  protoWeekdays,
} from './words.ts';

/** The message of a credit, with its status as of an instant. */
export function toProtoCustomerCredit(credit: KernelCustomerCredit, at: Instant): CustomerCredit {
  const { ruleIssue } = credit;
  return create(CustomerCreditSchema, {
    id: credit.id,
    customerId: credit.customerId,
    couponId: credit.couponId,
    ...present('membershipId', credit.membershipId),
    status: protoCustomerCreditStatuses[creditStatus(credit, at)],
    couponName: credit.couponName,
    ...present('couponDescription', credit.couponDescription),
    couponCode: credit.couponCode,
    value: toProtoValue(credit.value),
    multiUse: credit.multiUse,
    forLeadBookerOnly: credit.forLeadBookerOnly,
    ...present('revenue', credit.revenue),
    useCount: credit.useCount,
    issuedAt: toProtoTimestamp(credit.issuedAt),
    ...present('expiresAt', toProtoOptionalTimestamp(credit.expiresAt)),
    ...present('redeemedAt', toProtoOptionalTimestamp(credit.redeemedAt)),
    ...present('revokedAt', toProtoOptionalTimestamp(credit.revokedAt)),
    ...present('ruleIssue', ruleIssue && toProtoRuleIssue(ruleIssue)),
    createdAt: toProtoTimestamp(credit.createdAt),
    updatedAt: toProtoTimestamp(credit.updatedAt),
    sequence: toProtoSequence(credit.sequence),
  });
}

/** What a rule issues once. */
export function toProtoRuleIssue({ ruleId, frequency, period }: RuleIssue) {
  return { ruleId, frequency: protoIssuingFrequencies[frequency], period };
}

/** The message of a use. */
export function toProtoRedemption(redemption: KernelRedemption): Redemption {
  const { offering } = redemption;
  return create(RedemptionSchema, {
    id: redemption.id,
    customerCreditId: redemption.customerCreditId,
    couponId: redemption.couponId,
    customerId: redemption.customerId,
    reference: redemption.reference,
    ...present('amount', redemption.amount),
    ...present('revenue', redemption.revenue),
    ...present('offering', offering && toProtoOffering(offering)),
    weekday: protoWeekdays[redemption.weekday],
    redeemedAt: toProtoTimestamp(redemption.redeemedAt),
    ...present('reversedAt', toProtoOptionalTimestamp(redemption.reversedAt)),
    sequence: toProtoSequence(redemption.sequence),
  });
}

function toProtoOffering({ type, id }: Offering) {
  return { type: protoOfferingTypes[type], id };
}
