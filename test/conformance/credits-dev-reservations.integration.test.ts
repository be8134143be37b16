// Reservations through the Accounts API, on the real ledger. A number in brackets is the decision,
// in the reference of that API, that a test is about.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDevCaller, textAt, type DevCaller } from './credits-dev-caller.ts';
import { startGatewayServer, type GatewayServer } from './gateway-server.ts';

let server: GatewayServer;
let ledgerUrl: string;
let dev: DevCaller;
let accountId: string;
beforeAll(async () => {
  server = await startGatewayServer();
  ledgerUrl = await server.listenLedger();
});
beforeEach(async () => {
  dev = await createDevCaller(server, ledgerUrl);
  accountId = await dev.createAccount('user_123', 1000);
});
afterAll(() => server?.close());

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;

describe('reservations/create', () => {
  it('answers 200 with the documented fields, operation and model in the metadata', async () => {
    const body = { accountId, amount: 150, operation: 'chat', model: 'gpt', metadata: { a: 1 } };
    const { status, json } = await dev.post('/reservations/create', body);
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      reservation: {
        id: expect.stringMatching(/^res_[0-9A-Za-z]{11}$/) as string,
        accountId,
        amount: 150,
        status: 'pending',
        expiresAt: instant,
        metadata: { a: 1, operation: 'chat', model: 'gpt' },
      },
    });
    expect((await balance()).text).toBe(
      `{"accountId":"${accountId}","externalId":"user_123",` +
        '"balance":1000,"reserved":150,"available":850}',
    );
  });

  it('has no metadata when nothing was sent (8.7)', async () => {
    const { json } = await dev.post('/reservations/create', { externalId: 'user_123', amount: 1 });
    expect(json).toHaveProperty('reservation.metadata', null);
  });

  it.each([
    [{}, 300],
    [{ expiresInSeconds: 60 }, 60],
    [{ expiresInSeconds: 86_400 }, 86_400],
  ])('lasts as %j says (8.13)', async (more, seconds) => {
    const { json } = await dev.post('/reservations/create', { accountId, amount: 1, ...more });
    await reserve(1);
    const { reservations } = (await list()).json as { reservations: object[] };
    const made = reservations[1] as { readonly createdAt: string };
    const end = textAt(json, 'reservation', 'expiresAt');
    const lasted = (Date.parse(end) - Date.parse(made.createdAt)) / 1000;
    expect(lasted).toBe(seconds);
  });

  it('ends at expiresAt (8.13)', async () => {
    const expiresAt = `${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`;
    const { json } = await dev.post('/reservations/create', { accountId, amount: 1, expiresAt });
    expect(json).toHaveProperty('reservation.expiresAt', expiresAt);
  });

  it.each([
    [{ expiresInSeconds: 86_401 }, 'expiresInSeconds'],
    [{ expiresInSeconds: 0 }, 'expiresInSeconds'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '2999-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ expiresAt: '2999-01-01T00:00:00Z', expiresInSeconds: 5 }, 'expiresAt'],
    [{ amount: 0 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ operation: 7 }, 'operation'],
  ])('refuses %j with the field named (8.13)', async (more, field) => {
    const asked = { accountId, amount: 1, ...more };
    const { status, json } = await dev.post('/reservations/create', asked);
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', field);
  });

  it('is 402 beyond what is available (8.3)', async () => {
    await reserve(600);
    expect(await dev.post('/reservations/create', { accountId, amount: 401 })).toMatchObject({
      status: 402,
      json: {
        error: { code: 'insufficient_credits', details: { required: 401, available: 400 } },
      },
    });
  });

  it('keeps digits beyond 2^53 (8.10)', async () => {
    const digits = '9007199254740993';
    const rich = await dev.createAccount('rich', digits);
    const body = `{"accountId":"${rich}","amount":${digits}}`;
    const made = await dev.post('/reservations/create', body);
    expect(made.text).toContain(`"amount":${digits},`);
    const reservationId = textAt(made.json, 'reservation', 'id');
    const taken = `{"reservationId":"${reservationId}","actualAmount":9007199254740992}`;
    const confirmed = await dev.post('/reservations/confirm', taken);
    expect(confirmed.text).toContain('"amount":9007199254740992,"released":1,"balance":1}');
  });
});

