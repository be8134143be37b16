// Transactions of every shape, for properties of what tells them.
import { instantFromMs, type Metadata, type Transaction } from '@scrip/kernel';
import fc from 'fast-check';

/** Any text that can be encoded. */
export const anyText = fc
  .string({ unit: 'grapheme', maxLength: 200 })
  .filter((each) => each.isWellFormed());
const amount = fc.bigInt({ min: 0n, max: 10n ** 60n });
/** Records as the product makes them. */
export const plain = { noNullPrototype: true } as const;

const allocation = fc.record({ grantId: anyText, amount }, { ...plain, requiredKeys: ['amount'] });
const entry = fc.record(
  {
    id: anyText,
    accountId: anyText,
    side: fc.constantFrom('credit', 'debit'),
    amount,
    balanceAfter: amount,
    allocations: fc.array(allocation, { minLength: 1, maxLength: 3 }),
  },
  { ...plain, requiredKeys: ['id', 'accountId', 'side', 'amount', 'balanceAfter'] },
);
const metadata = fc.constantFrom<Metadata>({ b: [1, null, { c: 'd' }], 10: 'ten' }, { a: true });
/** Any transaction, whether or not it makes sense. */
export const anyTransaction = fc.record(
  {
    id: anyText,
    kind: fc.constantFrom('credit', 'debit', 'post', 'reversal'),
    reference: anyText,
    idempotencyKey: anyText,
    unit: fc.record({ label: anyText, scale: fc.integer({ min: 0, max: 18 }) }, plain),
    entries: fc.array(entry, { maxLength: 4 }),
    reversalOf: anyText.filter((id) => id !== ''),
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
