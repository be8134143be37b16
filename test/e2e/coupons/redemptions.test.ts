// Uses of credits over REST: at two tills at once, again, undone, and where they are refused.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, idsOf, newCustomer, openShop, type Shop } from './shop.ts';

let shop: Shop;
let office: ReturnType<typeof createOffice>;
beforeAll(async () => {
  shop = await openShop();
  office = createOffice(shop);
});
afterAll(() => shop?.stop());

async function withCredit(terms: JsonObject = {}) {
  const customer = newCustomer();
  const coupon = await office.coupon(terms);
  const credit = await office.issue(customer, coupon, { revenue: 4500 });
  return { customer, coupon, credit, path: `${creditsOf(customer)}/${credit}` };
}

async function refusal(status: number, path: string, body: Json) {
  const answer = await shop.ask(`POST ${path}/redeem`, body);
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  return answer.body as JsonObject & { readonly errors?: JsonObject };
}

const fixed = { type: 'fixed_amount', amount: 2500, currency: 'EUR', percentage: null };

describe('8.15 a use', () => {
  it('is recorded with what it took off, what to recognise, and for what', async () => {
    const { customer, coupon, credit, path } = await withCredit(fixed);
    const offering = { type: 'appointment', id: 'hot-stones' };
    const body = { reference: 'order-7', amount: 2000, offering, weekday: 'friday' };
    const { status, body: answer } = await shop.ask(`POST ${path}/redeem`, body);
    expect(status).toBe(201);
    expect(at(answer, 'data')).toMatchObject({
      customer_credit_id: credit,
      coupon_id: coupon,
      customer_id: customer,
      ...body,
      revenue: 4500,
      reversed_at: null,
      customer_credit: { id: credit, redeemed_at: at(answer, 'data', 'redeemed_at') },
    });
    const { body: list } = await shop.ask(`GET ${path}/redemptions`);
    const { customer_credit: _, ...redemption } = at(answer, 'data') as JsonObject;
    expect(list).toMatchObject({ data: [redemption], meta: { total: 1, per_page: 15 } });
  });

  it('of a credit that was redeemed, revoked or has expired is 400', async () => {
    const now = await shop.moveTo('2030-01-01T00:00:00Z');
    const { customer, credit, path } = await withCredit();
    await office.redeem(customer, credit);
    const again = await refusal(400, path, { reference: 'order-2' });
    expect(again).toEqual({
      message: 'The credit has been redeemed.',
      code: 'customer_credit_not_active',
    });
    const revoked = await withCredit();
    await shop.get(200, `DELETE ${revoked.path}`);
    await refusal(400, revoked.path, { reference: 'r' });
    const soon = new Date(now + 60_000).toISOString();
    const coupon = await office.coupon();
    const expiring = await office.issue(customer, coupon, { expiry_date: soon });
    await shop.moveTo(soon);
    await refusal(400, `${creditsOf(customer)}/${expiring}`, { reference: 'r' });
  });

  it('that the coupon is not good for is 422, on what is wrong', async () => {
    const offerings = [{ type: 'product', ids: ['tea'] }, { type: 'session' }];
    const terms = { offerings, valid_weekdays: ['monday'], for_lead_booker_only: true };
    const { path } = await withCredit(terms);
    const good = {
      reference: 'r',
      offering: { type: 'product', id: 'tea' },
      weekday: 'monday',
    };
    const wrong = [
      ['offering', { offering: { type: 'product', id: 'coffee' } }],
      ['offering', { offering: { type: 'package', id: 'tea' } }],
      ['weekday', { weekday: 'tuesday' }],
      ['lead_booker', { lead_booker: false }],
    ] as const;
    for (const [field, more] of wrong) {
      const { errors, code } = await refusal(422, path, { ...good, ...more });
      expect([code, Object.keys(errors ?? {})]).toEqual(['coupon_not_applicable', [field]]);
    }
    const { offering: _, ...without } = good;
    expect((await refusal(422, path, without)).errors).toHaveProperty('offering');
    await shop.get(201, `POST ${path}/redeem`, { ...good, offering: { type: 'session', id: 'x' } });
  });

  it('beyond the uses that the coupon allows is 400, until one is undone', async () => {
    const { customer, coupon, credit } = await withCredit({ max_uses: 2, max_uses_period: 'P1Y' });
    const more = [await office.issue(customer, coupon), await office.issue(customer, coupon)];
    const use = await office.redeem(customer, credit);
    await office.redeem(customer, more[0] ?? '');
    const last = `${creditsOf(customer)}/${more[1]}`;
    expect((await refusal(400, last, { reference: 'r' }))['code']).toBe('coupon_used_up');
    await shop.get(200, `POST ${creditsOf(customer)}/${credit}/redemptions/${use}/reverse`);
    await shop.get(201, `POST ${last}/redeem`, { reference: 'r' });
  });

  it('without the permission is 403, and so is its undoing', async () => {
    const { customer, credit, path } = await withCredit();
    const asReader = { apiKey: shop.keys.reading };
    const { status } = await shop.ask(`POST ${path}/redeem`, { reference: 'r' }, asReader);
    expect(status).toBe(403);
    const use = await office.redeem(customer, credit);
    const undo = `POST ${path}/redemptions/${use}/reverse`;
    expect((await shop.ask(undo, undefined, asReader)).status).toBe(403);
  });

  it('is undone once, and stays undone however often that is asked', async () => {
    const { customer, credit, path } = await withCredit();
    const use = await office.redeem(customer, credit);
    const undo = `POST ${path}/redemptions/${use}/reverse`;
    const first = await shop.ask(undo, undefined, { key: `undo ${use}` });
    expect(first.status).toBe(200);
    expect(at(first.body, 'data', 'reversed_at')).not.toBeNull();
    await office.redeem(customer, credit, { reference: 'order-2' });
    const again = await shop.ask(undo, undefined, { key: `undo ${use}` });
    expect([again.status, again.text]).toEqual([200, first.text]);
    const late = await shop.ask(undo);
    expect([late.status, at(late.body, 'data', 'id')]).toEqual([200, use]);
    const now = await shop.get(200, `GET ${path}`);
    expect(at(now, 'redeemed_at')).not.toBeNull();
    const unknown = `POST ${path}/redemptions/${crypto.randomUUID()}/reverse`;
    expect((await shop.ask(unknown)).status).toBe(404);
  });
});