describe('the list of reservations', () => {
  it('has all, newest first, or the pending ones (8.14)', async () => {
    const [confirmed, cancelled, pending] = [await reserve(1), await reserve(2), await reserve(3)];
    const brief = await reserve(4, { expiresInSeconds: 60 });
    await dev.post('/reservations/confirm', { reservationId: confirmed });
    await dev.post('/reservations/cancel', { reservationId: cancelled });
    await dev.advanceClock(100);
    expect((await list()).json).toMatchObject({
      success: true,
      reservations: [
        { id: brief, status: 'expired', amount: 4 },
        { id: pending, status: 'pending', createdAt: instant },
        { id: cancelled, status: 'cancelled' },
        { id: confirmed, status: 'confirmed' },
      ],
    });
    const active = await list('&activeOnly=true');
    expect(active.json).toMatchObject({ reservations: [{ id: pending }], hasMore: false });
    const page = await list(`&limit=1&startingAfter=${pending}`);
    expect(page.json).toMatchObject({ reservations: [{ id: cancelled }], hasMore: true });
  });

  it('is empty for an account without any, 404 for none, 400 without one (8.12)', async () => {
    expect((await list()).json).toMatchObject({ success: true, reservations: [] });
    const unknown = await dev.get('/reservations?accountId=nobody');
    expect(unknown).toMatchObject({ status: 404, json: { error: { code: 'account_not_found' } } });
    expect((await dev.get('/reservations')).status).toBe(400);
    const stale = await list('&startingAfter=res_00000000000');
    expect(stale.json).toHaveProperty('error.details.0.field', 'startingAfter');
  });
});

describe('reservations/confirm', () => {
  it('takes what it cost and frees the rest (8.15)', async () => {
    const reservationId = await reserve(150);
    const body = { reservationId, actualAmount: 120 };
    const { status, json } = await dev.post('/reservations/confirm', body);
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      reservationId,
      transactionId: expect.stringMatching(/^txn_[0-9A-Za-z]{11}$/) as string,
      accountId,
      externalId: 'user_123',
      amount: 120,
      released: 30,
      balance: 880,
    });
    expect((await balance()).json).toMatchObject({ balance: 880, reserved: 0, available: 880 });
  });

  it('takes all when nothing is said, as digits or not (8.10, 8.15)', async () => {
    const whole = await confirm(await reserve(150));
    expect(whole.json).toMatchObject({ amount: 150, released: 0, balance: 850 });
    const digits = await confirm(await reserve(150), '50');
    expect(digits.json).toMatchObject({ amount: 50, released: 100, balance: 800 });
  });

  it('of nothing writes no transaction (8.15)', async () => {
    const reservationId = await reserve(150);
    const first = await confirm(reservationId, 0);
    expect(first).toMatchObject({
      status: 200,
      json: { transactionId: null, amount: 0, released: 150, balance: 1000 },
    });
    await dev.post('/accounts/credits/add', { accountId, amount: 5 });
    expect(await confirm(reservationId, 0)).toMatchObject({ json: first.json });
    const { json } = await dev.get('/transactions');
    expect(json).toMatchObject({ pagination: { totalCount: 2 } });
    expect((await list()).json).toMatchObject({ reservations: [{ status: 'confirmed' }] });
  });

  it('takes more only from what is available; the rest stays pending (8.15)', async () => {
    const reservationId = await reserve(900);
    const refused = await confirm(reservationId, 1001);
    expect(refused).toMatchObject({
      status: 402,
      json: { error: { code: 'insufficient_credits', details: { available: 100 } } },
    });
    expect((await list('&activeOnly=true')).json).toMatchObject({
      reservations: [{ id: reservationId }],
    });
    const { json } = await confirm(reservationId, 1000);
    expect(json).toMatchObject({ amount: 1000, released: 0, balance: 0 });
  });

  it('again with the same amount answers as at first (8.16)', async () => {
    const reservationId = await reserve(150);
    const first = await confirm(reservationId, 120);
    await dev.post('/accounts/credits/add', { accountId, amount: 5 });
    expect(await confirm(reservationId, 120)).toEqual({ ...first, replay: 'true' });
    expect(await confirm(reservationId, 121)).toMatchObject({
      status: 409,
      json: { error: { code: 'reservation_already_confirmed', details: { reservationId } } },
    });
  });

  it('after a cancellation, and after its end, is 409 (8.16)', async () => {
    const cancelled = await reserve(1);
    await dev.post('/reservations/cancel', { reservationId: cancelled });
    expect(await confirm(cancelled)).toMatchObject({
      status: 409,
      json: { error: { code: 'reservation_already_cancelled' } },
    });
    const expired = await reserve(1, { expiresInSeconds: 1 });
    await dev.advanceClock(1);
    expect(await confirm(expired)).toMatchObject({
      status: 409,
      json: { error: { code: 'reservation_expired' } },
    });
  });

  it('of an unknown one, or of another store, is 404 (8.3)', async () => {
    const reservationId = await reserve(1);
    const other = await createDevCaller(server, ledgerUrl);
    for (const id of [reservationId, 'res_00000000000', 'nothing', 'x'.repeat(255), '\u0000']) {
      for (const path of ['/reservations/confirm', '/reservations/cancel']) {
        expect(await other.post(path, { reservationId: id })).toMatchObject({
          status: 404,
          json: { error: { code: 'reservation_not_found' } },
        });
      }
    }
  });

  it.each([
    [{}, 'reservationId'],
    [{ reservationId: 5 }, 'reservationId'],
    [{ reservationId: 'res_1', actualAmount: -1 }, 'actualAmount'],
    [{ reservationId: 'res_1', actualAmount: 0.5 }, 'actualAmount'],
  ])('refuses %j', async (body, field) => {
    const { status, json } = await dev.post('/reservations/confirm', body);
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', field);
  });
});

