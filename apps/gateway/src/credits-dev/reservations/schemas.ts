// The shapes of reservations, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { nullable, optional, refer } from '../../shapes.ts';
import {
  accountIds,
  AccountQuery,
  amount,
  instant,
  optionalMetadata,
  requestedAmount,
} from '../shapes.ts';

const StatusSchema = Type.Enum(['pending', 'confirmed', 'cancelled', 'expired']);
const reservationId = Type.String({ minLength: 1, maxLength: 255, description: '`res_…`' });

const created = {
  id: Type.String({ description: '`res_` and eleven characters.' }),
  accountId: Type.String(),
  amount: amount('What was reserved.'),
  status: StatusSchema,
  expiresAt: instant(),
};
const metadata = nullable<object>('object', 'As it was sent, with operation and model.');

export const NewReservationSchema = Type.Object(
  { ...created, metadata },
  { $id: 'DevNewReservation' },
);

export const ReservationSchema = Type.Object(
  { ...created, createdAt: instant(), metadata },
  { $id: 'DevReservation' },
);

export const CreatedSchema = Type.Object(
  { success: Type.Literal(true), reservation: refer(NewReservationSchema) },
  { $id: 'DevReservationCreated' },
);

export const ListSchema = Type.Object(
  {
    success: Type.Literal(true),
    reservations: Type.Array(refer(ReservationSchema)),
    hasMore: Type.Boolean({ description: 'Whether there are older ones: see `startingAfter`.' }),
  },
  { $id: 'DevReservationList' },
);

export const ConfirmedSchema = Type.Object(
  {
    success: Type.Literal(true),
    reservationId: Type.String(),
    transactionId: nullable<string>('string', 'Null when nothing was taken.'),
    accountId: Type.String(),
    externalId: Type.String(),
    amount: amount('What was taken.'),
    released: amount('What was reserved and not taken.'),
    balance: amount('What the account had after it, holds included.'),
  },
  { $id: 'DevReservationConfirmed' },
);

export const CancelledSchema = Type.Object(
  {
    success: Type.Literal(true),
    reservationId: Type.String(),
    status: Type.Enum(['cancelled', 'expired']),
    released: amount('What was reserved until then.'),
    balance: amount('What the account had after it, holds included.'),
  },
  { $id: 'DevReservationCancelled' },
);

/** Every schema that others refer to by name. */
export const reservationSchemas: readonly TSchema[] = [
  NewReservationSchema,
  ReservationSchema,
  CreatedSchema,
  ListSchema,
  ConfirmedSchema,
  CancelledSchema,
];

const word = (description: string) =>
  optional<string>('string', { minLength: 1, maxLength: 255, description });

export const CreateBody = Type.Object({
  ...accountIds,
  amount: requestedAmount('Whole and more than zero.'),
  operation: word('What for. Comes back in the metadata.'),
  model: word('With which model. Comes back in the metadata.'),
  metadata: optionalMetadata(),
  expiresInSeconds: optional<number>('integer', {
    minimum: 1,
    maximum: 86_400,
    description: 'How long it lasts; 300 when left out.',
  }),
  expiresAt: optional<string>('string', {
    description: 'When it ends instead, as an ISO 8601 instant at most 24 hours ahead.',
  }),
});

export const ListQuery = Type.Object({
  ...AccountQuery.properties,
  activeOnly: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'Only those that are pending.' }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 1000 }),
  startingAfter: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'Only those older than this one.' }),
  ),
});

export const ConfirmBody = Type.Object({
  reservationId,
  actualAmount: Type.Optional(
    requestedAmount('What it cost: whole, zero or more. All of it when left out.'),
  ),
});

export const CancelBody = Type.Object({ reservationId });
