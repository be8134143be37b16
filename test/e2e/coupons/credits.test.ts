// Customers' credits over REST: what the documented calls answer, and what can become of a credit.

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

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const offsetInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?\+00:00$/;

/** Refused with this status, and on this field if it is 422. */
async function refused(status: number, what: string, ...rest: readonly [Json?, object?]) {
  const { body, ...answer } = await shop.ask(what, ...rest);
  expect({ what, status: answer.status, body }).toMatchObject({ what, status });
  return body as JsonObject & { readonly errors?: JsonObject };
}

/** A customer with one credit, and where it is. */
async function withCredit(terms: JsonObject = {}, more: JsonObject = {}) {
  const customer = newCustomer();
  const coupon = await office.coupon(terms);
  const credit = await office.issue(customer, coupon, more);
  return { customer, coupon, credit, path: `${creditsOf(customer)}/${credit}` };
}

describe('8.7, 8.8 a credit', () => {
  it('is below data, with the eleven documented fields and null for those it lacks', async () => {
    const { customer, coupon, credit, path } = await withCredit({ description: 'An hour' });
    const { body } = await shop.ask(`GET ${path}`);
    expect(Object.keys(body as JsonObject)).toEqual(['data']);
    expect(at(body, 'data')).toEqual({
      id: credit,
      customer_id: customer,
      membership_id: null,
      coupon_name: 'Massage',
      coupon_description: 'An hour',
      coupon_code: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4,5}){2}$/) as unknown,
      multi_use: false,
      issued_at: expect.stringMatching(offsetInstant) as unknown,
      expires_at: null,
      redeemed_at: null,
      revoked_at: null,
      coupon_id: coupon,
      coupon: {
        id: coupon,
        name: 'Massage',
        description: 'An hour',
        type: 'percentage',
        value: 100,
        currency: null,
      },
      revenue: null,
      created_at: expect.stringMatching(offsetInstant) as unknown,
      updated_at: expect.stringMatching(offsetInstant) as unknown,
    });
    for (const id of [customer, coupon, credit]) expect(id).toMatch(uuid);
  });

  it('shows amounts of money to the last digit, as numbers', async () => {
    const most = 999_999_999_999_999;
    const { path } = await withCredit(
      { type: 'fixed_amount', amount: most, currency: 'EUR', percentage: null },
      { revenue: most },
    );
    const { text } = await shop.ask(`GET ${path}`);
    expect(text).toContain(`"type":"fixed_amount","value":${most},"currency":"EUR"`);
    expect(text).toContain(`"revenue":${most},`);
    const { text: used } = await shop.ask(`POST ${path}/redeem`, { reference: 'r', amount: most });
    expect(used).toContain(`"amount":${most},"revenue":${most},`);
  });

  it('8.7 that is revoked is the answer to the DELETE, with 200', async () => {
    const { path } = await withCredit();
    const { status, body } = await shop.ask(`DELETE ${path}`);
    expect(status).toBe(200);
    expect(textAt(body, 'data', 'revoked_at')).toMatch(offsetInstant);
    expect(body).toEqual((await shop.ask(`GET ${path}`)).body);
  });
});

