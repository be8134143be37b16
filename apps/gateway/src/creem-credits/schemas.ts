// The shapes of the Customer Credits API, as JSON Schema. Requests ignore fields they do not know.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, refer, text } from '../shapes.ts';
import { notBlankPattern } from '../text-patterns.ts';

export const AccountSchema = Type.Object(
  {
    id: text('`cca_` and eleven characters.'),
    store_id: text('The store that owns the account.'),
    customer_id: text('The caller’s name for the customer.'),
    name: text('Tells the accounts of a customer apart.'),
    unit_label: text('What is counted.'),
    status: Type.Enum(['active', 'frozen', 'closed']),
    created_at: instant('When the account was made.'),
    updated_at: instant('When its status or details last changed.'),
  },
  { $id: 'CreditsAccount' },
);

export const BalanceSchema = Type.Object(
  {
    balance: text('A decimal, holds included.'),
    updated_at: Type.Optional(instant('The last entry, else the creation. Present balances only.')),
    as_of: Type.Optional(instant('The instant asked for. Past balances only.')),
  },
  { $id: 'CreditsBalance' },
);

const SideSchema = Type.Enum(['credit', 'debit'], {
  description: '`credit` adds to the balance, `debit` takes from it.',
});

export const EntrySchema = Type.Object(
  {
    id: text('`cce_` and eleven characters.'),
    transaction_id: text('The transaction of the entry.'),
    account_id: text('The account that the entry is on.'),
    side: SideSchema,
    amount: text('A positive decimal.'),
    created_at: instant('When it was posted.'),
  },
  { $id: 'CreditsEntry' },
);

export const TransactionSchema = Type.Object(
  {
    id: text('`cct_` and eleven characters.'),
    store_id: text('The store that owns the transaction.'),
    reference: text('The caller’s link to a thing of theirs.'),
    idempotency_key: text('The caller’s name for this one intention.'),
    reversal_of: Type.Optional(text('The transaction that this one undoes. Reversals only.')),
    entries: Type.Array(refer(EntrySchema)),
    created_at: instant('When it was posted.'),
  },
  { $id: 'CreditsTransaction' },
);

export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      type: Type.Enum([
        'invalid_request_error',
        'api_error',
        'authentication_error',
        'rate_limit_error',
      ]),
      code: text('The machine name of the error.'),
      message: text('A sentence for a developer.'),
      param: Type.Optional(text('The field that is at fault.')),
      request_id: text('The id of the request in the log, also the header `x-request-id`.'),
    }),
  },
  { $id: 'CreditsError' },
);

export const AccountListSchema = listOf(AccountSchema, 'CreditsAccountList');
export const EntryListSchema = listOf(EntrySchema, 'CreditsEntryList');
export const TransactionListSchema = listOf(TransactionSchema, 'CreditsTransactionList');

/** Every schema that others refer to by name. */
export const sharedSchemas: readonly TSchema[] = [
  AccountSchema,
  BalanceSchema,
  EntrySchema,
  TransactionSchema,
  ErrorSchema,
  AccountListSchema,
  EntryListSchema,
  TransactionListSchema,
];

const required = (description: string) => Type.String({ minLength: 1, description });
const amount = text('A positive decimal string, `75` for instance.');

/** An empty text is not the default: only leaving the field out is. */
const named = (ifAbsent: string, description: string) =>
  Type.Optional(Type.String({ default: ifAbsent, pattern: notBlankPattern, description }));

export const CreateAccountBody = Type.Object({
  customer_id: required('The caller’s name for the customer. Needs no registration.'),
  name: named('default', 'Trimmed, then at most 100 characters.'),
  unit_label: named('credits', 'What is counted: trimmed, then at most 50 characters.'),
  initial_balance: Type.Optional(text('Credited at once when it is more than `0`.')),
});

export const PostingBody = Type.Object({
  amount,
  reference: required('The caller’s link to a thing of theirs, at most 255 characters.'),
  idempotency_key: required('The same key again answers as at first.'),
});

export const ReverseBody = Type.Object({ transaction_id: required('What to undo.') });

export const PostTransactionBody = Type.Object({
  reference: required('The caller’s link to a thing of theirs, at most 255 characters.'),
  idempotency_key: required('The same key again answers as at first.'),
  entries: Type.Array(
    Type.Object({ account_id: required('The account.'), side: SideSchema, amount }),
    { minItems: 2, maxItems: 100, description: 'Debits and credits must be equal.' },
  ),
});

export const IdParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,255}$' }) });

const cursors = {
  starting_after: Type.Optional(text('The id of the last element seen: answers older ones.')),
  ending_before: Type.Optional(text('The id of the first element seen: answers newer ones.')),
};
const limit = (most: number) => Type.Integer({ minimum: 1, maximum: 100, default: most });

export const PageQuery = Type.Object({ limit: limit(10), ...cursors });
export const AccountsQuery = Type.Object({
  customer_id: Type.Optional(required('Keeps the accounts of this customer only.')),
  limit: limit(10),
  ...cursors,
});
export const ReferenceQuery = Type.Object({
  reference: required('Exactly this reference.'),
  limit: limit(100),
  ...cursors,
});
export const BalanceQuery = Type.Object({
  at: Type.Optional(text('An instant as ISO 8601 with an offset: the balance as it was then.')),
});

function listOf<Schema extends TSchema>(schema: Schema & { readonly $id?: string }, $id: string) {
  return Type.Object(
    { object: Type.Literal('list'), data: Type.Array(refer(schema)), has_more: Type.Boolean() },
    { $id },
  );
}
