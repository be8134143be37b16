// The shapes of the Accounts API, as JSON Schema. Requests ignore fields they do not know.
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { emailPattern } from '../text-patterns.ts';

/** May be null as well as left out. */
const optional = <Value>(schema: Readonly<Record<string, unknown>>, type: string) =>
  Type.Optional(Type.Unsafe<Value | null>({ ...schema, type: [type, 'null'] }));
const nullable = <Value>(type: string, description: string) =>
  Type.Unsafe<Value | null>({ type: [type, 'null'], description });
const instant = () => Type.String({ format: 'date-time', description: 'Whole seconds, UTC.' });
/** Written digit by digit, so exact at any size; hence no type that a number of JavaScript has. */
const amount = (description: string) => Type.Unsafe<unknown>({ type: 'number', description });

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
    pagination: Type.Object({
      limit: Type.Integer(),
      offset: Type.Integer(),
      totalCount: Type.Integer(),
      hasMore: Type.Boolean(),
    }),
  },
  { $id: 'DevAccountList' },
);

export const ErrorSchema = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.Object({
      code: Type.String({ description: 'The machine name of the error.' }),
      message: Type.String({ description: 'A sentence for a developer.' }),
      details: Type.Optional(Type.Unknown()),
    }),
  },
  { $id: 'DevError' },
);

/** Every schema that others refer to by name. */
export const sharedSchemas: readonly TSchema[] = [
  AccountSchema,
  BalanceSchema,
  CreatedSchema,
  ListSchema,
  ErrorSchema,
];

export const CreateBody = Type.Object(
  {
    name: optional<string>(
      { minLength: 1, maxLength: 255, description: 'How the account is shown.' },
      'string',
    ),
    externalId: optional<string>(
      {
        minLength: 1,
        maxLength: 255,
        description: 'Unique; may not begin with `acc_` or `cca_`.',
      },
      'string',
    ),
    email: optional<string>({ pattern: emailPattern, description: 'Not unique.' }, 'string'),
    metadata: optional<Readonly<Record<string, unknown>>>(
      { description: 'At most 50 keys and 16 KiB.' },
      'object',
    ),
  },
  { description: 'At least one of name and externalId.' },
);

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});

export const AccountQuery = Type.Object({
  accountId: Type.Optional(Type.String({ minLength: 1, description: 'Either kind of id.' })),
  externalId: Type.Optional(Type.String({ minLength: 1, description: 'The caller’s own id.' })),
});

export const ListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
});

/** A schema by its name, so that the document shows it once. */
export function refer<Schema extends TSchema>(schema: Schema & { readonly $id?: string }) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
}