describe('8.9 the customer', () => {
  it('must be the one of the path in the body as well', async () => {
    const coupon = await office.coupon();
    const path = `POST ${creditsOf(newCustomer())}`;
    for (const more of [{}, { customer_id: newCustomer() }, { customer_id: null }]) {
      const { errors } = await refused(422, path, { coupon_id: coupon, ...more });
      expect(Object.keys(errors ?? {})).toEqual(['customer_id']);
    }
  });

  it('is 404 to a list until something names them, and known from an issue on', async () => {
    const customer = newCustomer();
    const { message, errors } = await refused(404, `GET ${creditsOf(customer)}`);
    expect([message, errors]).toEqual(['No such customer.', undefined]);
    await office.issue(customer, await office.coupon());
    expect(idsOf(await shop.ask(`GET ${creditsOf(customer)}`))).toHaveLength(1);
  });

  it('must be the one of the membership, and coupon and membership must be there', async () => {
    const customer = newCustomer();
    const [coupon, gone] = [await office.coupon(), await office.coupon()];
    await shop.get(200, `DELETE /shop/coupons/${gone}`);
    const body = { customer_id: newCustomer(), membership_type_id: 'gold' };
    const theirs = textAt(await shop.get(201, 'POST /customers/memberships', body), 'id');
    const fields = { customer_id: customer, coupon_id: coupon };
    const wrong = [
      ['coupon_id', { coupon_id: crypto.randomUUID() }],
      ['coupon_id', { coupon_id: gone }],
      ['membership_id', { membership_id: crypto.randomUUID() }],
      ['membership_id', { membership_id: theirs }],
    ] as const;
    for (const [field, more] of wrong) {
      const { errors } = await refused(422, `POST ${creditsOf(customer)}`, { ...fields, ...more });
      expect(Object.keys(errors ?? {})).toEqual([field]);
    }
  });

  it('of another credit does not see it, nor change it', async () => {
    const { customer, credit } = await withCredit();
    const stranger = newCustomer();
    await office.issue(stranger, await office.coupon());
    const theirs = `${creditsOf(stranger)}/${credit}`;
    const use = await office.redeem(customer, credit);
    const calls = [
      `GET ${theirs}`,
      `DELETE ${theirs}`,
      `POST ${theirs}/redeem`,
      `GET ${theirs}/redemptions`,
      `POST ${theirs}/redemptions/${use}/reverse`,
    ];
    for (const what of calls) {
      const body = what.endsWith('redeem') ? { reference: 'r' } : undefined;
      expect((await refused(404, what, body))['errors']).toBeUndefined();
    }
  });
});

describe('8.10 an id', () => {
  it('that is malformed is 404 in a path and 422 in a body', async () => {
    const { customer, credit, path } = await withCredit();
    await refused(404, `GET /customers/customers/ada/credits`);
    await refused(404, `GET ${creditsOf(customer)}/${credit}0`);
    await refused(404, `DELETE ${creditsOf(customer)}/none`);
    await refused(404, `POST ${path}/redemptions/none/reverse`);
    for (const part of ['coupons', 'coupons/none/codes']) await refused(404, `GET /shop/${part}/1`);
    const body = { customer_id: customer, coupon_id: '5f5f5f5f5f5f5f5f5f5f5f5f' };
    const { errors } = await refused(422, `POST ${creditsOf(customer)}`, body);
    expect(errors).toEqual({ coupon_id: ['coupon_id must be a UUID.'] });
  });

  it('is the same in upper and lower case', async () => {
    const { customer, credit } = await withCredit();
    const path = `GET ${creditsOf(customer.toUpperCase())}`;
    expect(idsOf(await shop.ask(path))).toEqual([credit]);
    const found = await shop.get(200, `${path}/${credit.toUpperCase()}`);
    expect(textAt(found, 'customer_id')).toBe(customer);
  });
});

