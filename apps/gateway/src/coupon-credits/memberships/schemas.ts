// The shapes of memberships, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, refer, text } from '../../shapes.ts';
import { CreditSchema } from '../credits/schemas.ts';
import {
  bodyKey,
  nullableInstant,
  optionalInstant,
  optionalWord,
  pageQuery,
  uuid,
} from '../shapes.ts';
import { membershipStatuses } from '../words.ts';

const membership = {
  id: uuid('Of the membership.'),
  customer_id: uuid('Whose it is, for ever.'),
  membership_type_id: text('Its type, by the caller’s own id.'),
  status: Type.Enum([...membershipStatuses.all], { description: 'Only an active one issues.' }),
  anchor: instant('When its first period begins; all others are counted from it.'),
  active_since: nullableInstant('When it last became active; before that, upcoming.'),
  next_period_at: nullableInstant('When the next period begins; null while it does not issue.'),
  created_at: instant('When it was made.'),
  updated_at: instant('When it last changed.'),
};

export const MembershipSchema = Type.Object(membership, { $id: 'CouponMembership' });
export const IssuedSchema = Type.Object(
  {
    ...membership,
    customer_credits: Type.Array(refer(CreditSchema), { description: 'Those that were issued.' }),
  },
  { $id: 'CouponMembershipIssue', description: 'A membership, with what it issued.' },
);

/** Every schema that others refer to by name. */
export const membershipSchemas: readonly TSchema[] = [MembershipSchema, IssuedSchema];

export const MembershipParams = Type.Object({ membershipId: uuid('Of the membership.') });

const typeId = Type.String({ minLength: 1, maxLength: 255, description: 'Needs no registration.' });

export const MembershipsQuery = Type.Object({
  ...pageQuery,
  customer_id: Type.Optional(uuid('Keeps the memberships of this customer.')),
  membership_type_id: Type.Optional(typeId),
});

export const MembershipBody = Type.Object({
  customer_id: uuid('The customer, who is known from then on.'),
  membership_type_id: typeId,
  status: optionalWord(membershipStatuses.all, 'Left out: active, or upcoming until the anchor.'),
  anchor: optionalInstant('When the first period begins. Left out: now.'),
});

export const StatusBody = Type.Object({
  status: Type.Enum([...membershipStatuses.all]),
});

/** May be left out altogether. */
export const ChargeBody = Type.Unsafe<
  { readonly next_charge_at?: string | null; readonly idempotency_key?: string | null } | undefined
>({
  type: ['object', 'null'],
  properties: {
    next_charge_at: optionalInstant('When unused credits that do not roll over expire.'),
    idempotency_key: bodyKey,
  },
});
