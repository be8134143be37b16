// A credit or a use of an event, read back. The ledger wrote them: nothing is refused here.
import type { CustomerCredit, Redemption, RuleIssue } from '@scrip/contract/coupons';
import {
  assert,
  present,
  type CouponId,
  type CreditRuleId,
  type CustomerCredit as KernelCustomerCredit,
  type CustomerCreditId,
  type Redemption as KernelRedemption,
  type RedemptionId,
  type RuleIssue as KernelRuleIssue,
} from '@scrip/kernel';
import { fromProtoOptionalTimestamp, fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf } from '../value/words.ts';
import { fromProtoValue } from './from-proto-coupon.ts';
import { protoIssuingFrequencies, protoOfferingTypes, protoWeekdays } from './words.ts';

/** The credit that an event holds. */
export function fromProtoCustomerCredit(credit: CustomerCredit | undefined): KernelCustomerCredit {
  assert(credit !== undefined, 'an event about a credit holds it');
  const { ruleIssue } = credit;
  return {
    id: credit.id as CustomerCreditId,
    customerId: credit.customerId,
    couponId: credit.couponId as CouponId,
    ...present('membershipId', credit.membershipId),
    couponName: credit.couponName,
    ...present('couponDescription', credit.couponDescription),
    couponCode: credit.couponCode,
    value: fromProtoValue(credit.value),
    multiUse: credit.multiUse,
    forLeadBookerOnly: credit.forLeadBookerOnly,
    ...present('revenue', credit.revenue),
    useCount: credit.useCount,
    issuedAt: fromProtoTimestamp(credit.issuedAt),
    ...present('expiresAt', fromProtoOptionalTimestamp(credit.expiresAt)),
    ...present('redeemedAt', fromProtoOptionalTimestamp(credit.redeemedAt)),
    ...present('revokedAt', fromProtoOptionalTimestamp(credit.revokedAt)),
    ...present('ruleIssue', ruleIssue && fromProtoRuleIssue(ruleIssue)),
    createdAt: fromProtoTimestamp(credit.createdAt),
    updatedAt: fromProtoTimestamp(credit.updatedAt),
    sequence: fromProtoSequence(credit.sequence),
  };
}

/** What a rule issues once. */
export function fromProtoRuleIssue({ ruleId, frequency, period }: RuleIssue): KernelRuleIssue {
  const word = knownWordOf(protoIssuingFrequencies, frequency);
  return { ruleId: ruleId as CreditRuleId, frequency: word, period };
}

/** The use that an event holds. */
export function fromProtoRedemption(redemption: Redemption | undefined): KernelRedemption {
  assert(redemption !== undefined, 'an event about a use holds it');
  const { offering } = redemption;
  return {
    id: redemption.id as RedemptionId,
    customerCreditId: redemption.customerCreditId as CustomerCreditId,
    couponId: redemption.couponId as CouponId,
    customerId: redemption.customerId,
    reference: redemption.reference,
    ...present('amount', redemption.amount),
    ...present('revenue', redemption.revenue),
    ...present(
      'offering',
      offering && { type: knownWordOf(protoOfferingTypes, offering.type), id: offering.id },
    ),
    weekday: knownWordOf(protoWeekdays, redemption.weekday),
    redeemedAt: fromProtoTimestamp(redemption.redeemedAt),
    ...present('reversedAt', fromProtoOptionalTimestamp(redemption.reversedAt)),
    sequence: fromProtoSequence(redemption.sequence),
  };
}
