// Plans through the Accounts API, on the real ledger. A number in brackets is the decision, in the
// reference of that API, that a test is about.
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
  accountId = await dev.createAccount('user_123');
});
afterAll(() => server?.close());

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
const planIdForm = expect.stringMatching(/^plan_[0-9A-Za-z]{11}$/) as string;
const day = 86_400;
const pro = { name: 'Pro', amount: 1000, interval: 'month' };

describe('plans/create', () => {
  it('answers 200 with the documented fields', async () => {
    const body = { ...pro, occurrences: null, accumulate: true, markAsActive: true, other: 1 };
    const { status, json } = await dev.post('/plans/create', body);
    expect(status).toBe(200);
    const plan = { id: planIdForm, name: 'Pro', credits: 1000, interval: 'month', isActive: true };
    expect(json).toEqual({ success: true, plan });
  });

  it.each(['1d', 'day', 'week', 'month'])('takes the interval %s (8.22)', async (interval) => {
    const { status, json } = await dev.post('/plans/create', { ...pro, interval });
    expect(status).toBe(200);
    expect(json).toHaveProperty('plan.interval', interval);
  });

  it.each([
    [{ interval: 'year' }, 'interval'],
    [{ amount: 0 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ name: '' }, 'name'],
    [{ occurrences: 0 }, 'occurrences'],
    [{ accumulate: 'yes' }, 'accumulate'],
  ])('refuses %j with the field named', async (more, field) => {
    const { status, json } = await dev.post('/plans/create', { ...pro, ...more });
    expect(status).toBe(400);
    expect(json).toHaveProperty('error.details.0.field', field);
  });

  it('makes nothing that a list of accounts shows', async () => {
    await dev.post('/plans/create', pro);
    const { json } = await dev.get('/accounts');
    expect(json).toMatchObject({ accounts: [{ id: accountId }], pagination: { totalCount: 1 } });
    expect((await dev.get('/customer-credits/accounts')).json).toMatchObject({
      data: [{ customer_id: 'user_123' }],
      has_more: false,
    });
  });

  it('makes one plan for one Idempotency-Key (8.18)', async () => {
    const first = await dev.post('/plans/create', pro, 'k');
    expect(await dev.post('/plans/create', pro, 'k')).toEqual({ ...first, replay: 'true' });
    const other = await dev.post('/plans/create', { ...pro, amount: 2 }, 'k');
    expect(other).toMatchObject({ status: 409 });
    expect((await dev.get('/plans')).json).toMatchObject({ plans: [{ name: 'Pro' }] });
  });
});

describe('the list of plans', () => {
  it('has the documented fields, newest first, archived ones too', async () => {
    expect((await dev.get('/plans')).json).toEqual({ success: true, plans: [] });
    const old = await createPlan({ ...pro, description: 'For pros', price: 19.99 });
    const digits = '9007199254740993';
    await createPlan(`{"name":"Big","amount":${digits},"interval":"1d","markAsActive":false}`);
    await dev.post('/plans/archive', { planId: old });
    const { text, json } = await dev.get('/plans');
    expect(text).toContain(`"credits":${digits},`);
    expect(json).toMatchObject({
      plans: [
        { name: 'Big', billingPeriod: 'daily', price: null, isActive: false, occurrences: null },
        {
          id: old,
          name: 'Pro',
          description: 'For pros',
          credits: 1000,
          price: 19.99,
          billingPeriod: 'monthly',
          isActive: false,
        },
      ],
    });
  });

  it('is not part of the list of accounts, nor of another store', async () => {
    const planId = await createPlan(pro);
    expect((await dev.get('/accounts')).json).toMatchObject({ pagination: { totalCount: 1 } });
    const id = planId.replace('plan_', 'acc_');
    expect((await dev.get(`/accounts/get?accountId=${id}`)).status).toBe(404);
    const other = await createDevCaller(server, ledgerUrl);
    expect((await other.get('/plans')).json).toEqual({ success: true, plans: [] });
    expect((await other.post('/plans/archive', { planId })).status).toBe(404);
  });
});

describe('plans/archive', () => {
  it('ends what can be assigned, once and for all, not what was', async () => {
    const planId = await createPlan(pro);
    await assign(planId);
    for (let times = 0; times < 2; times += 1) {
      expect(await dev.post('/plans/archive', { planId })).toMatchObject({
        status: 200,
        json: { success: true, plan: { id: planId, isActive: false } },
      });
    }
    expect(await assign(planId)).toMatchObject({
      status: 409,
      json: { error: { code: 'plan_archived' } },
    });
    await dev.advanceClock(31 * day);
    expect(await balance()).toBe(1000);
    expect((await plansOf()).json).toMatchObject({ plans: [{ planId, active: true }] });
  });

  it.each(['plan_00000000000', 'nothing', '\u0000'])('of %j is 404', async (planId) => {
    expect(await dev.post('/plans/archive', { planId })).toMatchObject({
      status: 404,
      json: { error: { code: 'plan_not_found' } },
    });
  });

  it('of an account that is no plan is 404', async () => {
    const planId = accountId.replace('acc_', 'plan_');
    expect((await dev.post('/plans/archive', { planId })).status).toBe(404);
  });
});

