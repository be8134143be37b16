// An item of a batch and its single call ask for the same.
import { create } from '@bufbuild/protobuf';
import {
  BatchItemSchema,
  CreditRequestSchema,
  DebitRequestSchema,
  EntrySide,
  PostTransactionRequestSchema,
  ReverseTransactionRequestSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { fromProtoBatchItem } from './from-proto-batch-item.ts';
import {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
} from './from-proto-transaction-requests.ts';

const account = { ref: { case: 'id', value: 'cca_00000000001' } } as const;
const terms = { reference: 'r', idempotencyKey: 'k', metadata: { b: 1, a: 2 } };
const credit = create(CreditRequestSchema, { account, amount: '5', ...terms });
const debit = create(DebitRequestSchema, { account, amount: '5', ...terms });
const post = create(PostTransactionRequestSchema, {
  entries: [
    { account, side: EntrySide.DEBIT, amount: '1' },
    { account: { ref: { case: 'externalId', value: 'x' } }, side: EntrySide.CREDIT, amount: '1' },
  ],
  ...terms,
});
const reverse = create(ReverseTransactionRequestSchema, {
  transactionId: 'cct_00000000001',
  account,
});

describe('an item of a batch', () => {
  it.each([
    ['credit', { case: 'credit', value: credit }, fromProtoCreditRequest(credit)],
    ['debit', { case: 'debit', value: debit }, fromProtoDebitRequest(debit)],
    ['post', { case: 'post', value: post }, fromProtoPostTransactionRequest(post)],
    ['reverse', { case: 'reverse', value: reverse }, fromProtoReverseTransactionRequest(reverse)],
  ] as const)('makes the command of a single %s', (_name, item, single) => {
    expect(single.kind).toBe('parsed');
    expect(fromProtoBatchItem(create(BatchItemSchema, { item }))).toEqual(single);
  });

  it('is refused as its single call is', () => {
    const value = create(CreditRequestSchema, { account, amount: '-5', ...terms });
    const item = create(BatchItemSchema, { item: { case: 'credit', value } });
    expect(fromProtoBatchItem(item)).toMatchObject({
      reason: 'AMOUNT_INVALID',
      metadata: { field: 'amount' },
    });
    expect(fromProtoBatchItem(item)).toEqual(fromProtoCreditRequest(value));
  });

  it('that asks for nothing is refused', () => {
    expect(fromProtoBatchItem(create(BatchItemSchema))).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'item' },
    });
  });
});
