// The shapes of customers' credits, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, nullable, optional, text } from '../../shapes.ts';
import {
  moneyMax,
  nullableInstant,
  optionalInstant,
  optionalUuid,
  pageQuery,
  queryFlag,
  uuid,
} from '../shapes.ts';

export const CreditSchema = Type.Object(
  {
    id: uuid('Of the credit.'),
    customer_id: uuid('Whose it is, for ever.'),
    membership_id: nullable<string>('string', 'The membership that it was issued for.'),
    coupon_name: text('As it was at the issue.'),
    coupon_description: text('As it was at the issue; empty when there was none.'),
    coupon_code: text('The code of this one credit.'),
    multi_use: Type.Boolean({ description: 'Whether it can be used until it expires.' }),
    issued_at: instant('When it was issued.'),
    expires_at: nullableInstant('The first instant at which it is good no more; null: never.'),
    redeemed_at: nullableInstant('When a single-use credit was used.'),
    revoked_at: nullableInstant('When it was revoked.'),
    coupon_id: uuid('The coupon that it was issued from.'),
    coupon: Type.Object({
      id: uuid('Of the coupon.'),
      name: text('As `coupon_name`.'),
      description: text('As `coupon_description`.'),
      type: Type.Enum(['fixed_amount', 'percentage']),
      value: Type.Integer({ description: 'In the smallest unit of the currency, or percent.' }),
      currency: nullable<string>('string', 'Of a fixed amount.'),
    }),
    revenue: nullable<number>('integer', 'To recognise when it is used; null: nothing.'),
    created_at: instant('When it was made.'),
    updated_at: instant('When it last changed.'),
  },
  { $id: 'CouponCustomerCredit' },
);

/** Every schema that others refer to by name. */
export const creditSchemas: readonly TSchema[] = [CreditSchema];

export const CustomerParams = Type.Object({ customerId: uuid('Of the customer.') });
export const CreditParams = Type.Object({
  customerId: uuid('Of the customer.'),
  creditId: uuid('Of the credit.'),
});

export const CreditsQuery = Type.Object({
  ...pageQuery,
  redeemed: queryFlag('Adds credits that were redeemed.'),
  expired: queryFlag('Adds credits that have expired.'),
  revoked: queryFlag('Adds credits that were revoked.'),
  multi_use: queryFlag('Keeps only multi-use credits, or only single-use ones. Absent: both.'),
});

export const IssueBody = Type.Object({
  coupon_id: uuid('The coupon to issue from.'),
  customer_id: uuid('The customer of the path.'),
  membership_id: optionalUuid('A membership of the customer.'),
  expiry_date: optionalInstant('In the future. Left out: as the coupon’s validity period says.'),
  revenue: optional<number>('integer', {
    minimum: 0,
    maximum: moneyMax,
    description: 'To recognise when it is used, in the smallest unit of the currency.',
  }),
});
