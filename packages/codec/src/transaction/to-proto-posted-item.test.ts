// Results of posted items: the same message in both formats.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BatchResultSchema } from '@scrip/contract';
import { instantFromMs, type Metadata, type Transaction } from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProtoPostedItem, type PostedItem } from './to-proto-posted-item.ts';

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
const item: fc.Arbitrary<PostedItem> = fc.record(
  { transaction, replayed: fc.boolean(), grantId: text.filter((id) => id !== '') },
  { ...plain, requiredKeys: ['replayed'] },
);

describe('a posted item', () => {
  it('has the bytes of its message, though no message was made', () => {
    fc.assert(
      fc.property(item, (posted) => {
        const message = toProtoPostedItem(posted, 'json');
        const bytes = toBinary(BatchResultSchema, toProtoPostedItem(posted, 'binary'));
        expect(fromBinary(BatchResultSchema, bytes)).toEqual(message);
        const { metadata: unordered } = posted.transaction ?? {};
        if (unordered !== undefined) return;
        expect(Buffer.compare(bytes, toBinary(BatchResultSchema, message))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
