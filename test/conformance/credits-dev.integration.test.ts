// The Accounts API over HTTP, as its documentation's curl samples call it, on the real ledger.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayServer } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

let server: GatewayServer;
let store: { readonly storeId: string; readonly apiKey: string };
beforeAll(async () => {
  server = await startGatewayServer();
});
beforeEach(async () => {
  store = await server.createStore();
});
afterAll(() => server.close());

const john = {
  name: 'John Doe',
  externalId: 'user_123',
  email: 'john@example.com',
  metadata: { plan: 'premium', company: 'Acme Corp', seats: 2.5, tags: ['a', null, true] },
};

describe('the documented samples', () => {
  it('answer with the documented keys, nulls and number types', async () => {
    const created = await post('/v1/accounts/create', { ...john, metadata: undefined });
    const account = {
      id: expect.stringMatching(/^acc_[0-9A-Za-z]{11}$/) as string,
      developerId: store.storeId.replace('sto_', 'dev_'),
      externalId: 'user_123',
      name: 'John Doe',
      email: 'john@example.com',
      balance: 0,
      metadata: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      updatedAt: expect.any(String) as string,
    };
    expect(created).toEqual({ status: 200, json: { success: true, account } });
    expect(await get('/v1/accounts')).toEqual({
      status: 200,
      json: {
        accounts: [account],
        pagination: { limit: 100, offset: 0, totalCount: 1, hasMore: false },
      },
    });
    const id = idOf(created);
    for (const query of [`accountId=${id}`, 'accountId=user_123', 'externalId=user_123']) {
      expect(await get(`/v1/accounts/get?${query}`)).toEqual({ status: 200, json: account });
      expect(await get(`/v1/accounts/balance?${query}`)).toEqual({
        status: 200,
        json: {
          accountId: id,
          externalId: 'user_123',
          balance: 0,
          reserved: 0,
          available: 0,
        },
      });
    }
  });
});

describe('an account', () => {
  it('gives metadata back as it was sent', async () => {
    await post('/v1/accounts/create', john);
    const { json } = await get('/v1/accounts/get?accountId=user_123');
    expect(json).toHaveProperty('metadata', john.metadata);
  });

  it('is the same one on both façades', async () => {
    const id = idOf(await post('/v1/accounts/create', john)).replace('acc_', 'cca_');
    const body = { amount: '98765432109876543210987654321098765432', reference: 'r' };
    const credit = { ...body, idempotency_key: 'k' };
    expect(await post(`/v1/customer-credits/accounts/${id}/credit`, credit)).toMatchObject({
      status: 201,
    });
    const { text } = await ask(`/v1/accounts/balance?accountId=${id}`);
    expect(text).toContain(`"balance":${body.amount},"reserved":0,"available":${body.amount}}`);
  });

  it('made through the other façade is found by its customer id', async () => {
    const asked = { customer_id: 'cust_7', initial_balance: '5' };
    await post('/v1/customer-credits/accounts', asked);
    await post('/v1/customer-credits/accounts', { ...asked, name: 'bonus' });
    const { json } = await get('/v1/accounts/balance?accountId=cust_7');
    expect(json).toMatchObject({ externalId: 'cust_7', balance: 5 });
    expect((await get('/v1/accounts')).json).toHaveProperty('pagination.totalCount', 1);
  });

  it('is made once for one Idempotency-Key, with or without an external id', async () => {
    for (const body of [john, { name: 'Nobody' }]) {
      const headers = { 'idempotency-key': `key of ${body.name}` };
      const first = await ask('/v1/accounts/create', { body, headers });
      const again = await ask('/v1/accounts/create', { body, headers });
      expect(first.replay).toBeNull();
      expect(again).toEqual({ ...first, replay: 'true' });
      const other = await ask('/v1/accounts/create', { body: { name: 'Other' }, headers });
      expect(other.status).toBe(409);
    }
  });

  it('is found again by the id that it is shown with when it had none', async () => {
    const created = await post('/v1/accounts/create', { name: 'Nobody' });
    const { account } = created.json as { readonly account: { readonly externalId: string } };
    const { json } = await get(`/v1/accounts/get?externalId=${account.externalId}`);
    expect(json).toEqual(account);
  });

  it('of a taken external id is refused with the one that has it', async () => {
    const id = idOf(await post('/v1/accounts/create', john));
    expect(await post('/v1/accounts/create', { externalId: 'user_123' })).toMatchObject({
      status: 409,
      json: { success: false, error: { code: 'external_id_conflict', details: { accountId: id } } },
    });
  });

  it('of another store does not exist', async () => {
    const id = idOf(await post('/v1/accounts/create', john));
    store = await server.createStore();
    for (const query of [id, 'user_123']) {
      const answer = await get(`/v1/accounts/get?accountId=${query}`);
      expect(answer).toMatchObject({ status: 404, json: { error: { code: 'account_not_found' } } });
    }
  });
});

describe('a list', () => {
  it('goes by limit and offset, newest first', async () => {
    for (const externalId of ['a', 'b', 'c']) await post('/v1/accounts/create', { externalId });
    const { json } = await get('/v1/accounts?limit=1&offset=1');
    expect(json).toMatchObject({
      accounts: [{ externalId: 'b' }],
      pagination: { limit: 1, offset: 1, totalCount: 3, hasMore: true },
    });
  });
});

describe('odd input', () => {
  it.each([
    ['an odd id', '/v1/accounts/get?accountId=%00', 404],
    ['a long id', `/v1/accounts/get?accountId=${'x'.repeat(300)}`, 404],
    ['an offset too deep', '/v1/accounts?offset=100001', 400],
    ['a cut percent sign', '/v1/accounts/get?accountId=%', 404],
  ])('(%s) has the façade’s own error', async (_name, path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ success: false });
  });

  it.each([
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['an external id of 256 characters', { externalId: 'x'.repeat(256) }, 'externalId'],
    ['an external id with U+0000', { externalId: 'a\u0000' }, 'externalId'],
    ['metadata of 51 keys', { name: 'J', metadata: keysOf(51) }, 'metadata'],
    ['metadata of 17 KiB', { name: 'J', metadata: { a: 'x'.repeat(17 * 1024) } }, 'metadata'],
  ])('(%s) is 400 with the field named', async (_name, body, field) => {
    const { status, json } = await post('/v1/accounts/create', body);
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', field);
  });

  it('keeps metadata nested as deep as bodies may be', async () => {
    const metadata = nested(31);
    const answer = await post('/v1/accounts/create', { name: 'J', metadata });
    expect(answer.json).toHaveProperty('account.metadata', metadata);
  });
});

function keysOf(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));
}

function nested(depth: number): object {
  return depth === 1 ? {} : { a: nested(depth - 1) };
}

type Sent = { readonly body?: object; readonly headers?: Readonly<Record<string, string>> };

async function ask(path: string, { body, headers = {} }: Sent = {}) {
  const key = { 'x-api-key': store.apiKey, ...headers };
  const init =
    body === undefined
      ? { headers: key }
      : {
          method: 'POST',
          headers: { ...key, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
  const response = await fetch(server.url + path, init);
  const replay = response.headers.get('x-idempotent-replay');
  return { status: response.status, text: await response.text(), replay };
}

async function get(path: string) {
  const { status, text } = await ask(path);
  return { status, json: JSON.parse(text) as unknown };
}

async function post(path: string, body: object) {
  const { status, text } = await ask(path, { body });
  return { status, json: JSON.parse(text) as unknown };
}

function idOf({ json }: { readonly json: unknown }): string {
  return (json as { readonly account: { readonly id: string } }).account.id;
}
