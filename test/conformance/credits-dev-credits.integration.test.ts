// Adding, deducting and listing transactions through the Accounts API, on the real ledger. A number
// in brackets is the decision, in the reference of that API, that a test is about.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDevCaller, textAt, type DevCaller } from './credits-dev-caller.ts';
import { startGatewayServer, type GatewayServer } from './gateway-server.ts';

let server: GatewayServer;
let ledgerUrl: string;
let dev: DevCaller;
beforeAll(async () => {
  server = await startGatewayServer();
  ledgerUrl = await server.listenLedger();
});
beforeEach(async () => {
  dev = await createDevCaller(server, ledgerUrl);
});
afterAll(() => server?.close());

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
const transactionId = expect.stringMatching(/^txn_[0-9A-Za-z]{11}$/) as string;

describe('credits/add', () => {
  it('answers 200 with the documented fields, by either kind of id (8.1, 8.4)', async () => {
    const accountId = await dev.createAccount('user_123');
    const body = { amount: 500, description: 'Credit purchase', paymentMethod: 'stripe' };
    for (const [index, id] of [
      { accountId },
      { accountId: accountId.replace('acc_', 'cca_') },
      { accountId: 'user_123' },
      { externalId: 'user_123' },
    ].entries()) {
      const answer = await dev.post('/accounts/credits/add', { ...id, ...body, unknown: 1 });
      const balance = 500 * (index + 1);
      const externalId = 'user_123';
      expect(answer).toMatchObject({ status: 200, replay: null });
      expect(answer.text).toBe(
        JSON.stringify({ success: true, accountId, externalId, balance, added: 500 }),
      );
    }
  });

  it('shows the payment method in the metadata of the transaction (8.20)', async () => {
    const accountId = await dev.createAccount('u');
    const metadata = { invoice: 'in_1', lines: [1, null] };
    const body = { accountId, amount: 5, paymentMethod: 'stripe', metadata };
    await dev.post('/accounts/credits/add', body);
    const { json } = await dev.get('/transactions');
    expect(json).toMatchObject({
      items: [{ description: 'credits/add', metadata: { ...metadata, paymentMethod: 'stripe' } }],
    });
  });

  it('makes a grant of credits that expire, and plain credits else (8.21)', async () => {
    const accountId = await dev.createAccount('u', 10);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const added = await dev.post('/accounts/credits/add', { accountId, amount: 5, expiresAt });
    expect(added.json).toMatchObject({ balance: 15, added: 5 });
    await dev.advanceClock(7200);
    const { json } = await dev.get(`/accounts/balance?accountId=${accountId}`);
    expect(json).toMatchObject({ balance: 10, available: 10 });
    const late = await dev.post('/accounts/credits/add', { accountId, amount: 5, expiresAt });
    expect(late.status).toBe(400);
    expect(late.json).toHaveProperty('error.details.0.field', 'expiresAt');
  });

  it.each([
    ['a fraction', '1.5'],
    ['zero', '0'],
    ['a negative number', '-5'],
    ['a text that is no number', '"five"'],
    ['a fraction as text', '"1.0"'],
    ['nothing', 'null'],
    ['39 digits', '1'.repeat(39)],
    ['an exponent beyond all', '1e400'],
  ])('refuses %s with the field named (8.10)', async (_what, amount) => {
    const accountId = await dev.createAccount('u');
    const body = `{"accountId":"${accountId}","amount":${amount}}`;
    const { status, json } = await dev.post('/accounts/credits/add', body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      success: false,
      error: { code: 'validation_error', details: [{ field: 'amount' }] },
    });
  });

  it.each(['9007199254740993', '"9007199254740993"', '9007199254740993.0', '9.007199254740993e15'])(
    'takes %s exactly (8.10)',
    async (amount) => {
      const accountId = await dev.createAccount('u');
      const body = `{"accountId":"${accountId}","amount":${amount}}`;
      const { text } = await dev.post('/accounts/credits/add', body);
      expect(text).toContain('"balance":9007199254740993,"added":9007199254740993}');
    },
  );

  it('refuses no account, two different ones and an unknown one (8.3, 8.4)', async () => {
    const accountId = await dev.createAccount('a');
    await dev.createAccount('b');
    const add = (ids: object) => dev.post('/accounts/credits/add', { ...ids, amount: 1 });
    expect(await add({})).toMatchObject({ status: 400 });
    expect(await add({ accountId, externalId: 'b' })).toMatchObject({ status: 400 });
    expect(await add({ accountId: 'nobody' })).toMatchObject({
      status: 404,
      json: { success: false, error: { code: 'account_not_found' } },
    });
  });
});

