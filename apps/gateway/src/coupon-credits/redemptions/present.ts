// Redemptions as this API shows them.
import type { CustomerCredit, Redemption } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { known } from '../../known.ts';
import { presentCredit } from '../credits/present.ts';
import { offsetInstant, offsetInstantOrNull } from '../instant.ts';
import { offeringTypes, weekdays } from '../words.ts';
import type { RedemptionSchema, UseSchema } from './schemas.ts';

export function presentRedemption(
  redemption: Redemption | undefined,
): Static<typeof RedemptionSchema> {
  const { id, customerCreditId, couponId, customerId, reference, ...rest } = known(redemption);
  const { amount, revenue, offering } = rest;
  return {
    id,
    customer_credit_id: customerCreditId,
    coupon_id: couponId,
    customer_id: customerId,
    reference,
    amount: amount === undefined ? null : Number(amount),
    revenue: revenue === undefined ? null : Number(revenue),
    offering:
      offering === undefined
        ? null
        : { type: offeringTypes.wordOf(offering.type), id: offering.id },
    weekday: weekdays.wordOf(rest.weekday),
    redeemed_at: offsetInstant(rest.redeemedAt),
    reversed_at: offsetInstantOrNull(rest.reversedAt),
  };
}

/** A redemption, with the credit as it left it. */
export function presentUse(answer: {
  readonly redemption?: Redemption | undefined;
  readonly customerCredit?: CustomerCredit | undefined;
}): Static<typeof UseSchema> {
  return {
    ...presentRedemption(answer.redemption),
    customer_credit: presentCredit(answer.customerCredit),
  };
}
