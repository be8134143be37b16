// The four documented calls of the Accounts API: keys, nulls, number types, both kinds of ids.
import { Code } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AccountSchema } from '@scrip/contract';
import { AccountStatus } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { FakeLedger } from '../../fake-ledger.ts';
import { createFakeGateway, known, refusal } from '../../fake-ledger.ts';

type AccountInit = MessageInitShape<typeof AccountSchema>;

const at = { seconds: 1_705_312_800n, nanos: 999_000_000 };
const john: AccountInit = {
  id: 'cca_abcdefghijk',
  customerId: 'user_123',
  externalId: 'user_123',
  name: 'default',
  displayName: 'John Doe',
  email: 'john@example.com',
  status: AccountStatus.ACTIVE,
  balance: '1000',
  held: '150',
  available: '850',
  createdAt: at,
  updatedAt: at,
};
const shown = {
  id: 'acc_abcdefghijk',
  developerId: 'dev_0123456789S',
  externalId: 'user_123',
  name: 'John Doe',
  email: 'john@example.com',
  balance: 1000,
  metadata: null,
  createdAt: '2024-01-15T10:00:00Z',
  updatedAt: '2024-01-15T10:00:00Z',
};

describe('create', () => {
  it('answers 200 with the documented keys in their order', async () => {
    const body = { name: 'John Doe', externalId: 'user_123', email: 'john@example.com', x: 1 };
    const answer = await create(() => ({ account: { ...john, balance: '0' } }), body);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(JSON.stringify({ success: true, account: { ...shown, balance: 0 } }));
  });

  it('sends the external id as customer id too, and metadata as it came', async () => {
    const metadata = { plan: 'premium', seats: 3, deep: { a: [true, null] } };
    const asked: unknown[] = [];
    await create(
      (request, { requestHeader }) => {
        const { customerId, externalId, name, displayName, idempotencyKey } = request;
        asked.push({ customerId, externalId, name, displayName, idempotencyKey });
        asked.push(request.metadata, requestHeader.get('x-api-key'));
        return { account: john };
      },
      { name: 'J', externalId: 'u1', email: null, metadata },
      { 'idempotency-key': 'k1' },
    );
    expect(asked).toEqual([
      {
        customerId: 'u1',
        externalId: 'u1',
        name: 'default',
        displayName: 'J',
        idempotencyKey: 'k1',
      },
      metadata,
      known['x-api-key'],
    ]);
  });

  it('makes an account without external id a customer of its own', async () => {
    const asked: unknown[] = [];
    const id = 'cca_00000000001';
    const remember: NonNullable<FakeLedger['createAccount']> = ({ customerId, ownCustomer }) => {
      asked.push({ customerId, ownCustomer });
      const { externalId: _, ...rest } = john;
      return { account: { ...rest, id, customerId: id } };
    };
    const response = await create(remember, { name: 'J' });
    expect(asked).toEqual([{ customerId: '', ownCustomer: true }]);
    expect(response.json()).toMatchObject({ account: { externalId: 'acc_00000000001' } });
  });

  it.each([
    ['nothing at all', {}, 'externalId'],
    ['the prefix of an id', { externalId: 'acc_1' }, 'externalId'],
    ['the prefix of a ledger id', { externalId: 'cca_1' }, 'externalId'],
    ['a name that is no text', { name: 5 }, 'name'],
    ['an email without @', { name: 'J', email: 'nope' }, 'email'],
    ['metadata that is a list', { name: 'J', metadata: [] }, 'metadata'],
  ])('refuses %s with the field named', async (_name, body, field) => {
    const answer = await create(() => ({ account: john }), body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      success: false,
      error: { code: 'validation_error', details: [{ field }] },
    });
  });

  it('refuses a number in metadata that would change', async () => {
    const payload = '{"name": "J", "metadata": {"a": [12345678901234567890]}}';
    const answer = await create(() => ({ account: john }), payload, {
      'content-type': 'application/json',
    });
    expect(answer.json()).toHaveProperty('error.details.0.field', 'metadata.a[0]');
  });

  it('answers 409 with the account that has the external id', async () => {
    const taken: FakeLedger['createAccount'] = () => {
      throw refusal('EXTERNAL_ID_TAKEN', Code.AlreadyExists, { account_id: 'cca_abcdefghijk' });
    };
    const answer = await create(taken, { externalId: 'user_123' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      error: { code: 'external_id_conflict', details: { accountId: 'acc_abcdefghijk' } },
    });
  });
});

