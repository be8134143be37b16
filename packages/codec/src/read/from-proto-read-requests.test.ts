// Requests that read, as queries.
import { create } from '@bufbuild/protobuf';
import {
  AccountStatus,
  BatchGetBalancesRequestSchema,
  GetBalanceRequestSchema,
  GetTransactionByKeyRequestSchema,
  ListAccountsRequestSchema,
  ListEntriesRequestSchema,
  ListTransactionsRequestSchema,
} from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import {
  fromProtoBatchGetBalancesRequest,
  fromProtoGetBalanceRequest,
  fromProtoGetTransactionByKeyRequest,
  fromProtoListAccountsRequest,
  fromProtoListEntriesRequest,
  fromProtoListTransactionsRequest,
} from './from-proto-read-requests.ts';

const account = { ref: { case: 'externalId', value: 'wallet-1' } } as const;

describe('read requests', () => {
  it('take a page of 50 when no size is named', () => {
    const query = fromProtoListAccountsRequest(create(ListAccountsRequestSchema));
    expect(query).toEqual({
      kind: 'parsed',
      value: { page: { size: 50 }, skip: 0, countTotal: false },
    });
  });

  it('carry every filter of a list of accounts', () => {
    const request = create(ListAccountsRequestSchema, {
      customerId: 'c1',
      name: ' Main ',
      status: AccountStatus.FROZEN,
      pageSize: 7,
      cursor: { case: 'endingBefore', value: 'cca_x' },
      skip: 3,
      countTotal: true,
    });
    expect(fromProtoListAccountsRequest(request)).toEqual({
      kind: 'parsed',
      value: {
        customerId: 'c1',
        name: 'Main',
        status: 'frozen',
        page: { size: 7, cursor: { direction: 'before', id: 'cca_x' } },
        skip: 3,
        countTotal: true,
      },
    });
  });

  it('go on to older things after a cursor', () => {
    const request = create(ListEntriesRequestSchema, {
      account,
      cursor: { case: 'startingAfter', value: 'cce_x' },
    });
    expect(fromProtoListEntriesRequest(request)).toMatchObject({
      value: { page: { size: 50, cursor: { direction: 'after', id: 'cce_x' } } },
    });
  });

  it('read a balance now when no point is named', () => {
    const request = create(GetBalanceRequestSchema, { account });
    expect(fromProtoGetBalanceRequest(request)).toMatchObject({
      value: { account: { kind: 'external_id', externalId: 'wallet-1' }, point: { kind: 'now' } },
    });
  });

  it.each([
    [7n, 7],
    [0n, 0],
    [2n ** 64n - 1n, Number.MAX_SAFE_INTEGER],
  ])('ask for sequence %s as %d, which no head reaches when it is cut', (value, sequence) => {
    const point = { case: 'atSequence', value } as const;
    const request = create(GetBalanceRequestSchema, { account, point });
    expect(fromProtoGetBalanceRequest(request)).toMatchObject({
      value: { point: { kind: 'at_sequence', sequence } },
    });
  });

  it('carry how many transactions to leave out, and whether to count', () => {
    const request = create(ListTransactionsRequestSchema, { skip: 7, countTotal: true });
    expect(fromProtoListTransactionsRequest(request)).toMatchObject({
      value: { skip: 7, countTotal: true },
    });
  });

  it('cut an instant to the millisecond before it, and bounds to the one after it', () => {
    const between = { seconds: 1n, nanos: 1_500_000 };
    const balance = create(GetBalanceRequestSchema, {
      account,
      point: { case: 'at', value: between },
    });
    expect(fromProtoGetBalanceRequest(balance)).toMatchObject({
      value: { point: { kind: 'at', instant: 1001 } },
    });
    const list = create(ListTransactionsRequestSchema, {
      createdFrom: between,
      createdBefore: between,
    });
    expect(fromProtoListTransactionsRequest(list)).toMatchObject({
      value: { createdFrom: 1002, createdBefore: 1002 },
    });
  });

  it.each([
    [{ seconds: 253_402_300_800n, nanos: 0 }],
    [{ seconds: -62_135_596_801n, nanos: 0 }],
    [{ seconds: 0n, nanos: -1 }],
    [{ seconds: 0n, nanos: 1_000_000_000 }],
  ])('refuse %o, which is no timestamp', (value) => {
    const request = create(ListTransactionsRequestSchema, { createdFrom: value });
    expect(fromProtoListTransactionsRequest(request)).toMatchObject({
      kind: 'refused',
      reason: 'FIELD_INVALID',
      metadata: { field: 'created_from' },
    });
  });

  it('name the account of a batch that is not named', () => {
    const request = create(BatchGetBalancesRequestSchema, { accounts: [account, {}] });
    expect(fromProtoBatchGetBalancesRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field: 'accounts[1]' },
    });
  });

  it('refuse a text that cannot be stored', () => {
    const request = create(GetTransactionByKeyRequestSchema, { idempotencyKey: 'a\u0000b' });
    expect(fromProtoGetTransactionByKeyRequest(request)).toMatchObject({
      kind: 'refused',
      metadata: { field: 'idempotency_key' },
    });
  });
});
