// The facts of a refusal, which the error body of the Customer Credits API has in its sentence.
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import type { FakeLedger } from '../fake-ledger.ts';
import { createFakeGateway, known, refusal } from '../fake-ledger.ts';

const posting = { amount: '300', reference: 'order-1', idempotency_key: 'key-1' };
const entry = { account_id: 'cca_0', side: 'debit', amount: '300' };
const facts = { account_id: 'cca_0123456789A', required: '300', available: '70' };
const uncovered = (): never => {
  throw refusal('INSUFFICIENT_BALANCE', Code.FailedPrecondition, facts);
};

describe('a balance that does not cover the amount', () => {
  const fake: FakeLedger = {
    debit: uncovered,
    postTransaction: uncovered,
    reverseTransaction: uncovered,
  };

  it.each([
    { path: '/accounts/cca_0/debit', body: posting, param: 'amount' },
    { path: '/transactions', body: { ...posting, entries: [entry, entry] }, param: 'entries' },
    { path: '/transactions/cct_0/reverse', body: {}, param: undefined },
    { path: '/accounts/cca_0/reverse', body: { transaction_id: 'cct_0' }, param: undefined },
  ])('is told with its facts at $path', async ({ path, body, param }) => {
    const { status, error } = await post(fake, path, body);
    expect(status).toBe(422);
    expect(error['message']).toMatch(/: 300 required, 70 available on cca_0123456789A\.$/);
    expect(error['param']).toBe(param);
  });
});

it('tells what of a balance may go to another account', async () => {
  const postTransaction = (): never => {
    const metadata = { ...facts, transferable: '20' };
    throw refusal('INSUFFICIENT_BALANCE', Code.FailedPrecondition, metadata);
  };
  const body = { ...posting, entries: [entry, entry] };
  const { error } = await post({ postTransaction }, '/transactions', body);
  expect(error['message']).toMatch(/: 300 required, 20 transferable on cca_0123456789A\.$/);
});

it('does not close an account that keeps credits aside', async () => {
  const closeAccount = (): never => {
    throw refusal('ACCOUNT_HAS_HOLDS', Code.FailedPrecondition, { account_id: 'cca_0' });
  };
  const { status, error } = await post({ closeAccount }, '/accounts/cca_0/close', {});
  expect([status, error['code']]).toEqual([409, 'account_has_holds']);
});

it('names the account that is frozen', async () => {
  const debit = (): never => {
    const { account_id } = facts;
    throw refusal('ACCOUNT_FROZEN', Code.FailedPrecondition, { account_id });
  };
  const { error } = await post({ debit }, '/accounts/cca_0/debit', posting);
  expect(error['message']).toBe('refused: ACCOUNT_FROZEN: cca_0123456789A.');
});

describe('several entries', () => {
  const body = { ...posting, entries: [entry, entry] };
  const refused = (...[reason, metadata, message]: Parameters<typeof refusedBy>) =>
    post({ postTransaction: refusedBy(reason, metadata, message) }, '/transactions', body);

  it.each([
    ['ACCOUNT_NOT_FOUND', { account: 'cca_1' }, 'cca_1'],
    [
      'ENTRIES_UNBALANCED',
      { field: 'entries', debits: '5', credits: '6' },
      '5 debited, 6 credited',
    ],
    ['UNIT_MISMATCH', { unit_label: 'gems', other_unit_label: 'points' }, 'gems and points'],
  ] as const)('are refused as %s with the facts', async (reason, metadata, told) => {
    const { error } = await refused(reason, metadata, 'It is so.');
    expect(error['message']).toBe(`It is so: ${told}.`);
  });

  it('are told of a field by the name that it has here', async () => {
    const field = 'entries[0].account.id';
    const { error } = await refused('FIELD_INVALID', { field }, `${field} is too long.`);
    expect(error).toMatchObject({
      message: 'entries[0].account_id is too long.',
      param: 'entries[0].account_id',
    });
  });
});

describe('a reversal of a transaction that is not found', () => {
  const reverseTransaction = (): never => {
    throw refusal('TRANSACTION_NOT_FOUND', Code.NotFound);
  };
  const body = { transaction_id: 'cct_0' };

  it('says that the account is unknown when it is', async () => {
    const getAccount = (): never => {
      throw refusal('ACCOUNT_NOT_FOUND', Code.NotFound);
    };
    const fake = { reverseTransaction, getAccount };
    const { status, error } = await post(fake, '/accounts/cca_0/reverse', body);
    expect({ status, message: error['message'] }).toEqual({
      status: 404,
      message: 'refused: ACCOUNT_NOT_FOUND',
    });
  });

  it.each<readonly [string, FakeLedger['getAccount']]>([
    ['the account is known', () => ({})],
    [
      'the key may not read',
      () => {
        throw refusal('SCOPE_MISSING', Code.PermissionDenied);
      },
    ],
  ])('says that the transaction is unknown when %s', async (_when, getAccount) => {
    const fake = { reverseTransaction, ...(getAccount ? { getAccount } : {}) };
    const { status, error } = await post(fake, '/accounts/cca_0/reverse', body);
    expect({ status, message: error['message'] }).toEqual({
      status: 404,
      message: 'refused: TRANSACTION_NOT_FOUND',
    });
  });
});

function refusedBy(
  reason: Parameters<typeof refusal>[0],
  metadata: Readonly<Record<string, string>>,
  message: string,
): () => never {
  return () => {
    throw refusal(reason, Code.InvalidArgument, metadata, message);
  };
}

async function post(fake: FakeLedger, path: string, payload: object) {
  const gateway = await createFakeGateway(fake);
  const url = `/v1/customer-credits${path}`;
  const answer = await gateway.inject({ method: 'POST', url, headers: known, payload });
  const { error } = answer.json<{ error: Record<string, unknown> }>();
  return { status: answer.statusCode, error };
}
