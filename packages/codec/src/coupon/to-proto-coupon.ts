// Coupons, their codes and their uses as messages.
import { create } from '@bufbuild/protobuf';
import {
  CouponCodeSchema,
  CouponSchema,
  CouponTermsSchema,
  CouponUsesSchema,
  UsesPeriod,
  type Coupon,
  type CouponCode,
  type CouponTerms,
  type CouponUses,
} from '@scrip/contract/coupons';
import {
  assert,
  present,
  type Coupon as KernelCoupon,
  type CouponCode as KernelCouponCode,
  type CouponTerms as KernelCouponTerms,
  type CouponUses as KernelCouponUses,
  type CouponValue,
  type Period,
} from '@scrip/kernel';
import { toProtoOptionalTimestamp, toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import {
  protoOfferingTypes,
  protoRedemptionTypes,
  protoUsesPeriods,
  protoValidityUnits,
  protoWeekdays,
} from './words.ts';

/** The message of a coupon. */
export function toProtoCoupon(coupon: KernelCoupon): Coupon {
  return create(CouponSchema, {
    id: coupon.id,
    terms: toProtoTerms(coupon.terms),
    createdAt: toProtoTimestamp(coupon.createdAt),
    updatedAt: toProtoTimestamp(coupon.updatedAt),
    ...present('deletedAt', toProtoOptionalTimestamp(coupon.deletedAt)),
    sequence: toProtoSequence(coupon.sequence),
  });
}

function toProtoTerms(terms: KernelCouponTerms): CouponTerms {
  const { maxUsesPeriod, validityPeriod } = terms;
  return create(CouponTermsSchema, {
    name: terms.name,
    ...present('description', terms.description),
    value: toProtoValue(terms.value),
    offerings: terms.offerings.map(({ type, ids }) => {
      return { type: protoOfferingTypes[type], ids: [...ids] };
    }),
    validWeekdays: terms.validWeekdays.map((day) => protoWeekdays[day]),
    multiUse: terms.multiUse,
    ...present('maxUses', terms.maxUses),
    maxUsesPeriod: maxUsesPeriod ? protoUsesPeriods[maxUsesPeriod] : UsesPeriod.UNSPECIFIED,
    ...present('validityPeriod', validityPeriod && toProtoValidity(validityPeriod)),
    redemptionType: protoRedemptionTypes[terms.redemptionType],
    forLeadBookerOnly: terms.forLeadBookerOnly,
  });
}

/** What a use is worth. */
export function toProtoValue(value: CouponValue) {
  if (value.kind === 'percentage') return { case: 'percentage', value: value.percentage } as const;
  const { amount, currency } = value;
  return { case: 'fixedAmount', value: { amount, currency } } as const;
}

function toProtoValidity({ unit, count }: Period) {
  assert(unit !== 'quarter', 'a validity has no quarters');
  return { unit: protoValidityUnits[unit], count };
}

/** The message of a code. */
export function toProtoCouponCode(code: KernelCouponCode): CouponCode {
  return create(CouponCodeSchema, {
    id: code.id,
    couponId: code.couponId,
    code: code.code,
    ...present('validFrom', toProtoOptionalTimestamp(code.validFrom)),
    ...present('validTo', toProtoOptionalTimestamp(code.validTo)),
    multiUse: code.multiUse,
    ...present('customerId', code.customerId),
    ...present('customerCreditId', code.customerCreditId),
    createdAt: toProtoTimestamp(code.createdAt),
    sequence: toProtoSequence(code.sequence),
  });
}

/** The message of a coupon's counts. */
export function toProtoCouponUses({ countedAt, ...counts }: KernelCouponUses): CouponUses {
  return create(CouponUsesSchema, { ...counts, countedAt: toProtoTimestamp(countedAt) });
}
