// The shapes of membership credit rules, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, optional, text } from '../../shapes.ts';
import { notBlankPattern } from '../../text-patterns.ts';
import { flag, nullableInstant, pageQuery, uuid } from '../shapes.ts';
import { frequencies } from '../words.ts';

const frequency = Type.Enum([...frequencies.all], {
  description: '`P0D` is once, at sign-up; `billing_cycle` with each charge.',
});

export const RuleSchema = Type.Object(
  {
    id: uuid('Of the rule.'),
    membership_type_id: text('The type of the memberships.'),
    membership_type: Type.Optional(
      Type.Object({ id: text('Of the type.'), name: text('Its name.') }),
    ),
    coupon_id: uuid('What credits are issued from.'),
    coupon_name: text('Of the credits.'),
    coupon_description: text('Of the credits; empty when there is none.'),
    roll_over: Type.Boolean({
      description: 'False: a credit expires when the next period begins.',
    }),
    issue_on_signup: Type.Boolean({ description: 'Whether the first one comes at sign-up.' }),
    multi_use: Type.Boolean({ description: 'Of the credits.' }),
    for_lead_booker_only: Type.Boolean({ description: 'Of the credits.' }),
    issuing_frequency: frequency,
    created_at: instant('When it was made.'),
    updated_at: instant('When it last changed.'),
    deleted_at: nullableInstant('When it was deleted.'),
  },
  { $id: 'CouponCreditRule' },
);

/** Every schema that others refer to by name. */
export const ruleSchemas: readonly TSchema[] = [RuleSchema];

export const RuleParams = Type.Object({ ruleId: uuid('Of the rule.') });

const typeId = Type.String({ minLength: 1, maxLength: 255, description: 'It never changes.' });

export const RulesQuery = Type.Object({
  ...pageQuery,
  membership_type_id: Type.Optional(typeId),
});

const couponId = uuid('What credits are issued from.');
const terms = {
  membership_type: Type.Optional(
    Type.Object({
      name: optional<string>('string', { minLength: 1, maxLength: 120 }),
    }),
  ),
  coupon_name: optional<string>('string', {
    minLength: 1,
    maxLength: 120,
    pattern: notBlankPattern,
    description: 'Left out: the coupon’s.',
  }),
  coupon_description: optional<string>('string', { maxLength: 1000 }),
  roll_over: flag('Whether unused credits live on.'),
  issue_on_signup: flag('Whether the first one comes at sign-up.'),
  multi_use: flag('Of the credits.'),
  for_lead_booker_only: flag('Of the credits.'),
};

export const RuleBody = Type.Object({
  membership_type_id: typeId,
  coupon_id: couponId,
  issuing_frequency: frequency,
  ...terms,
});
export const RulePatch = Type.Object({
  membership_type_id: Type.Optional(typeId),
  coupon_id: Type.Optional(couponId),
  issuing_frequency: Type.Optional(frequency),
  ...terms,
});
