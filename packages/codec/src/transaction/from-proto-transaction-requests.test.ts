// Requests that post, as commands.
import { create } from '@bufbuild/protobuf';
import {
  CreditRequestSchema,
  EntrySide,
  PostTransactionRequestSchema,
  ReverseTransactionRequestSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
} from './from-proto-transaction-requests.ts';

const byId = (value: string) => ({ ref: { case: 'id', value } }) as const;
const terms = { reference: 'order 1', idempotencyKey: 'k1' };

describe('requests that post', () => {
  it('become commands with canonical amounts and sorted metadata', () => {
    const request = create(CreditRequestSchema, {
      account: byId('cca_1'),
      amount: '5.00',
      ...terms,
      metadata: { b: 1, a: { d: 1, c: 2 } },
    });
    const command = fromProtoCreditRequest(request);
    expect(command).toEqual({
      kind: 'parsed',
      value: {
        kind: 'credit',
        account: { kind: 'id', id: 'cca_1' },
        amount: '5',
        ...terms,
        metadata: { a: { c: 2, d: 1 }, b: 1 },
      },
    });
    expect(JSON.stringify(command)).toContain('{"a":{"c":2,"d":1},"b":1}');
  });

  it.each(['', '-1', '1e3', '01', ' 1', 'NaN', '0', '1'.repeat(39)])(
    'refuse the amount %j',
    (amount) => {
      const request = create(CreditRequestSchema, { account: byId('cca_1'), amount, ...terms });
      expect(fromProtoCreditRequest(request)).toMatchObject({
        kind: 'refused',
        reason: 'AMOUNT_INVALID',
        metadata: { field: 'amount' },
      });
    },
  );

  it('refuse a missing account by its path', () => {
    const request = create(CreditRequestSchema, { amount: '1', ...terms });
    expect(
      fromProtoDebitRequest({ ...request, $typeName: 'scrip.ledger.v1.DebitRequest' }),
    ).toMatchObject({ kind: 'refused', metadata: { field: 'account' } });
  });

  it('refuse an entry without a side by its path', () => {
    const entry = { account: byId('cca_1'), side: EntrySide.CREDIT, amount: '1' };
    const request = create(PostTransactionRequestSchema, {
      entries: [entry, { ...entry, side: EntrySide.UNSPECIFIED }],
      ...terms,
    });
    expect(fromProtoPostTransactionRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field: 'entries[1].side' },
    });
  });

  it('leave out what a reversal does not name', () => {
    const request = create(ReverseTransactionRequestSchema, { transactionId: 'cct_1' });
    expect(fromProtoReverseTransactionRequest(request)).toEqual({
      kind: 'parsed',
      value: { kind: 'reverse_transaction', transactionId: 'cct_1' },
    });
  });
});
