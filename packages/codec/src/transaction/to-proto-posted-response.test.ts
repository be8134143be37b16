// Answers to single posts: the same message in both formats.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CreditResponseSchema,
  DebitResponseSchema,
  PostTransactionResponseSchema,
  ReverseTransactionResponseSchema,
} from '@scrip/contract';
import type { Sequence } from '@scrip/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProtoPostedResponse, type PostedAnswer } from './to-proto-posted-response.ts';
import { anyText, anyTransaction, plain } from './transactions-for-tests.ts';

const sequence = fc.integer({ min: 1, max: 2 ** 42 - 1 }).map((n) => n as Sequence);
const posted: fc.Arbitrary<PostedAnswer> = fc.record({ transaction: anyTransaction, sequence });
const credited: fc.Arbitrary<PostedAnswer> = fc.record(
  { transaction: anyTransaction, sequence, grantId: anyText.filter((id) => id !== '') },
  { ...plain, requiredKeys: ['sequence'] },
);

describe('the answer to a single post', () => {
  it.each([
    [CreditResponseSchema, credited],
    [DebitResponseSchema, posted],
    [PostTransactionResponseSchema, posted],
    [ReverseTransactionResponseSchema, posted],
  ])('has the bytes of its message, though no message was made: %s', (schema, answer) => {
    fc.assert(
      fc.property(answer, (given) => {
        const message = toProtoPostedResponse(schema, given, 'json');
        const bytes = toBinary(schema, toProtoPostedResponse(schema, given, 'binary'));
        expect(fromBinary(schema, bytes)).toEqual(message);
        // Metadata has its keys in order here, as in events.
        if (given.transaction?.metadata !== undefined) return;
        expect(Buffer.compare(bytes, toBinary(schema, message))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
