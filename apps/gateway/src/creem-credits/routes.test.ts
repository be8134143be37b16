// What the Customer Credits routes ask of the ledger, show of it, and make of its refusals.
import { Code } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AccountSchema, TransactionSchema } from '@scrip/contract';
import { AccountStatus, EntrySide, ErrorReason } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { FakeLedger } from '../fake-ledger.ts';
import { createFakeGateway, known, refusal, storeId } from '../fake-ledger.ts';

const createdAt = { seconds: 1_777_622_400n, nanos: 7_000_000 };
const iso = '2026-05-01T08:00:00.007Z';
const account: MessageInitShape<typeof AccountSchema> = {
  id: 'cca_0123456789A',
  customerId: 'user_1',
  name: 'Tokens',
  unitLabel: 'tokens',
  status: AccountStatus.FROZEN,
  balance: '5',
  createdAt,
  updatedAt: createdAt,
};
const transaction: MessageInitShape<typeof TransactionSchema> = {
  id: 'cct_0123456789T',
  reference: 'order-1',
  idempotencyKey: 'key-1',
  entries: [{ id: 'cce_0', accountId: 'cca_0', side: EntrySide.DEBIT, amount: '25' }],
  createdAt,
};
const posting = { amount: '25', reference: 'order-1', idempotency_key: 'key-1', note: 'ignored' };
const root = '/v1/customer-credits';

describe('an account', () => {
  it('is shown with its store and nothing more', async () => {
    const answer = await ask({ getAccount: () => ({ account }) }, '/accounts/cca_0');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      id: 'cca_0123456789A',
      store_id: storeId,
      customer_id: 'user_1',
      name: 'Tokens',
      unit_label: 'tokens',
      status: 'frozen',
      created_at: iso,
      updated_at: iso,
    });
  });

  it('is listed in the cursor envelope', async () => {
    const asked: unknown[] = [];
    const answer = await ask(
      {
        listAccounts(request) {
          asked.push([request.customerId, request.pageSize, request.cursor]);
          return { accounts: [account], hasMore: true };
        },
      },
      '/accounts?customer_id=user_1&limit=1&starting_after=cca_9',
    );
    expect(asked).toEqual([['user_1', 1, { case: 'startingAfter', value: 'cca_9' }]]);
    expect(answer.json()).toMatchObject({
      object: 'list',
      has_more: true,
      data: [{ name: 'Tokens' }],
    });
  });
});

describe('the names of a new account', () => {
  it('are asked for without the blanks around them, which count towards no length', async () => {
    const asked: unknown[] = [];
    const createAccount: FakeLedger['createAccount'] = ({ name, unitLabel }) => {
      asked.push([name, unitLabel]);
      return { account };
    };
    const [name, unit] = ['n'.repeat(100), 'u'.repeat(50)];
    const body = { customer_id: 'a', name: ` ${name} `, unit_label: `\t${unit}\n` };
    expect((await ask({ createAccount }, '/accounts', body)).statusCode).toBe(201);
    expect(asked).toEqual([[name, unit]]);
  });
});

describe('a balance', () => {
  const balance = { accountId: 'cca_0', balance: '75', updatedAt: createdAt };

  it('has updated_at when it is the present one', async () => {
    const answer = await ask({ getBalance: () => ({ balance }) }, '/accounts/cca_0/balance');
    expect(answer.json()).toEqual({ balance: '75', updated_at: iso });
  });

  it('has as_of when it is of an instant', async () => {
    const at = encodeURIComponent('2026-05-01T10:00:00+02:00');
    const path = `/accounts/cca_0/balance?at=${at}`;
    const answer = await ask({ getBalance: () => ({ balance }) }, path);
    expect(answer.json()).toEqual({ balance: '75', as_of: '2026-05-01T08:00:00.000Z' });
  });
});

describe('a transaction', () => {
  it('is answered 201, its entries complete, without reversal_of', async () => {
    const answer = await ask({ debit: () => ({ transaction }) }, '/accounts/cca_0/debit', posting);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).not.toHaveProperty('x-idempotent-replay');
    expect(answer.json()).toEqual({
      id: 'cct_0123456789T',
      store_id: storeId,
      reference: 'order-1',
      idempotency_key: 'key-1',
      entries: [
        {
          id: 'cce_0',
          transaction_id: 'cct_0123456789T',
          account_id: 'cca_0',
          side: 'debit',
          amount: '25',
          created_at: iso,
        },
      ],
      created_at: iso,
    });
  });

  it('is answered 201 again when it is a replay, with the header', async () => {
    const fake: FakeLedger = {
      credit(_request, { responseHeader }) {
        responseHeader.set('scrip-idempotent-replay', 'true');
        return { transaction };
      },
    };
    const answer = await ask(fake, '/accounts/cca_0/credit', posting);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['x-idempotent-replay']).toBe('true');
  });

  it('has reversal_of when it is a reversal', async () => {
    const reversal = { transaction: { ...transaction, reversalOf: 'cct_1' } };
    const answer = await ask(
      { reverseTransaction: () => reversal },
      '/transactions/cct_1/reverse',
      '',
    );
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toHaveProperty('reversal_of', 'cct_1');
  });
});

