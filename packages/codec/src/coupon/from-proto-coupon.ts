// A coupon, a code or counts of an event, read back. Nothing is refused: the ledger wrote them.
import {
  UsesPeriod,
  type Coupon,
  type CouponCode,
  type CouponTerms,
  type CouponUses,
  type CustomerCredit,
} from '@scrip/contract/coupons';
import {
  assert,
  present,
  type Coupon as KernelCoupon,
  type CouponCode as KernelCouponCode,
  type CouponCodeId,
  type CouponId,
  type CouponTerms as KernelCouponTerms,
  type CouponUses as KernelCouponUses,
  type CouponValue,
} from '@scrip/kernel';
import { fromProtoOptionalTimestamp, fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf } from '../value/words.ts';
import {
  protoOfferingTypes,
  protoRedemptionTypes,
  protoUsesPeriods,
  protoValidityUnits,
  protoWeekdays,
} from './words.ts';

/** The coupon that an event holds. */
export function fromProtoCoupon(coupon: Coupon | undefined): KernelCoupon {
  assert(coupon?.terms !== undefined, 'an event about a coupon holds it');
  return {
    id: coupon.id as CouponId,
    terms: fromProtoTerms(coupon.terms),
    createdAt: fromProtoTimestamp(coupon.createdAt),
    updatedAt: fromProtoTimestamp(coupon.updatedAt),
    ...present('deletedAt', fromProtoOptionalTimestamp(coupon.deletedAt)),
    sequence: fromProtoSequence(coupon.sequence),
  };
}

function fromProtoTerms(terms: CouponTerms): KernelCouponTerms {
  const { maxUsesPeriod: period, validityPeriod: validity } = terms;
  const validityPeriod = validity && {
    unit: knownWordOf(protoValidityUnits, validity.unit),
    count: validity.count,
  };
  const maxUsesPeriod =
    period === UsesPeriod.UNSPECIFIED ? undefined : knownWordOf(protoUsesPeriods, period);
  return {
    name: terms.name,
    ...present('description', terms.description),
    value: fromProtoValue(terms.value),
    offerings: terms.offerings.map(({ type, ids }) => {
      return { type: knownWordOf(protoOfferingTypes, type), ids: [...ids] };
    }),
    validWeekdays: terms.validWeekdays.map((day) => knownWordOf(protoWeekdays, day)),
    multiUse: terms.multiUse,
    ...present('maxUses', terms.maxUses),
    ...present('maxUsesPeriod', maxUsesPeriod),
    ...present('validityPeriod', validityPeriod),
    redemptionType: knownWordOf(protoRedemptionTypes, terms.redemptionType),
    forLeadBookerOnly: terms.forLeadBookerOnly,
  };
}

/** What a use is worth. */
export function fromProtoValue(value: CustomerCredit['value']): CouponValue {
  assert(value.case !== undefined, 'what the ledger wrote is worth something');
  if (value.case === 'percentage') return { kind: 'percentage', percentage: value.value };
  const { amount, currency } = value.value;
  return { kind: 'fixed_amount', amount, currency };
}

/** The code that an event holds. */
export function fromProtoCouponCode(code: CouponCode | undefined): KernelCouponCode {
  assert(code !== undefined, 'an event about a code holds it');
  return {
    id: code.id as CouponCodeId,
    couponId: code.couponId as CouponId,
    code: code.code,
    ...present('validFrom', fromProtoOptionalTimestamp(code.validFrom)),
    ...present('validTo', fromProtoOptionalTimestamp(code.validTo)),
    multiUse: code.multiUse,
    ...present('customerId', code.customerId),
    ...present('customerCreditId', code.customerCreditId),
    createdAt: fromProtoTimestamp(code.createdAt),
    sequence: fromProtoSequence(code.sequence),
  };
}

/** The counts that an event holds. */
export function fromProtoCouponUses(uses: CouponUses | undefined): KernelCouponUses {
  assert(uses !== undefined, 'an event about a use holds the counts');
  const { couponId, countedAt, day, week, month, year, all } = uses;
  const id = couponId as CouponId;
  return { couponId: id, countedAt: fromProtoTimestamp(countedAt), day, week, month, year, all };
}