describe('8.11 the expiry', () => {
  it('is in the future, else refused, and shown as it was sent', async () => {
    const expiry = '2070-06-01T12:00:00+00:00';
    const { path } = await withCredit({}, { expiry_date: '2070-06-01T14:00:00+02:00' });
    expect(textAt(await shop.get(200, `GET ${path}`), 'expires_at')).toBe(expiry);
    const customer = newCustomer();
    const fields = { customer_id: customer, coupon_id: await office.coupon() };
    for (const date of [
      '2020-01-01T00:00:00Z',
      '2070-06-01',
      'tomorrow',
      7,
      '2070-02-30T00:00:00Z',
    ]) {
      const body = { ...fields, expiry_date: date };
      const { errors } = await refused(422, `POST ${creditsOf(customer)}`, body);
      expect(Object.keys(errors ?? {})).toEqual(['expiry_date']);
    }
  });

  it('is the end of the coupon’s validity, if nothing else was said', async () => {
    const { path, customer, coupon } = await withCredit({ validity_period: 'P1M' });
    const found = await shop.get(200, `GET ${path}`);
    const issued = new Date(textAt(found, 'issued_at'));
    const days = (Date.parse(textAt(found, 'expires_at')) - issued.getTime()) / 86_400_000;
    expect([28, 29, 30, 31]).toContain(days);
    const expiry = '2075-01-01T00:00:00+00:00';
    const other = await office.issue(customer, coupon, { expiry_date: expiry });
    const shown = await shop.get(200, `GET ${creditsOf(customer)}/${other}`);
    expect(textAt(shown, 'expires_at')).toBe(expiry);
  });

  it('is exclusive, and judged when somebody looks or redeems', async () => {
    const now = await shop.moveTo('2030-01-01T00:00:00Z');
    const soon = new Date(now + 3_600_000).toISOString();
    const { customer, path } = await withCredit({}, { expiry_date: soon });
    expect(idsOf(await shop.ask(`GET ${creditsOf(customer)}`))).toHaveLength(1);
    await shop.moveTo(soon);
    expect(idsOf(await shop.ask(`GET ${creditsOf(customer)}`))).toHaveLength(0);
    const { message } = await refused(400, `POST ${path}/redeem`, { reference: 'r' });
    expect(message).toBe('The credit has expired.');
  });
});

describe('8.12 the revenue', () => {
  it('is null where none was said, zero where zero was, and never below', async () => {
    const { path } = await withCredit({}, { revenue: 0 });
    expect(at(await shop.get(200, `GET ${path}`), 'revenue')).toBe(0);
    const plain = await withCredit({}, { revenue: null });
    expect(at(await shop.get(200, `GET ${plain.path}`), 'revenue')).toBeNull();
    const customer = newCustomer();
    const fields = { customer_id: customer, coupon_id: await office.coupon() };
    for (const revenue of [-1, 0.5, '5', 1e15, true]) {
      const body = { ...fields, revenue };
      const { errors } = await refused(422, `POST ${creditsOf(customer)}`, body);
      expect(Object.keys(errors ?? {})).toEqual(['revenue']);
    }
  });
});

