// The shapes of coupons and of their codes, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, nullable, optional, text } from '../../shapes.ts';
import { threeCapitalsPattern, durationPattern, notBlankPattern } from '../../text-patterns.ts';
import {
  flag,
  moneyMax,
  nullableInstant,
  nullableWord,
  optionalInstant,
  optionalUuid,
  optionalWord,
  pageQuery,
  queryFlag,
  uuid,
} from '../shapes.ts';
import { offeringTypes, redemptionTypes, usesPeriods, weekdays } from '../words.ts';

const typeWords = ['fixed_amount', 'percentage'] as const;

export const CouponSchema = Type.Object(
  {
    id: uuid('Of the coupon.'),
    name: text('For staff and reports.'),
    description: nullable<string>('string', 'For customers.'),
    type: Type.Enum([...typeWords]),
    amount: nullable<number>('integer', 'In the smallest unit of the currency.'),
    currency: nullable<string>('string', 'Of the amount, ISO 4217.'),
    percentage: nullable<number>('integer', 'Of the price.'),
    offerings: Type.Array(
      Type.Object({
        type: Type.Enum([...offeringTypes.all]),
        ids: Type.Array(Type.String(), { description: 'None: all of the type.' }),
      }),
      { description: 'What it is good for. None: everything.' },
    ),
    valid_weekdays: Type.Array(Type.Enum([...weekdays.all]), { description: 'None: every day.' }),
    multi_use: Type.Boolean({ description: 'Whether its credits can be used until they expire.' }),
    max_uses: nullable<number>('integer', 'Of all its credits together; null: no limit.'),
    max_uses_period: nullableWord(usesPeriods.all, 'What they are counted in; null: for ever.'),
    validity_period: nullable<string>('string', 'How long a credit lasts; null: for ever.'),
    redemption_type: Type.Enum([...redemptionTypes.all]),
    for_lead_booker_only: Type.Boolean({ description: 'Only the person who booked may use it.' }),
    created_at: instant('When it was made.'),
    updated_at: instant('When it last changed.'),
    deleted_at: nullableInstant('When it was deleted: nothing is issued from it any more.'),
  },
  { $id: 'Coupon' },
);

export const CodeSchema = Type.Object(
  {
    id: uuid('Of the code.'),
    coupon_id: uuid('The coupon that it stands for.'),
    code: text('In upper case, unique within the coupon.'),
    valid_from_date: nullableInstant('The first instant at which it is good.'),
    valid_to_date: nullableInstant('The first instant at which it is good no more.'),
    multi_use: Type.Boolean({ description: 'Whether it can be used more than once.' }),
    customer_id: nullable<string>('string', 'The customer that it is kept for.'),
    customer_credit_id: nullable<string>('string', 'The credit that it stands for.'),
    created_at: instant('When it was made.'),
  },
  { $id: 'CouponCode' },
);

/** Every schema that others refer to by name. */
export const couponSchemas: readonly TSchema[] = [CouponSchema, CodeSchema];

export const CouponParams = Type.Object({ couponId: uuid('Of the coupon.') });

export const CouponsQuery = Type.Object({
  ...pageQuery,
  redemption_type: Type.Optional(
    Type.Enum(['manual', 'credit', 'all'], { description: 'Left out: `manual`.' }),
  ),
  deleted: queryFlag('Adds coupons that are deleted.'),
});

const name = Type.String({ minLength: 1, maxLength: 120, pattern: notBlankPattern });
const type = Type.Enum([...typeWords], { description: 'Decides which of the values is meant.' });
const terms = {
  description: optional<string>('string', { maxLength: 1000 }),
  amount: optional<number>('integer', { minimum: 1, maximum: moneyMax }),
  currency: optional<string>('string', { pattern: threeCapitalsPattern }),
  percentage: optional<number>('integer', { minimum: 1, maximum: 100 }),
  offerings: optional<readonly { readonly type: OfferingWord; readonly ids?: string[] }[]>(
    'array',
    {
      maxItems: 5,
      items: {
        type: 'object',
        required: ['type'],
        properties: {
          type: { enum: offeringTypes.all },
          ids: {
            type: 'array',
            maxItems: 500,
            items: { type: 'string', minLength: 1, maxLength: 64 },
          },
        },
      },
    },
  ),
  valid_weekdays: optional<WeekdayWord[]>('array', {
    uniqueItems: true,
    items: { enum: weekdays.all },
  }),
  multi_use: flag('Whether its credits can be used until they expire.'),
  max_uses: optional<number>('integer', { minimum: 1, maximum: 1_000_000 }),
  max_uses_period: optionalWord(usesPeriods.all, 'By the calendar of UTC. Left out: for ever.'),
  validity_period: optional<string>('string', { pattern: durationPattern }),
  redemption_type: Type.Optional(Type.Enum([...redemptionTypes.all])),
  for_lead_booker_only: flag('Only the person who booked may use it.'),
};
type OfferingWord = (typeof offeringTypes.all)[number];
type WeekdayWord = (typeof weekdays.all)[number];

export const CouponBody = Type.Object({ name, type, ...terms });
export const CouponPatch = Type.Object({
  name: Type.Optional(name),
  type: Type.Optional(type),
  ...terms,
});

export const CodesQuery = Type.Object(pageQuery);
export const CodeBody = Type.Object({
  code: optional<string>('string', {
    minLength: 1,
    maxLength: 64,
    description: 'Made up when left out.',
  }),
  valid_from_date: optionalInstant('The first instant at which it is good.'),
  valid_to_date: optionalInstant('The first instant at which it is good no more.'),
  multi_use: flag('Whether it can be used more than once.'),
  customer_id: optionalUuid('The customer to keep it for.'),
  customer_credit_id: optionalUuid('A credit of that customer from this coupon.'),
});