describe('a use that is tried again', () => {
  it.each(['in the body', 'in the header'])('under its key %s is one use', async (place) => {
    const { path } = await withCredit();
    const key = `use ${path}`;
    const isBody = place === 'in the body';
    const body = { reference: 'r', ...(isBody ? { idempotency_key: key } : {}) };
    const options = isBody ? {} : { key };
    const answers = await Promise.all(
      [1, 2, 3].map(() => shop.ask(`POST ${path}/redeem`, body, options)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(idsOf(await shop.ask(`GET ${path}/redemptions`))).toHaveLength(1);
    const other = await shop.ask(`POST ${path}/redeem`, { ...body, reference: 'other' }, options);
    expect(other.status).toBe(409);
  });
});

describe('at the same moment', () => {
  it('of two tills that redeem one credit one wins, and the other is told', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { path } = await withCredit();
      const answers = await Promise.all(
        ['till-1', 'till-2'].map((reference) => shop.ask(`POST ${path}/redeem`, { reference })),
      );
      const refused = answers.find(({ status }) => status === 400);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(at(refused?.body, 'message')).toBe('The credit has been redeemed.');
    }
  });

  it('a revocation and a use end in one of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { path } = await withCredit();
      const [used, revoked] = await Promise.all([
        shop.ask(`POST ${path}/redeem`, { reference: 'till' }),
        shop.ask(`DELETE ${path}`),
      ]);
      expect(['201 400', '400 200']).toContain(`${used.status} ${revoked.status}`);
      const credit = await shop.get(200, `GET ${path}`);
      const ends = [at(credit, 'redeemed_at'), at(credit, 'revoked_at')];
      expect(ends.filter((end) => end !== null)).toHaveLength(1);
    }
  });
});

describe('8.21 a credit of a fixed amount', () => {
  it('is used up whole on a cheaper item, and the rest is forfeited', async () => {
    const { path } = await withCredit(fixed);
    const use = await shop.get(201, `POST ${path}/redeem`, { reference: 'r', amount: 900 });
    expect(at(use, 'amount')).toBe(900);
    expect(textAt(use, 'customer_credit', 'redeemed_at')).toBe(textAt(use, 'redeemed_at'));
    await refusal(400, path, { reference: 'the rest', amount: 1600 });
  });

  it('takes off what it is worth where nothing was said, a percentage nothing', async () => {
    const { path } = await withCredit(fixed);
    const use = await shop.get(201, `POST ${path}/redeem`, { reference: 'r' });
    expect(at(use, 'amount')).toBe(2500);
    const free = await withCredit();
    const other = await shop.get(201, `POST ${free.path}/redeem`, { reference: 'r' });
    expect(at(other, 'amount')).toBeNull();
  });
});

it('leaves a book that verifies', async () => {
  expect(await shop.verify()).toMatchObject({ exitCode: 0 });
});