describe('reservations/cancel', () => {
  it('frees it, and answers the same again (8.16, 8.17)', async () => {
    const reservationId = await reserve(150);
    const first = await dev.post('/reservations/cancel', { reservationId });
    expect(first).toMatchObject({ status: 200, replay: null });
    const shown = { success: true, reservationId, status: 'cancelled', released: 150 };
    expect(first.text).toBe(JSON.stringify({ ...shown, balance: 1000 }));
    expect((await balance()).json).toMatchObject({ reserved: 0 });
    await dev.post('/accounts/credits/add', { accountId, amount: 5 });
    const again = await dev.post('/reservations/cancel', { reservationId });
    expect(again).toEqual({ ...first, replay: 'true' });
  });

  it('of a confirmed one is 409 (8.16)', async () => {
    const reservationId = await reserve(150);
    await confirm(reservationId);
    expect(await dev.post('/reservations/cancel', { reservationId })).toMatchObject({
      status: 409,
      json: { error: { code: 'reservation_already_confirmed' } },
    });
  });

  it('of an expired one is 200: nothing is held any more (8.16)', async () => {
    const reservationId = await reserve(150, { expiresInSeconds: 1 });
    await dev.advanceClock(1);
    const { status, json } = await dev.post('/reservations/cancel', { reservationId });
    expect(status).toBe(200);
    const shown = { success: true, reservationId, status: 'expired', released: 0, balance: 1000 };
    expect(json).toEqual(shown);
  });
});

describe('a reservation', () => {
  it('stops counting at its end, whoever looks (8.9, 8.13)', async () => {
    await reserve(150, { expiresInSeconds: 60 });
    await dev.advanceClock(59);
    expect((await balance()).json).toMatchObject({ reserved: 150, available: 850 });
    await dev.advanceClock(1);
    expect((await balance()).json).toMatchObject({ balance: 1000, reserved: 0, available: 1000 });
  });

  it('keeps credits beyond their expiry: available is never below zero (8.9)', async () => {
    const brief = await dev.createAccount('brief');
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await dev.post('/accounts/credits/add', { accountId: brief, amount: 50, expiresAt });
    const body = { accountId: brief, amount: 30, expiresInSeconds: 3600 };
    await dev.post('/reservations/create', body);
    await dev.advanceClock(120);
    const { json } = await dev.get(`/accounts/balance?accountId=${brief}`);
    expect(json).toMatchObject({ balance: 30, reserved: 30, available: 0 });
  });

  it('on a frozen account is cancelled, not confirmed (8.23)', async () => {
    const reservationId = await reserve(150);
    const id = accountId.replace('acc_', 'cca_');
    await dev.post(`/customer-credits/accounts/${id}/freeze`, {});
    expect(await confirm(reservationId)).toMatchObject({
      status: 409,
      json: { error: { code: 'account_frozen' } },
    });
    const { status } = await dev.post('/reservations/cancel', { reservationId });
    expect(status).toBe(200);
  });
});

async function reserve(amount: number, more = {}): Promise<string> {
  const { json } = await dev.post('/reservations/create', { accountId, amount, ...more });
  return textAt(json, 'reservation', 'id');
}

function confirm(reservationId: string, actualAmount?: number | string) {
  const body = { reservationId, ...(actualAmount === undefined ? {} : { actualAmount }) };
  return dev.post('/reservations/confirm', body);
}

function list(more = '') {
  return dev.get(`/reservations?accountId=${accountId}${more}`);
}

function balance() {
  return dev.get(`/accounts/balance?accountId=${accountId}`);
}