describe('accounts/plans/assign', () => {
  it('grants at once, and again each period (8.22)', async () => {
    const planId = await createPlan({ ...pro, accumulate: true });
    const { status, json } = await assign(planId);
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      accountPlan: {
        id: expect.stringMatching(/^accountPlan_[0-9A-Za-z]{11}$/) as string,
        accountId,
        planId,
        active: true,
        startedAt: instant,
        expiresAt: null,
        plan: { id: planId, name: 'Pro', credits: 1000 },
      },
    });
    expect(await balance()).toBe(1000);
    await dev.advanceClock(62 * day);
    expect(await balance()).toBe(3000);
    const own = await plansOf();
    expect(own.json).toEqual({ success: true, plans: [json['accountPlan']] });
  });

  it('lets what is left lapse when it does not accumulate (8.22)', async () => {
    await assign(await createPlan({ ...pro, interval: 'week', accumulate: false }));
    await dev.post('/accounts/credits/deduct', { accountId, amount: 400 });
    expect(await balance()).toBe(600);
    await dev.advanceClock(7 * day);
    expect(await balance()).toBe(1000);
  });

  it('ends after its occurrences (8.22)', async () => {
    const plan = { ...pro, interval: 'day', occurrences: 2, accumulate: true };
    const { json } = await assign(await createPlan(plan));
    const [start, end] = [textAt(json, 'accountPlan', 'startedAt'), json['accountPlan']];
    expect(end).toHaveProperty('expiresAt', isoAfter(start, 2 * day));
    await dev.advanceClock(5 * day);
    expect(await balance()).toBe(2000);
    expect((await plansOf()).json).toMatchObject({ plans: [{ active: false }] });
  });

  it('grants a period later when told so, the same for the same key (8.18, 8.22)', async () => {
    const planId = await createPlan({ ...pro, interval: '1d' });
    const body = { externalId: 'user_123', planId, startMode: 'next_period' };
    const first = await dev.post('/accounts/plans/assign', body, 'k');
    expect(await balance()).toBe(0);
    await dev.advanceClock(100);
    const again = await dev.post('/accounts/plans/assign', body, 'k');
    expect(again).toEqual({ ...first, replay: 'true' });
    await dev.advanceClock(day);
    expect(await balance()).toBe(1000);
    const other = { ...body, startMode: 'immediate' };
    expect((await dev.post('/accounts/plans/assign', other, 'k')).status).toBe(409);
  });

  it('ends the plan that the account had, and leaves its credits', async () => {
    const [basic, better] = [
      await createPlan({ name: 'Basic', amount: 10, interval: 'month', accumulate: true }),
      await createPlan({ name: 'Better', amount: 100, interval: 'month', accumulate: true }),
    ];
    const first = await dev.post('/accounts/plans/assign', { accountId, planId: basic }, 'k1');
    await assign(better);
    expect((await plansOf()).json).toMatchObject({
      plans: [
        { planId: better, active: true, plan: { name: 'Better', credits: 100 } },
        { planId: basic, active: false, plan: { name: 'Basic', credits: 10 } },
      ],
    });
    const body = { accountId, planId: basic };
    const again = await dev.post('/accounts/plans/assign', body, 'k1');
    expect(again).toEqual({ ...first, replay: 'true' });
    await dev.advanceClock(31 * day);
    expect(await balance()).toBe(210);
  });

  it('shows its grants as credits with the plan as description', async () => {
    const planId = await createPlan(pro);
    await assign(planId);
    expect((await dev.get('/transactions')).json).toMatchObject({
      items: [{ type: 'credit', amount: 1000, description: planId, accountId }],
    });
  });

  it.each([
    [{ planId: 'plan_00000000000' }, 404, 'plan_not_found'],
    [{ accountId: 'nobody' }, 404, 'account_not_found'],
    [{ startMode: 'later' }, 400, 'validation_error'],
    [{ planId: undefined }, 400, 'validation_error'],
  ])('refuses %j', async (more, status, code) => {
    const planId = await createPlan(pro);
    const body = { accountId, planId, ...more };
    const refused = await dev.post('/accounts/plans/assign', body);
    expect(refused).toMatchObject({ status, json: { success: false, error: { code } } });
  });

  it('refuses a frozen account (8.23)', async () => {
    const id = accountId.replace('acc_', 'cca_');
    await dev.post(`/customer-credits/accounts/${id}/freeze`, {});
    expect(await assign(await createPlan(pro))).toMatchObject({
      status: 409,
      json: { error: { code: 'account_frozen' } },
    });
  });
});

describe('the plans of an account', () => {
  it('are none at first, 404 for an unknown one, 400 for none (8.12)', async () => {
    expect((await plansOf()).json).toEqual({ success: true, plans: [] });
    expect((await dev.get('/accounts/plans?accountId=nobody')).status).toBe(404);
    expect((await dev.get('/accounts/plans')).status).toBe(400);
  });
});

async function createPlan(body: object | string): Promise<string> {
  return textAt((await dev.post('/plans/create', body)).json, 'plan', 'id');
}

function assign(planId: string) {
  return dev.post('/accounts/plans/assign', { accountId, planId });
}

function plansOf() {
  return dev.get(`/accounts/plans?accountId=${accountId}`);
}

async function balance() {
  return (await dev.get(`/accounts/balance?accountId=${accountId}`)).json['balance'];
}

function isoAfter(start: string, seconds: number): string {
  return new Date(Date.parse(start) + seconds * 1000).toISOString().replace('.000', '');
}
