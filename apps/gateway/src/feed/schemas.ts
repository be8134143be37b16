// The shapes of the feed, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, text } from '../shapes.ts';
import { couponFields } from './coupon-schemas.ts';
import { optional } from './shapes.ts';
import { AllocationsSchema, GrantSchema, HoldSchema, ScheduleSchema } from './terms-schemas.ts';

/** Written digit by digit, so exact at any size; hence no type that a number of JavaScript has. */
const sequence = (description: string) => Type.Unsafe<unknown>({ type: 'integer', description });

export const FeedQuery = Type.Object({
  account_id: Type.Optional(
    Type.Array(Type.String(), { description: 'Keeps events of these accounts. Repeatable.' }),
  ),
  external_id: Type.Optional(
    Type.Array(Type.String(), { description: 'The same, by your own ids. Repeatable.' }),
  ),
  customer_id: optional('Keeps events of this customer’s accounts, those to come included.'),
  kinds: optional('Keeps events of these kinds: `transaction_posted,account_created`.'),
  from: Type.Optional(
    Type.Enum(['now', 'beginning'], {
      description: 'Where to start: `now` where nothing else does.',
    }),
  ),
  from_sequence: optional('Start with this event. Not with an access token.'),
  from_time: optional('Start with the first event at or after this ISO 8601 instant.'),
  last_event_id: optional('As the header `Last-Event-ID`, for a first connection.'),
  access_token: optional('An access token, for an EventSource. Never an API key.'),
});

export const FeedHeaders = Type.Object({
  'last-event-id': optional('Go on behind the event with this id. Wins over every other start.'),
});

const AccountSchema = Type.Object({
  id: text('`cca_` and eleven characters.'),
  customer_id: text('The caller’s name for the customer.'),
  name: text('Tells the accounts of a customer apart.'),
  unit_label: text('What is counted.'),
  unit_scale: Type.Integer({ description: 'Fraction digits of the unit.' }),
  status: text('`active`, `frozen` or `closed`.'),
  balance: text('A decimal, holds included.'),
  held: text('What holds keep aside.'),
  available: text('The difference.'),
  external_id: optional('The caller’s own id. Not with an access token.'),
  created_at: instant('When the account was made.'),
  updated_at: instant('When its status or details last changed.'),
});

const TransactionSchema = Type.Object({
  id: text('`cct_` and eleven characters.'),
  kind: text(
    '`credit`, `debit`, `post`, `reversal`, `opening`, `capture`, `activation`, `expiry`, `void`.',
  ),
  reference: optional('The caller’s link to a thing of theirs. Not with an access token.'),
  idempotency_key: optional('The caller’s name for this intention. Not with an access token.'),
  reversal_of: optional('What it undoes. Reversals only, not with an access token.'),
  unit_label: text('The unit of all its entries.'),
  unit_scale: Type.Integer({ description: 'Fraction digits of the unit.' }),
  entries: Type.Array(
    Type.Object({
      id: text('`cce_` and eleven characters.'),
      account_id: text('The account that the entry is on.'),
      side: text('`credit` adds to the balance, `debit` takes from it.'),
      amount: text('A positive decimal.'),
      balance_after: text('The balance once the entry was posted.'),
      allocations: AllocationsSchema,
    }),
    { description: 'All of them; with an access token those of its own accounts.' },
  ),
  metadata: Type.Optional(
    Type.Unsafe<unknown>({ type: 'object', description: 'Not with an access token.' }),
  ),
});

export const EventSchema = Type.Object(
  {
    kind: text('What happened, as in `event:`.'),
    sequence: Type.Optional(sequence('Its number in the book. Not with an access token.')),
    created_at: instant('When it was accepted.'),
    idempotency_key: optional('Where one was given. Not with an access token.'),
    account: Type.Optional(AccountSchema),
    changed_fields: Type.Optional(Type.Array(Type.String())),
    opening: Type.Optional(TransactionSchema),
    schedule: Type.Optional(ScheduleSchema),
    hold: Type.Optional(HoldSchema),
    grant: Type.Optional(GrantSchema),
    transaction: Type.Optional(TransactionSchema),
    counterpart: optional('`issued`, `spent` or `expired`: the other side of a one-sided one.'),
    due_at: Type.Optional(instant('When it took effect, for what time does by itself.')),
    held_after: optional('What holds keep of the account after it, in all.'),
    grants: Type.Optional(
      Type.Array(GrantSchema, { description: 'Those that it touched, as they are after it.' }),
    ),
    ...couponFields,
    now: Type.Optional(instant('What the clock of a test book shows from now on.')),
  },
  { $id: 'FeedEvent', description: 'The `data` of an event: one line of JSON.' },
);

export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      reason: text('The machine name of the refusal, `HISTORY_DIVERGED` for instance.'),
      message: text('A sentence that says what is wrong.'),
      metadata: Type.Record(Type.String(), Type.String(), { description: 'The facts.' }),
      request_id: text('The id of the request in the log, also the header `x-request-id`.'),
    }),
  },
  { $id: 'FeedError' },
);

/** Every schema that others refer to by name. */
export const sharedSchemas: readonly TSchema[] = [EventSchema, ErrorSchema];
