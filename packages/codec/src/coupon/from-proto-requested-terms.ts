// The terms of coupons and rules, as requests say them: what they may be is the kernel's to judge.
import {
  UsesPeriod,
  type CouponTerms,
  type CreditRuleTerms,
  type OfferingGroup,
} from '@scrip/contract/coupons';
import {
  parsed,
  refuseField,
  type CouponTerms as KernelCouponTerms,
  type OfferingGroup as KernelOfferingGroup,
  type Parsed,
  type Period,
  type UncheckedCouponTerms,
  type UncheckedCreditRuleTerms,
  type Weekday,
} from '@scrip/kernel';
import { wordOf } from '../value/words.ts';
import { fromProtoValue } from './from-proto-coupon.ts';
import {
  protoIssuingFrequencies,
  protoOfferingTypes,
  protoRedemptionTypes,
  protoUsesPeriods,
  protoValidityUnits,
  protoWeekdays,
} from './words.ts';

/** The terms of a coupon in a request. Refuses what has no word within the house. */
export function fromProtoRequestedCouponTerms(
  terms: CouponTerms | undefined,
): Parsed<UncheckedCouponTerms> {
  if (terms === undefined) return refuseField('terms', 'are required');
  const offerings = fromProtoOfferings(terms.offerings);
  if (offerings.kind === 'refused') return offerings;
  const validityPeriod = fromProtoValidity(terms.validityPeriod);
  if (validityPeriod.kind === 'refused') return validityPeriod;
  return parsed({
    name: terms.name,
    description: terms.description,
    value: terms.value.case === undefined ? undefined : fromProtoValue(terms.value),
    offerings: offerings.value,
    // Others were refused by their form.
    validWeekdays: terms.validWeekdays.flatMap((day) => weekdayOf(day) ?? []),
    multiUse: terms.multiUse,
    maxUses: terms.maxUses,
    maxUsesPeriod: maxUsesPeriodOf(terms),
    validityPeriod: validityPeriod.value,
    redemptionType: wordOf(protoRedemptionTypes, terms.redemptionType),
    forLeadBookerOnly: terms.forLeadBookerOnly,
  });
}

function weekdayOf(day: CouponTerms['validWeekdays'][number]): Weekday | undefined {
  return wordOf(protoWeekdays, day);
}

function maxUsesPeriodOf({ maxUsesPeriod }: CouponTerms): KernelCouponTerms['maxUsesPeriod'] {
  if (maxUsesPeriod === UsesPeriod.UNSPECIFIED) return undefined;
  return wordOf(protoUsesPeriods, maxUsesPeriod);
}

function fromProtoOfferings(
  groups: readonly OfferingGroup[],
): Parsed<readonly KernelOfferingGroup[]> {
  const offerings: KernelOfferingGroup[] = [];
  for (const [index, { type, ids }] of groups.entries()) {
    const word = wordOf(protoOfferingTypes, type);
    if (word === undefined) return refuseField(`terms.offerings[${index}].type`, 'is required');
    offerings.push({ type: word, ids: [...ids] });
  }
  return parsed(offerings);
}

function fromProtoValidity(period: CouponTerms['validityPeriod']): Parsed<Period | undefined> {
  if (period === undefined) return parsed(undefined);
  const unit = wordOf(protoValidityUnits, period.unit);
  if (unit === undefined) return refuseField('terms.validity_period.unit', 'is required');
  return parsed({ unit, count: period.count });
}

/** The terms of a rule in a request. */
export function fromProtoRequestedRuleTerms(
  terms: CreditRuleTerms | undefined,
): Parsed<UncheckedCreditRuleTerms> {
  if (terms === undefined) return refuseField('terms', 'are required');
  const { membershipTypeId, couponId, frequency, ...rest } = terms;
  return parsed({
    // An empty id is one that was not given: an update need not repeat what never changes.
    membershipTypeId: membershipTypeId === '' ? undefined : membershipTypeId,
    membershipTypeName: rest.membershipTypeName,
    couponId: couponId === '' ? undefined : couponId,
    couponName: rest.couponName,
    couponDescription: rest.couponDescription,
    frequency: wordOf(protoIssuingFrequencies, frequency),
    rollOver: rest.rollOver,
    issueOnSignup: rest.issueOnSignup,
    multiUse: rest.multiUse,
    forLeadBookerOnly: rest.forLeadBookerOnly,
  });
}
