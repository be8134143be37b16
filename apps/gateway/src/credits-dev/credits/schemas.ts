// The shapes of adding and deducting credits, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { optional } from '../../shapes.ts';
import { accountIds, amount, description, optionalMetadata, requestedAmount } from '../shapes.ts';

const changed = {
  success: Type.Literal(true),
  accountId: Type.String(),
  externalId: Type.String(),
  balance: amount('What the account had after it, holds included.'),
};

export const AddedSchema = Type.Object(
  { ...changed, added: amount('What was added.') },
  { $id: 'DevCreditsAdded' },
);

export const DeductedSchema = Type.Object(
  { ...changed, deducted: amount('What was deducted.') },
  { $id: 'DevCreditsDeducted' },
);

/** Every schema that others refer to by name. */
export const creditSchemas: readonly TSchema[] = [AddedSchema, DeductedSchema];

export const AddBody = Type.Object({
  ...accountIds,
  amount: requestedAmount('Whole and more than zero.'),
  description: description('Shown with the transaction.'),
  paymentMethod: optional<string>('string', {
    minLength: 1,
    maxLength: 255,
    description: 'Kept in the transaction’s metadata.',
  }),
  metadata: optionalMetadata(),
  expiresAt: optional<string>('string', {
    description: 'An ISO 8601 instant after which what is left of them is gone.',
  }),
});

export const DeductBody = Type.Object({
  ...accountIds,
  amount: requestedAmount('Whole and more than zero.'),
  description: description('Shown with the transaction.'),
  metadata: optionalMetadata(),
});