type Refused = {
  readonly reason: Parameters<typeof refusal>[0];
  readonly status: number;
  readonly code: string;
  readonly param?: string;
  readonly field?: string;
};

const refused: readonly Refused[] = [
  { reason: 'INSUFFICIENT_BALANCE', status: 422, code: 'insufficient_balance', param: 'amount' },
  {
    reason: 'AMOUNT_INVALID',
    status: 400,
    code: 'invalid_amount',
    param: 'entries[1].amount',
    field: 'entries[1].amount',
  },
  {
    reason: 'FIELD_INVALID',
    status: 400,
    code: 'parameter_invalid',
    param: 'entries[1].account_id',
    field: 'entries[1].account.id',
  },
  {
    reason: 'IDEMPOTENCY_KEY_REUSED',
    status: 409,
    code: 'idempotency_key_mismatch',
    param: 'idempotency_key',
  },
  { reason: 'ENTRIES_UNBALANCED', status: 422, code: 'unbalanced_transaction', param: 'entries' },
  { reason: 'UNIT_MISMATCH', status: 422, code: 'unit_mismatch', param: 'entries' },
  { reason: 'ACCOUNT_REPEATED', status: 400, code: 'account_repeated', param: 'entries' },
  { reason: 'ACCOUNT_FROZEN', status: 409, code: 'account_frozen' },
  { reason: 'ACCOUNT_NOT_FOUND', status: 404, code: 'resource_not_found' },
  { reason: 'TRANSACTION_NOT_REVERSIBLE', status: 409, code: 'transaction_not_reversible' },
  { reason: 'UNAVAILABLE', status: 503, code: 'unavailable' },
];

describe('a refusal', () => {
  it.each(refused)('$reason is $status $code', async ({ reason, status, code, param, field }) => {
    const metadata = field === undefined ? {} : { field };
    const fake: FakeLedger = {
      debit() {
        throw refusal(reason, Code.FailedPrecondition, metadata);
      },
    };
    const answer = await ask(fake, '/accounts/cca_0/debit', posting);
    expect(answer.statusCode).toBe(status);
    const { error } = answer.json<{ error: Record<string, unknown> }>();
    expect(error).toMatchObject({ code, request_id: answer.headers['x-request-id'] });
    expect(error['param']).toBe(param);
  });

  it('of a full queue is 429 and says when to come back', async () => {
    const fake: FakeLedger = {
      debit() {
        const error = refusal('QUEUE_FULL', Code.ResourceExhausted);
        const retryAfter = { seconds: 0n, nanos: 250_000_000 };
        const value = { reason: ErrorReason.QUEUE_FULL, retryAfter };
        error.details = error.details.map((detail) => ({ ...detail, value }) as never);
        throw error;
      },
    };
    const answer = await ask(fake, '/accounts/cca_0/debit', posting);
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toHaveProperty('error.type', 'rate_limit_error');
    expect(answer.headers).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '250' });
  });
});

describe('a request', () => {
  it.each([
    ['amount', { ...posting, amount: 25 }, 'parameter_invalid'],
    ['reference', { ...posting, reference: undefined }, 'parameter_missing'],
    ['idempotency_key', { ...posting, idempotency_key: '' }, 'parameter_invalid'],
  ])('with a wrong %s names it', async (param, body, code) => {
    const answer = await ask({}, '/accounts/cca_0/credit', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code, param } });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['starting_after=a&ending_before=b', 'ending_before'],
  ])('with the query %s is 400', async (query, param) => {
    const answer = await ask({}, `/accounts/cca_0/entries?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty('error.param', param);
  });
});

async function ask(fake: FakeLedger, path: string, body?: object | string) {
  const gateway = await createFakeGateway(fake);
  if (body === undefined) return gateway.inject({ url: root + path, headers: known });
  const payload = typeof body === 'string' ? {} : { payload: body };
  return gateway.inject({ method: 'POST', url: root + path, headers: known, ...payload });
}