describe('credits/deduct', () => {
  it('answers with what was deducted', async () => {
    const accountId = await dev.createAccount('u', 100);
    const body = { externalId: 'u', amount: 30, description: 'Image', metadata: { size: 'xl' } };
    const { status, text } = await dev.post('/accounts/credits/deduct', body);
    expect(status).toBe(200);
    const shown = { success: true, accountId, externalId: 'u', balance: 70, deducted: 30 };
    expect(text).toBe(JSON.stringify(shown));
  });

  it('needs what is available, not what is reserved (8.19)', async () => {
    const accountId = await dev.createAccount('u', 100);
    await dev.post('/reservations/create', { accountId, amount: 80 });
    const refused = await dev.post('/accounts/credits/deduct', { accountId, amount: 21 });
    expect(refused).toMatchObject({
      status: 402,
      json: {
        success: false,
        error: { code: 'insufficient_credits', details: { required: 21, available: 20 } },
      },
    });
    const made = await dev.post('/transactions/create', { accountId, amount: 21, type: 'debit' });
    expect(made.status).toBe(402);
    expect(await dev.post('/accounts/credits/deduct', { accountId, amount: 20 })).toMatchObject({
      status: 200,
      json: { balance: 80 },
    });
  });

  it('tells digits beyond 2^53 of what is missing (8.10)', async () => {
    const accountId = await dev.createAccount('u', '9007199254740993');
    const body = `{"accountId":"${accountId}","amount":9007199254740995}`;
    const { text } = await dev.post('/accounts/credits/deduct', body);
    expect(text).toContain('{"required":9007199254740995,"available":9007199254740993}');
  });

  it('refuses a frozen and a closed account, which stay readable (8.23)', async () => {
    const accountId = await dev.createAccount('u', 10);
    const id = accountId.replace('acc_', 'cca_');
    for (const [verb, status, code] of [
      ['freeze', 'frozen', 'account_frozen'],
      ['close', 'closed', 'account_closed'],
    ]) {
      await dev.post(`/customer-credits/accounts/${id}/${verb}`, {});
      for (const path of ['/accounts/credits/deduct', '/accounts/credits/add']) {
        const refused = await dev.post(path, { accountId, amount: 1 });
        expect(refused).toMatchObject({ status: 409, json: { error: { code } } });
      }
      const { json } = await dev.get(`/accounts/get?accountId=${accountId}`);
      expect(json).toMatchObject({ status, balance: 10 });
    }
  });
});

describe('Idempotency-Key', () => {
  it('makes the same call the same act, and another one a conflict (8.18)', async () => {
    const accountId = await dev.createAccount('u', 100);
    for (const [path, more] of [
      ['/accounts/credits/add', {}],
      ['/accounts/credits/deduct', {}],
      ['/transactions/create', { type: 'credit' }],
      ['/reservations/create', { operation: 'chat' }],
    ] as const) {
      const key = `key of ${path}`;
      const body = { accountId, amount: 3, ...more };
      const first = await dev.post(path, body, key);
      await dev.post('/accounts/credits/add', { accountId, amount: 7 });
      expect(first).toMatchObject({ status: 200, replay: null });
      expect(await dev.post(path, body, key)).toEqual({ ...first, replay: 'true' });
      expect(await dev.post(path, { ...body, amount: 4 }, key)).toMatchObject({
        status: 409,
        json: { error: { code: 'idempotency_key_conflict' } },
      });
    }
  });

  it('is not needed: each call without one is a new act (8.18)', async () => {
    const accountId = await dev.createAccount('u');
    await dev.post('/accounts/credits/add', { accountId, amount: 3 });
    const { json } = await dev.post('/accounts/credits/add', { accountId, amount: 3 });
    expect(json).toMatchObject({ balance: 6 });
  });
});

describe('transactions/create', () => {
  it('answers without what was sent', async () => {
    const accountId = await dev.createAccount('u', 10);
    const body = { accountId, amount: 4, type: 'debit', description: 'fix', metadata: { a: 1 } };
    const { status, json } = await dev.post('/transactions/create', body);
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      transaction: {
        id: transactionId,
        accountId,
        type: 'debit',
        amount: 4,
        balanceAfter: 6,
        createdAt: instant,
      },
    });
  });

  it('refuses a type that is neither', async () => {
    const body = { externalId: await dev.createAccount('u'), amount: 4, type: 'refund' };
    const { status, json } = await dev.post('/transactions/create', body);
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', 'type');
  });
});