describe('8.13 a revocation', () => {
  it('that is repeated answers as before, with a key and without', async () => {
    const { path } = await withCredit();
    const first = await shop.ask(`DELETE ${path}`, undefined, { key: `revoke ${path}` });
    const again = await shop.ask(`DELETE ${path}`);
    const replayed = await shop.ask(`DELETE ${path}`, undefined, { key: `revoke ${path}` });
    expect([first, again, replayed].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([again.body, replayed.body]).toEqual([first.body, first.body]);
    expect(replayed.headers.get('x-idempotent-replay')).toBe('true');
  });

  it('of what is redeemed or expired is 400, and says why', async () => {
    const { customer, credit, path } = await withCredit();
    await office.redeem(customer, credit);
    const used = await refused(400, `DELETE ${path}`);
    expect(used).toEqual({
      message: 'The credit has been redeemed.',
      code: 'customer_credit_not_active',
    });
    const now = await shop.moveTo('2030-02-01T00:00:00Z');
    const soon = new Date(now + 60_000).toISOString();
    const expiring = await withCredit({}, { expiry_date: soon });
    await shop.moveTo(soon);
    const late = await refused(400, `DELETE ${expiring.path}`);
    expect(late['message']).toBe('The credit has expired.');
  });

  it('ends a multi-use credit that was used, and leaves its uses', async () => {
    const { customer, credit, path } = await withCredit({ multi_use: true });
    await office.redeem(customer, credit);
    await shop.get(200, `DELETE ${path}`);
    expect(idsOf(await shop.ask(`GET ${path}/redemptions`))).toHaveLength(1);
    const { message } = await refused(400, `POST ${path}/redeem`, { reference: 'r' });
    expect(message).toBe('The credit was revoked.');
  });
});

describe('8.14 redeemed_at', () => {
  it('is set by the one use of a single-use credit, and cleared when that is undone', async () => {
    const { customer, credit, path } = await withCredit();
    const use = await office.redeem(customer, credit);
    const used = await shop.get(200, `GET ${path}`);
    expect(textAt(used, 'redeemed_at')).toMatch(offsetInstant);
    const undone = await shop.get(200, `POST ${path}/redemptions/${use}/reverse`);
    expect(at(undone, 'customer_credit', 'redeemed_at')).toBeNull();
    expect(at(await shop.get(200, `GET ${path}`), 'redeemed_at')).toBeNull();
    await office.redeem(customer, credit, { reference: 'order-2' });
  });

  it('stays null for a multi-use credit, whose uses have records of their own', async () => {
    const { customer, credit, path } = await withCredit({ multi_use: true });
    const uses = [await office.redeem(customer, credit), await office.redeem(customer, credit)];
    expect(at(await shop.get(200, `GET ${path}`), 'redeemed_at')).toBeNull();
    expect(idsOf(await shop.ask(`GET ${path}/redemptions`))).toEqual(uses.toReversed());
  });
});

describe('8.17 a credit', () => {
  it('keeps name, description, worth and number of uses that it was issued with', async () => {
    const worth = { type: 'fixed_amount', amount: 5000, currency: 'EUR', percentage: null };
    const { coupon, path } = await withCredit({ ...worth, description: 'At first' });
    const before = await shop.get(200, `GET ${path}`);
    const after = { name: 'Other', description: 'Later', multi_use: true, ...worth, amount: 1 };
    await shop.get(200, `PATCH /shop/coupons/${coupon}`, after);
    expect(await shop.get(200, `GET ${path}`)).toEqual(before);
    const { errors } = await refused(422, `POST ${path}/redeem`, { reference: 'r', amount: 5001 });
    expect(Object.keys(errors ?? {})).toEqual(['amount']);
    await shop.get(201, `POST ${path}/redeem`, { reference: 'r', amount: 5000 });
  });

  it('follows its coupon in offerings and weekdays', async () => {
    const { coupon, path } = await withCredit();
    const tea = { offering: { type: 'product', id: 'tea' } };
    const offerings = [{ type: 'product', ids: ['coffee'] }];
    await shop.get(200, `PATCH /shop/coupons/${coupon}`, { offerings });
    const use = { reference: 'r', weekday: 'monday', ...tea };
    expect((await refused(422, `POST ${path}/redeem`, use)).errors).toHaveProperty('offering');
    const back = { offerings: null, valid_weekdays: ['sunday'] };
    await shop.get(200, `PATCH /shop/coupons/${coupon}`, back);
    expect((await refused(422, `POST ${path}/redeem`, use)).errors).toHaveProperty('weekday');
    await shop.get(201, `POST ${path}/redeem`, { ...use, weekday: 'sunday' });
  });
});

describe('8.22 an Idempotency-Key', () => {
  it('makes an issue answer as at first, and is 409 with another body', async () => {
    const customer = newCustomer();
    const body = { customer_id: customer, coupon_id: await office.coupon() };
    const key = { key: `issue ${customer}` };
    const first = await shop.ask(`POST ${creditsOf(customer)}`, body, key);
    const again = await shop.ask(`POST ${creditsOf(customer)}`, body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('x-idempotent-replay')).toBe('true');
    expect(idsOf(await shop.ask(`GET ${creditsOf(customer)}`))).toHaveLength(1);
    await refused(409, `POST ${creditsOf(customer)}`, { ...body, revenue: 5 }, key);
  });

  it('is optional: without one each issue is an act of its own', async () => {
    const customer = newCustomer();
    const coupon = await office.coupon();
    await office.issue(customer, coupon);
    await office.issue(customer, coupon);
    expect(idsOf(await shop.ask(`GET ${creditsOf(customer)}`))).toHaveLength(2);
  });
});
