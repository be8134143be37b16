// Answers to batches: the same message in both formats.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ErrorReason, PostBatchResponseSchema } from '@scrip/contract';
import type { Sequence } from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  toProtoBatchResponse,
  type BatchAnswer,
  type OtherItem,
  type PostedItem,
} from './to-proto-batch-response.ts';
import { anyText as text, anyTransaction as transaction, plain } from './transactions-for-tests.ts';

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
const answer: fc.Arbitrary<BatchAnswer> = fc.record(
  {
    items: fc.array(fc.oneof(posted, other), { maxLength: 4 }),
    sequence: fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence),
  },
  plain,
);

describe('the answer to a batch', () => {
  it('has the bytes of its message, though no message was made', () => {
    fc.assert(
      fc.property(answer, (given) => {
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