describe('the list of transactions', () => {
  it('has the documented fields and is newest first (8.24)', async () => {
    const accountId = await dev.createAccount('u', 10);
    const body = { accountId, amount: 4, description: 'Image', metadata: { a: 1 } };
    await dev.post('/accounts/credits/deduct', body);
    const { status, json } = await dev.get(`/transactions?externalId=u&unknown=1`);
    expect(status).toBe(200);
    const shown = { id: transactionId, accountId, createdAt: instant };
    expect(json).toEqual({
      items: [
        {
          ...shown,
          type: 'debit',
          amount: 4,
          description: 'Image',
          balanceAfter: 6,
          metadata: { a: 1 },
        },
        {
          ...shown,
          type: 'credit',
          amount: 10,
          description: 'credits/add',
          balanceAfter: 10,
          metadata: {},
        },
      ],
      pagination: { limit: 50, offset: 0, totalCount: 2, hasMore: false },
    });
  });

  it('counts exactly, of one account and of all, wherever the page stands (8.24)', async () => {
    const first = await dev.createAccount('a', 1);
    await dev.createAccount('b', 1);
    for (const amount of [2, 3, 4]) {
      await dev.post('/accounts/credits/add', { accountId: first, amount });
    }
    await dev.get('/accounts');
    for (const [query, amounts, totalCount, hasMore] of [
      ['limit=2', [4, 3], 5, true],
      ['limit=2&offset=2', [2, 1], 5, true],
      ['limit=2&offset=4', [1], 5, false],
      ['offset=5', [], 5, false],
      ['accountId=a&limit=2&offset=1', [3, 2], 4, true],
      ['externalId=b', [1], 1, false],
    ] as const) {
      const { json } = await dev.get(`/transactions?${query}`);
      const items = (json as { items: { amount: number }[] }).items.map(({ amount }) => amount);
      expect({ query, items }).toEqual({ query, items: amounts });
      expect(json).toMatchObject({ pagination: { totalCount, hasMore } });
    }
  });

  it('fills a page whose transactions are heavy', async () => {
    const accountId = await dev.createAccount('u');
    const metadata = { note: 'x'.repeat(16_000) };
    const add = () => dev.post('/accounts/credits/add', { accountId, amount: 1, metadata });
    for (let at = 0; at < 15; at += 1) await Promise.all(Array.from({ length: 10 }, add));
    const { json } = await dev.get('/transactions?limit=149&offset=1');
    expect((json as { items: unknown[] }).items).toHaveLength(149);
    expect(json).toMatchObject({ pagination: { totalCount: 150, hasMore: false } });
  });

  it('begins at startDate and ends before endDate (8.24)', async () => {
    const accountId = await dev.createAccount('u', 1);
    await dev.advanceClock(86_400);
    await dev.post('/accounts/credits/add', { accountId, amount: 2 });
    const { json } = await dev.get('/transactions');
    const second = textAt((json as { items: [never] }).items[0], 'createdAt');
    const day = second.slice(0, 10);
    for (const [query, amounts] of [
      [`startDate=${second}`, [2]],
      [`endDate=${second}`, [1]],
      [`startDate=${day}`, [2]],
      [`endDate=${day}`, [1]],
      [`startDate=${day}&endDate=${day}`, []],
    ] as const) {
      const page = (await dev.get(`/transactions?${query}`)).json;
      const items = (page as { items: { amount: number }[] }).items.map(({ amount }) => amount);
      expect({ query, items }).toEqual({ query, items: amounts });
      expect(page).toMatchObject({ pagination: { totalCount: amounts.length } });
    }
  });

  it('of an unknown account is 404, and empty where nothing happened (8.12)', async () => {
    await dev.createAccount('u');
    expect((await dev.get('/transactions?accountId=nobody')).status).toBe(404);
    expect((await dev.get('/transactions?accountId=u')).json).toMatchObject({ items: [] });
    expect((await dev.get('/transactions')).json).toMatchObject({ items: [] });
  });

  it.each([
    ['limit=201', 'limit'],
    ['limit=0', 'limit'],
    ['offset=-1', 'offset'],
    ['startDate=yesterday', 'startDate'],
    ['endDate=2026-02-30', 'endDate'],
    ['include=everything', 'include'],
  ])('refuses %s', async (query, field) => {
    const { status, json } = await dev.get(`/transactions?${query}`);
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', field);
  });

  it('leaves one transaction by its id to the commerce API', async () => {
    const { status, json } = await dev.get('/transactions?transaction_id=tran_1');
    expect(status).toBe(404);
    expect(json).toHaveProperty('trace_id');
  });

  it('joins reservations and, always empty, usage', async () => {
    const accountId = await dev.createAccount('u', 100);
    const made = await dev.post('/reservations/create', {
      accountId,
      amount: 40,
      operation: 'chat',
      model: 'm-1',
    });
    const reservationId = textAt(made.json, 'reservation', 'id');
    await dev.post('/reservations/confirm', { reservationId, actualAmount: 30 });
    const { json } = await dev.get('/transactions?include=reservation,usage');
    expect(json).toMatchObject({
      items: [
        {
          type: 'debit',
          amount: 30,
          description: 'chat',
          metadata: { reservationId, operation: 'chat', model: 'm-1' },
          reservation: { id: reservationId, amount: 40, status: 'confirmed', accountId },
          usage: null,
        },
        { type: 'credit', reservation: null, usage: null },
      ],
    });
  });
});
