// The shapes of accounts and of balances, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { nullable, optional, refer } from '../../shapes.ts';
import { emailPattern } from '../../text-patterns.ts';
import { amount, instant, optionalMetadata, PaginationSchema } from '../shapes.ts';

export const AccountSchema = Type.Object(
  {
    id: Type.String({ description: '`acc_` and eleven characters.' }),
    developerId: Type.String({ description: 'The store, as `dev_` and eleven characters.' }),
    externalId: Type.String({ description: 'The caller’s own id.' }),
    name: nullable<string>('string', 'How the account is shown.'),
    email: nullable<string>('string', 'As it was sent.'),
    balance: amount('What the account has, holds included.'),
    metadata: nullable<object>('object', 'As it was sent.'),
    status: Type.Optional(
      Type.Enum(['frozen', 'closed'], { description: 'Only when the account is not active.' }),
    ),
    createdAt: instant(),
    updatedAt: instant(),
  },
  { $id: 'DevAccount' },
);

export const BalanceSchema = Type.Object(
  {
    accountId: Type.String(),
    externalId: Type.String(),
    balance: amount('What the account has, holds included.'),
    reserved: amount('What holds keep aside.'),
    available: amount('The difference; never below zero.'),
  },
  { $id: 'DevBalance' },
);

export const CreatedSchema = Type.Object(
  { success: Type.Literal(true), account: refer(AccountSchema) },
  { $id: 'DevAccountCreated' },
);

export const ListSchema = Type.Object(
  {
    accounts: Type.Array(refer(AccountSchema)),
    pagination: PaginationSchema,
  },
  { $id: 'DevAccountList' },
);

/** Every schema that others refer to by name. */
export const accountSchemas: readonly TSchema[] = [
  AccountSchema,
  BalanceSchema,
  CreatedSchema,
  ListSchema,
];

export const CreateBody = Type.Object(
  {
    name: optional<string>('string', {
      minLength: 1,
      maxLength: 255,
      description: 'How the account is shown.',
    }),
    externalId: optional<string>('string', {
      minLength: 1,
      maxLength: 255,
      description: 'Unique; may not begin with `acc_` or `cca_`.',
    }),
    email: optional<string>('string', { pattern: emailPattern, description: 'Not unique.' }),
    metadata: optionalMetadata(),
  },
  { description: 'At least one of name and externalId.' },
);

export const ListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
});