describe('list', () => {
  it('asks for accounts named default and shows the page', async () => {
    const asked: unknown[] = [];
    const fake: FakeLedger = {
      listAccounts({ name, pageSize, skip, countTotal }) {
        asked.push({ name, pageSize, skip, countTotal });
        return { accounts: [john], hasMore: true, totalSize: 9n };
      },
    };
    const answer = await ask(fake, '?limit=1&offset=2');
    expect(asked).toEqual([{ name: 'default', pageSize: 1, skip: 2, countTotal: true }]);
    expect(answer.json()).toEqual({
      accounts: [shown],
      pagination: { limit: 1, offset: 2, totalCount: 9, hasMore: true },
    });
  });
});

describe('get and balance', () => {
  it.each([
    '/get?accountId=acc_abcdefghijk',
    '/get?accountId=cca_abcdefghijk',
    '/get?accountId=user_123',
    '/get?externalId=user_123',
    '/get?accountId=acc_abcdefghijk&externalId=user_123',
  ])('find the account by %s', async (path) => {
    const answer = await ask(ledgerOf([john]), path);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(shown);
  });

  it('find an account by its customer id, the open one before a closed one', async () => {
    const open = { ...john, externalId: undefined, customerId: 'user_9' } as AccountInit;
    const closed = { ...open, id: 'cca_closed00000', status: AccountStatus.CLOSED };
    const answer = await ask(ledgerOf([closed, open]), '/get?accountId=user_9');
    expect(answer.json()).toMatchObject({ id: 'acc_abcdefghijk', externalId: 'user_9' });
  });

  it('show reserved and available beside the balance', async () => {
    const answer = await ask(ledgerOf([john]), '/balance?externalId=user_123');
    expect(answer.body).toBe(
      '{"accountId":"acc_abcdefghijk","externalId":"user_123",' +
        '"balance":1000,"reserved":150,"available":850}',
    );
  });

  it('write a balance of 38 digits exactly, as a number', async () => {
    const digits = '98765432109876543210987654321098765432';
    const rich = { ...john, balance: digits, held: '0.5' };
    const answer = await ask(ledgerOf([rich]), '/balance?accountId=user_123');
    expect(answer.body).toContain(`"balance":${digits},"reserved":0.5,`);
  });

  it('show a status only when it is not active', async () => {
    const frozen = { ...john, status: AccountStatus.FROZEN };
    const answer = await ask(ledgerOf([frozen]), '/get?accountId=user_123');
    expect(answer.json()).toHaveProperty('status', 'frozen');
  });

  it('do not see accounts of another name', async () => {
    const other = { ...john, name: 'bonus' };
    for (const id of ['acc_abcdefghijk', 'user_123']) {
      const answer = await ask(ledgerOf([other]), `/balance?accountId=${id}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toHaveProperty('error.code', 'account_not_found');
    }
  });

  it('refuse no id, and two ids that mean different accounts', async () => {
    const jane = { ...john, id: 'cca_jane0000000', externalId: 'jane', customerId: 'jane' };
    const fake = ledgerOf([john, jane]);
    expect((await ask(fake, '/get')).statusCode).toBe(400);
    const answer = await ask(fake, '/get?accountId=acc_abcdefghijk&externalId=jane');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty('error.details.0.field', 'externalId');
  });
});

/** A ledger that finds these accounts, newest first. */
function ledgerOf(accounts: readonly AccountInit[]): FakeLedger {
  return {
    getAccount({ account }) {
      const value = account?.ref.value;
      const found = accounts.find(({ id, externalId }) => value === id || value === externalId);
      if (found === undefined) throw refusal('ACCOUNT_NOT_FOUND', Code.NotFound);
      return { account: found };
    },
    listAccounts: ({ customerId, name }) => ({
      accounts: accounts.filter((each) => each.customerId === customerId && each.name === name),
    }),
  };
}

async function ask(fake: FakeLedger, path: string) {
  const gateway = await createFakeGateway(fake);
  return gateway.inject({ url: `/v1/accounts${path}`, headers: known });
}

async function create(
  createAccount: NonNullable<FakeLedger['createAccount']>,
  payload: object | string,
  headers: Readonly<Record<string, string>> = {},
) {
  const gateway = await createFakeGateway({ createAccount });
  const url = '/v1/accounts/create';
  return gateway.inject({ method: 'POST', url, headers: { ...known, ...headers }, payload });
}
