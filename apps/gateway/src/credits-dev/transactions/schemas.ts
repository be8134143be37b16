// The shapes of transactions, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { refer } from '../../shapes.ts';
import { ReservationSchema } from '../reservations/schemas.ts';
import {
  accountIds,
  AccountQuery,
  amount,
  description,
  instant,
  optionalMetadata,
  PaginationSchema,
  requestedAmount,
} from '../shapes.ts';

const TypeSchema = Type.Enum(['credit', 'debit']);

const shown = {
  id: Type.String({ description: '`txn_` and eleven characters.' }),
  accountId: Type.String(),
  type: TypeSchema,
  amount: amount('More than zero; the type tells the direction.'),
};
const rest = {
  balanceAfter: amount('What the account had after it, holds included.'),
};

export const NewTransactionSchema = Type.Object(
  { ...shown, ...rest, createdAt: instant() },
  { $id: 'DevNewTransaction' },
);

export const TransactionSchema = Type.Object(
  {
    ...shown,
    description: Type.String({ description: 'As it was sent, else the name of the call.' }),
    ...rest,
    metadata: Type.Unsafe<object>({ type: 'object', description: 'Empty when none was sent.' }),
    createdAt: instant(),
    reservation: Type.Optional(
      Type.Unsafe<object | null>({
        anyOf: [refer(ReservationSchema), { type: 'null' }],
        description: 'With `include=reservation`: the one that was confirmed, if one was.',
      }),
    ),
    usage: Type.Optional(
      Type.Null({ description: 'With `include=usage`: always null, none is kept.' }),
    ),
  },
  { $id: 'DevTransaction' },
);

export const CreatedSchema = Type.Object(
  { success: Type.Literal(true), transaction: refer(NewTransactionSchema) },
  { $id: 'DevTransactionCreated' },
);

export const ListSchema = Type.Object(
  { items: Type.Array(refer(TransactionSchema)), pagination: PaginationSchema },
  { $id: 'DevTransactionList' },
);

/** Every schema that others refer to by name. */
export const transactionSchemas: readonly TSchema[] = [
  NewTransactionSchema,
  TransactionSchema,
  CreatedSchema,
  ListSchema,
];

export const ListQuery = Type.Object({
  ...AccountQuery.properties,
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
  startDate: Type.Optional(
    Type.String({ description: 'Those at or after it: a date, or an instant with an offset.' }),
  ),
  endDate: Type.Optional(
    Type.String({ description: 'Those before it: a date, or an instant with an offset.' }),
  ),
  include: Type.Optional(
    Type.String({ description: '`reservation`, `usage` or both with a comma between.' }),
  ),
});

export const CreateBody = Type.Object({
  ...accountIds,
  amount: requestedAmount('Whole and more than zero.'),
  type: TypeSchema,
  description: description('Shown with the transaction.'),
  metadata: optionalMetadata(),
});
