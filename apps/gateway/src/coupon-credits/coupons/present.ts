// Coupons and their codes as this API shows them.
import type { Coupon, CouponCode, CouponTerms } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { known } from '../../known.ts';
import { offsetInstant, offsetInstantOrNull } from '../instant.ts';
import { offeringTypes, redemptionTypes, usesPeriods, validityUnits, weekdays } from '../words.ts';
import type { CodeSchema, CouponSchema } from './schemas.ts';

type Shown = Static<typeof CouponSchema>;

export function presentCoupon(coupon: Coupon | undefined): Shown {
  const { id, terms: found, createdAt, updatedAt, deletedAt } = known(coupon);
  const terms = known(found);
  return {
    id,
    name: terms.name,
    description: terms.description ?? null,
    ...presentValue(terms.value),
    offerings: terms.offerings.map(({ type, ids }) => ({ type: offeringTypes.wordOf(type), ids })),
    valid_weekdays: terms.validWeekdays.map(weekdays.wordOf),
    multi_use: terms.multiUse,
    max_uses: terms.maxUses ?? null,
    max_uses_period: terms.maxUsesPeriod === 0 ? null : usesPeriods.wordOf(terms.maxUsesPeriod),
    validity_period: presentValidity(terms.validityPeriod),
    redemption_type: redemptionTypes.wordOf(terms.redemptionType),
    for_lead_booker_only: terms.forLeadBookerOnly,
    created_at: offsetInstant(createdAt),
    updated_at: offsetInstant(updatedAt),
    deleted_at: offsetInstantOrNull(deletedAt),
  };
}

function presentValue(value: CouponTerms['value']) {
  switch (value.case) {
    case 'fixedAmount': {
      const { amount, currency } = value.value;
      return {
        type: 'fixed_amount' as const,
        amount: Number(amount),
        currency,
        percentage: null,
      };
    }
    case 'percentage':
      return {
        type: 'percentage' as const,
        amount: null,
        currency: null,
        percentage: value.value,
      };
    case undefined:
      throw new Error('the ledger left out what a coupon is worth');
  }
}

function presentValidity(period: CouponTerms['validityPeriod']): string | null {
  return period === undefined ? null : `P${period.count}${validityUnits.wordOf(period.unit)}`;
}

export function presentCode(found: CouponCode | undefined): Static<typeof CodeSchema> {
  const { id, couponId, code, multiUse, customerId, customerCreditId, ...rest } = known(found);
  return {
    id,
    coupon_id: couponId,
    code,
    valid_from_date: offsetInstantOrNull(rest.validFrom),
    valid_to_date: offsetInstantOrNull(rest.validTo),
    multi_use: multiUse,
    customer_id: customerId ?? null,
    customer_credit_id: customerCreditId ?? null,
    created_at: offsetInstant(rest.createdAt),
  };
}
