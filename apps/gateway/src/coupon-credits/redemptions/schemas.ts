// The shapes of redemptions, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, nullable, optional, refer, text } from '../../shapes.ts';
import { CreditSchema } from '../credits/schemas.ts';
import { bodyKey, moneyMax, nullableInstant, optionalWord, pageQuery, uuid } from '../shapes.ts';
import { offeringTypes, weekdays } from '../words.ts';

const redemption = {
  id: uuid('Of the redemption.'),
  customer_credit_id: uuid('The credit that was used.'),
  coupon_id: uuid('The coupon that the credit came from.'),
  customer_id: uuid('Whose credit it was.'),
  reference: text('The caller’s link to a thing of theirs.'),
  amount: nullable<number>('integer', 'What it took off; null for an unsaid percentage.'),
  revenue: nullable<number>('integer', 'To recognise now; null: nothing.'),
  offering: Type.Unsafe<{ readonly type: string; readonly id: string } | null>({
    type: ['object', 'null'],
    description: 'What it was used for, `type` and `id`, where that was said.',
  }),
  weekday: Type.Enum([...weekdays.all], { description: 'The day that was judged.' }),
  redeemed_at: instant('When it was used.'),
  reversed_at: nullableInstant('When that was undone.'),
};

export const RedemptionSchema = Type.Object(redemption, { $id: 'CouponRedemption' });
export const UseSchema = Type.Object(
  { ...redemption, customer_credit: refer(CreditSchema) },
  { $id: 'CouponUse', description: 'A redemption, with the credit as it left it.' },
);

/** Every schema that others refer to by name. */
export const redemptionSchemas: readonly TSchema[] = [RedemptionSchema, UseSchema];

export const RedemptionParams = Type.Object({
  customerId: uuid('Of the customer.'),
  creditId: uuid('Of the credit.'),
  redemptionId: uuid('Of the redemption.'),
});

export const RedemptionsQuery = Type.Object(pageQuery);

export const RedeemBody = Type.Object({
  reference: Type.String({ minLength: 1, maxLength: 255, description: 'An order, say.' }),
  amount: optional<number>('integer', {
    minimum: 0,
    maximum: moneyMax,
    description: 'What it takes off, at most what a fixed amount is worth. The rest is forfeited.',
  }),
  offering: Type.Optional(
    Type.Object(
      {
        type: Type.Enum([...offeringTypes.all]),
        id: Type.String({ minLength: 1, maxLength: 64 }),
      },
      { description: 'What it is used for. Needed where the coupon names offerings.' },
    ),
  ),
  weekday: optionalWord(weekdays.all, 'Of the visit. Left out: today, in UTC.'),
  lead_booker: optional<boolean>('boolean', {
    description: 'Whether the person who booked uses it. Left out: yes.',
  }),
  idempotency_key: bodyKey,
});
