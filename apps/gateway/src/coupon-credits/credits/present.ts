// Customers' credits as this API shows them. What was fixed at the issue is shown as it was.
import type { CustomerCredit } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { known } from '../../known.ts';
import { offsetInstant, offsetInstantOrNull } from '../instant.ts';
import type { CreditSchema } from './schemas.ts';

type Shown = Static<typeof CreditSchema>;

export function presentCredit(credit: CustomerCredit | undefined): Shown {
  const { id, customerId, couponId, couponName, value, revenue, ...rest } = known(credit);
  const { membershipId = null, couponDescription = '', couponCode, multiUse } = rest;
  return {
    id,
    customer_id: customerId,
    membership_id: membershipId,
    coupon_name: couponName,
    coupon_description: couponDescription,
    coupon_code: couponCode,
    multi_use: multiUse,
    issued_at: offsetInstant(rest.issuedAt),
    expires_at: offsetInstantOrNull(rest.expiresAt),
    redeemed_at: offsetInstantOrNull(rest.redeemedAt),
    revoked_at: offsetInstantOrNull(rest.revokedAt),
    coupon_id: couponId,
    coupon: {
      id: couponId,
      name: couponName,
      description: couponDescription,
      ...presentWorth(value),
    },
    revenue: revenue === undefined ? null : Number(revenue),
    created_at: offsetInstant(rest.createdAt),
    updated_at: offsetInstant(rest.updatedAt),
  };
}

/** Amounts are within what a JSON number holds exactly. */
function presentWorth(value: CustomerCredit['value']) {
  switch (value.case) {
    case 'fixedAmount': {
      const { amount, currency } = value.value;
      return { type: 'fixed_amount' as const, value: Number(amount), currency };
    }
    case 'percentage':
      return { type: 'percentage' as const, value: value.value, currency: null };
    case undefined:
      throw new Error('the ledger left out what a credit is worth');
  }
}
