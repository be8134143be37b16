// Answers to posts, single and in batches: the same message in both formats.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CreditResponseSchema,
  DebitResponseSchema,
  ErrorReason,
  PostBatchResponseSchema,
  PostTransactionResponseSchema,
  ReverseTransactionResponseSchema,
} from '@scrip/contract';
import { instantFromMs, type Metadata, type Sequence, type Transaction } from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readyBytesOf } from '../value/ready-message.ts';
import {
  toProtoBatchResponse,
  type BatchAnswer,
  type OtherItem,
  type PostedItem,
} from './to-proto-batch-response.ts';
import { toProtoPostedResponse, type PostedAnswer } from './to-proto-posted-response.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((each) => each.isWellFormed());
const amount = fc.bigInt({ min: 0n, max: 10n ** 60n });
const plain = { noNullPrototype: true } as const;

const allocation = fc.record({ grantId: text, amount }, { ...plain, requiredKeys: ['amount'] });
const entry = fc.record(
  {
    id: text,
    accountId: text,
    side: fc.constantFrom('credit', 'debit'),
    amount,
    balanceAfter: amount,
    allocations: fc.array(allocation, { minLength: 1, maxLength: 3 }),
  },
  { ...plain, requiredKeys: ['id', 'accountId', 'side', 'amount', 'balanceAfter'] },
);
const metadata = fc.constantFrom<Metadata>({ b: [1, null, { c: 'd' }], 10: 'ten' }, { a: true });
const transaction = fc.record(
  {
    id: text,
    kind: fc.constantFrom('credit', 'debit', 'post', 'reversal'),
    reference: text,
    idempotencyKey: text,
    unit: fc.record({ label: text, scale: fc.integer({ min: 0, max: 18 }) }, plain),
    entries: fc.array(entry, { maxLength: 4 }),
    reversalOf: text.filter((id) => id !== ''),
    metadata,
    createdAt: fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instantFromMs),
    sequence: fc.integer({ min: 0, max: 2 ** 42 - 1 }),
  },
  {
    ...plain,
    requiredKeys: [
      'id',
      'kind',
      'reference',
      'idempotencyKey',
      'unit',
      'entries',
      'createdAt',
      'sequence',
    ],
  },
) as fc.Arbitrary<unknown> as fc.Arbitrary<Transaction>;
const sequence = fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence);
const posted: fc.Arbitrary<PostedItem> = fc.record(
  {
    kind: fc.constant('posted'),
    transaction,
    replayed: fc.boolean(),
    grantId: text.filter((id) => id !== ''),
  },
  { ...plain, requiredKeys: ['kind', 'replayed'] },
);
const refused = { reason: ErrorReason.INSUFFICIENT_BALANCE, metadata: { required: '20' } };
const other: fc.Arbitrary<OtherItem> = fc.constantFrom(
  { kind: 'other', message: { result: { case: 'refused', value: refused } } },
  { kind: 'other', message: { result: { case: 'notApplied', value: {} } } },
);
const answered: fc.Arbitrary<BatchAnswer> = fc.record(
  {
    items: fc.array(fc.oneof(posted, other), { maxLength: 4 }),
    sequence,
  },
  plain,
);

const single: fc.Arbitrary<PostedAnswer> = fc.record({ transaction, sequence });
const credited: fc.Arbitrary<PostedAnswer> = fc.record(
  { transaction, sequence, grantId: text.filter((id) => id !== '') },
  { ...plain, requiredKeys: ['sequence'] },
);

describe('the answer to a batch', () => {
  it('has the bytes of its message, though no message was made', () => {
    fc.assert(
      fc.property(answered, (given) => {
        const message = toProtoBatchResponse(given, 'json');
        const bytes = toBinary(PostBatchResponseSchema, toProtoBatchResponse(given, 'binary'));
        expect(fromBinary(PostBatchResponseSchema, bytes)).toEqual(message);
        const isOrdered = given.items.every(
          (item) => item.kind === 'other' || item.transaction?.metadata === undefined,
        );
        // Metadata has its keys in order here, as in events.
        if (!isOrdered) return;
        expect(Buffer.compare(bytes, toBinary(PostBatchResponseSchema, message))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the answer to a single post', () => {
  it.each([
    [CreditResponseSchema, credited],
    [DebitResponseSchema, single],
    [PostTransactionResponseSchema, single],
    [ReverseTransactionResponseSchema, single],
  ])('has the bytes of its message, though no message was made: %s', (schema, answer) => {
    fc.assert(
      fc.property(answer, (given) => {
        const message = toProtoPostedResponse(schema, given, 'json');
        const ready = toProtoPostedResponse(schema, given, 'binary');
        const bytes = toBinary(schema, ready);
        expect(fromBinary(schema, bytes)).toEqual(message);
        expect(readyBytesOf(message)).toBeUndefined();
        expect(readyBytesOf(ready)).toEqual(given.transaction === undefined ? undefined : bytes);
        // Metadata has its keys in order here, as in events.
        if (given.transaction?.metadata !== undefined) return;
        expect(Buffer.compare(bytes, toBinary(schema, message))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
