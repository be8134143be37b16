// Who may do what with coupon credits, and what those read who may not.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, newCustomer, openShop, type Shop } from './shop.ts';

let shop: Shop;
let reads: readonly string[];
let writes: readonly (readonly [what: string, body?: Json])[];

beforeAll(async () => {
  shop = await openShop();
  const office = createOffice(shop);
  const customer = newCustomer();
  const coupon = await office.coupon();
  const credit = await office.issue(customer, coupon);
  const use = await office.redeem(customer, credit);
  const sent = { customer_id: customer, membership_type_id: 'gold' };
  const rule = { membership_type_id: 'gold', coupon_id: coupon, issuing_frequency: 'P1M' };
  const membershipId = textAt(await shop.get(201, 'POST /customers/memberships', sent), 'id');
  const rules = '/customers/membership-credit-rules';
  const ruleId = textAt(await shop.get(201, `POST ${rules}`, rule), 'id');
  const one = `${creditsOf(customer)}/${credit}`;
  const membership = `/customers/memberships/${membershipId}`;
  const terms = { name: 'x', type: 'percentage', percentage: 1 };
  reads = [
    creditsOf(customer),
    one,
    `${one}/redemptions`,
    '/shop/coupons',
    `/shop/coupons/${coupon}`,
    `/shop/coupons/${coupon}/codes`,
    '/customers/memberships',
    membership,
    rules,
    `${rules}/${ruleId}`,
  ].map((path) => `GET ${path}`);
  writes = [
    [`POST ${creditsOf(customer)}`, { customer_id: customer, coupon_id: coupon }],
    [`DELETE ${one}`],
    [`POST ${one}/redeem`, { reference: 'r' }],
    [`POST ${one}/redemptions/${use}/reverse`],
    ['POST /shop/coupons', terms],
    [`PUT /shop/coupons/${coupon}`, terms],
    [`PATCH /shop/coupons/${coupon}`, { name: 'x' }],
    [`DELETE /shop/coupons/${coupon}`],
    [`POST /shop/coupons/${coupon}/restore`],
    [`POST /shop/coupons/${coupon}/codes`, {}],
    ['POST /customers/memberships', sent],
    [`PATCH ${membership}`, { status: 'active' }],
    [`POST ${membership}/cancel`],
    [`POST ${membership}/suspend`],
    [`POST ${membership}/resume`],
    [`POST ${membership}/charges`],
    [`POST ${membership}/issue-credits`],
    [`POST ${rules}`, rule],
    [`PUT ${rules}/${ruleId}`, rule],
    [`PATCH ${rules}/${ruleId}`, { roll_over: true }],
    [`DELETE ${rules}/${ruleId}`],
  ];
});
afterAll(() => shop?.stop());

async function statusesOf(apiKey: string) {
  const ask = async ([what, body]: readonly [string, Json?]) =>
    `${(await shop.ask(what, body, { apiKey })).status} ${what}`;
  return {
    reads: await Promise.all(reads.map((what) => ask([what]))),
    writes: await Promise.all(writes.map(ask)),
  };
}

const each = (status: number, asked: readonly (string | readonly [string, Json?])[]) =>
  asked.map((what) => `${status} ${typeof what === 'string' ? what : what[0]}`);

describe('8.18 a key', () => {
  it('without the right to write is 403 on writes, and still reads', async () => {
    expect(await statusesOf(shop.keys.reading)).toEqual({
      reads: each(200, reads),
      writes: each(403, writes),
    });
  });

  it('without the right to read finds nothing', async () => {
    const apiKey = await shop.makeKey('coupons:write');
    expect((await statusesOf(apiKey)).reads).toEqual(each(404, reads));
  });

  it('without any right here is 404 on reads and 403 on writes', async () => {
    const apiKey = await shop.makeKey('ledger:read', 'ledger:write');
    expect(await statusesOf(apiKey)).toEqual({
      reads: each(404, reads),
      writes: each(403, writes),
    });
  });

  it('of another store finds none of the ids', async () => {
    const { other: apiKey } = shop.keys;
    const lists = ['GET /shop/coupons', 'GET /customers/memberships'].concat(
      'GET /customers/membership-credit-rules',
    );
    const found = await Promise.all(
      reads.map(async (what) => {
        const { status, body } = await shop.ask(what, undefined, { apiKey });
        return `${status} ${String(JSON.stringify(at(body, 'data')))} ${what}`;
      }),
    );
    expect(found).toEqual(
      reads.map((what) => (lists.includes(what) ? `200 [] ${what}` : `404 undefined ${what}`)),
    );
    const named = writes.filter(
      ([what]) => /[0-9a-f]{12}/.test(what) && !/^(POST|PUT) .*(credits|rules.*)$/.test(what),
    );
    expect(named.length).toBeGreaterThan(12);
    for (const [what, body] of named) {
      const { status } = await shop.ask(what, body, { apiKey });
      expect(`${status} ${what}`).toBe(`404 ${what}`);
    }
    const [issue, body] = writes[0] ?? [''];
    const refused = await shop.ask(issue, body, { apiKey });
    expect([refused.status, (refused.body as JsonObject)['errors']]).toEqual([
      422,
      { coupon_id: ['coupon_id names no coupon.'] },
    ]);
  });

  it('that is missing or unknown is 401, before anything else is looked at', async () => {
    for (const apiKey of ['', 'scrip_test_unknown']) {
      expect(await statusesOf(apiKey)).toEqual({
        reads: each(401, reads),
        writes: each(401, writes),
      });
      const { status, headers } = await shop.ask('POST /shop/coupons', 'no object', { apiKey });
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
  });
});

describe('8.19 an error', () => {
  it('is a message and a code, and only with 422 the fields', async () => {
    const asReader = { apiKey: shop.keys.reading };
    const answers = [
      await shop.ask('GET /shop/coupons', undefined, { apiKey: '' }),
      await shop.ask(
        'POST /shop/coupons',
        { name: 'x', type: 'percentage', percentage: 1 },
        asReader,
      ),
      await shop.ask(`GET /shop/coupons/${crypto.randomUUID()}`),
      await shop.ask('GET /shop/nothing'),
      await shop.ask('GET /customers'),
      await shop.ask('POST /shop/coupons', {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 404, 404, 404, 422]);
    for (const { status, body, headers } of answers) {
      const keys = status === 422 ? ['message', 'code', 'errors'] : ['message', 'code'];
      expect(Object.keys(body as JsonObject)).toEqual(keys);
      expect(textAt(body, 'message')).toMatch(/^\S.*\.$/);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('x-request-id')).toMatch(/^\S+$/);
    }
    const { body } = answers[5] ?? {};
    expect(body).toMatchObject({ errors: { name: ['name is required.'] } });
  });

  it('of a body that is no JSON is 400, and one that is too large 413', async () => {
    const post = async (body: string) => {
      const headers = { 'x-api-key': shop.keys.all, 'content-type': 'application/json' };
      const response = await fetch(`${shop.url}/shop/coupons`, { method: 'POST', headers, body });
      return [response.status, Object.keys((await response.json()) as object)];
    };
    expect(await post('{"name": ')).toEqual([400, ['message', 'code']]);
    expect(await post(`"${'x'.repeat(1_100_000)}"`)).toEqual([413, ['message', 'code']]);
  });
});
