// Coupons and their codes over REST.

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

const all = {
  name: 'Ten off tea',
  description: 'For members',
  type: 'fixed_amount',
  amount: 1000,
  currency: 'EUR',
  offerings: [{ type: 'product', ids: ['tea'] }, { type: 'area_booking' }],
  valid_weekdays: ['monday', 'sunday'],
  multi_use: true,
  max_uses: 5,
  max_uses_period: 'P1W',
  validity_period: 'P90D',
  redemption_type: 'credit',
  for_lead_booker_only: true,
};
const shownAll = {
  ...all,
  percentage: null,
  offerings: [
    { type: 'product', ids: ['tea'] },
    { type: 'area_booking', ids: [] },
  ],
  deleted_at: null,
};

describe('8.16 a coupon', () => {
  it('is made with all its terms, and read back as it was said', async () => {
    const made = await shop.get(201, 'POST /shop/coupons', all);
    const { id: _, created_at: createdAt, updated_at: updatedAt, ...terms } = made;
    expect(terms).toEqual(shownAll);
    expect(updatedAt).toBe(createdAt);
    expect(await shop.get(200, `GET /shop/coupons/${textAt(made, 'id')}`)).toEqual(made);
  });

  it('is made with a name and a worth alone', async () => {
    const body = { name: 'Half', type: 'percentage', percentage: 50 };
    const {
      id: _,
      created_at: _c,
      updated_at: _u,
      ...terms
    } = await shop.get(201, 'POST /shop/coupons', body);
    expect(terms).toEqual({
      ...body,
      description: null,
      amount: null,
      currency: null,
      offerings: [],
      valid_weekdays: [],
      multi_use: false,
      max_uses: null,
      max_uses_period: null,
      validity_period: null,
      redemption_type: 'manual',
      for_lead_booker_only: false,
      deleted_at: null,
    });
  });

  it('is changed in the fields that PATCH has, null removing; PUT replaces all', async () => {
    const id = textAt(await shop.get(201, 'POST /shop/coupons', all), 'id');
    const path = `/shop/coupons/${id}`;
    const patch = { name: 'Tea', description: null, max_uses_period: null, valid_weekdays: null };
    expect(await shop.get(200, `PATCH ${path}`, patch)).toMatchObject({
      ...shownAll,
      ...patch,
      valid_weekdays: [],
    });
    const worth = { type: 'percentage', percentage: 20 };
    expect(await shop.get(200, `PATCH ${path}`, worth)).toMatchObject({
      ...worth,
      amount: null,
      currency: null,
      multi_use: true,
    });
    const put = { name: 'New', type: 'percentage', percentage: 1 };
    expect(await shop.get(200, `PUT ${path}`, put)).toMatchObject({
      ...put,
      multi_use: false,
      offerings: [],
      validity_period: null,
      redemption_type: 'manual',
    });
    expect((await shop.ask(`PUT ${path}`, worth)).status).toBe(422);
    expect((await shop.ask(`PATCH ${path}`, {})).status).toBe(422);
    expect((await shop.ask(`PATCH ${path}`, { colour: 'red' })).status).toBe(422);
  });

  it('that is deleted issues nothing until it is restored; what it issued stays good', async () => {
    const customer = newCustomer();
    const coupon = await office.coupon();
    const credit = await office.issue(customer, coupon);
    const path = `/shop/coupons/${coupon}`;
    const deleted = await shop.get(200, `DELETE ${path}`);
    expect(at(deleted, 'deleted_at')).not.toBeNull();
    expect(await shop.get(200, `DELETE ${path}`)).toEqual(deleted);
    expect(await shop.get(200, `GET ${path}`)).toEqual(deleted);
    const body = { customer_id: customer, coupon_id: coupon };
    const refused = await shop.ask(`POST ${creditsOf(customer)}`, body);
    expect([refused.status, at(refused.body, 'errors')]).toEqual([
      422,
      { coupon_id: ['coupon_id names a coupon that is deleted.'] },
    ]);
    expect((await shop.ask(`PATCH ${path}`, { name: 'x' })).status).toBe(404);
    await office.redeem(customer, credit);
    const restored = await shop.get(200, `POST ${path}/restore`);
    expect(at(restored, 'deleted_at')).toBeNull();
    await office.issue(customer, coupon);
  });

  it('of the type credit is listed only where it is asked for, a deleted one too', async () => {
    const manual = await office.coupon();
    const credit = await office.coupon({ redemption_type: 'credit' });
    const deleted = await office.coupon();
    await shop.get(200, `DELETE /shop/coupons/${deleted}`);
    const made = [manual, credit, deleted];
    const listed = async (query: string) => {
      const ids = idsOf(await shop.ask(`GET /shop/coupons?per_page=100${query}`));
      return made.filter((id) => ids.includes(id));
    };
    expect(await listed('')).toEqual([manual]);
    expect(await listed('&redemption_type=manual')).toEqual([manual]);
    expect(await listed('&redemption_type=credit')).toEqual([credit]);
    expect(await listed('&redemption_type=all')).toEqual([manual, credit]);
    expect(await listed('&redemption_type=all&deleted=1')).toEqual(made);
    expect((await shop.ask('GET /shop/coupons?redemption_type=both')).status).toBe(422);
  });

  it('is made once under its key', async () => {
    const body = { name: 'Once', type: 'percentage', percentage: 5 };
    const options = { key: 'a coupon once' };
    const first = await shop.ask('POST /shop/coupons', body, options);
    const again = await shop.ask('POST /shop/coupons', body, options);
    expect([again.status, again.text]).toEqual([201, first.text]);
  });
});

describe('8.16 a code', () => {
  it('is made up, or as it is given in upper case, and unique within its coupon', async () => {
    const [coupon, other] = [await office.coupon(), await office.coupon()];
    const path = `POST /shop/coupons/${coupon}/codes`;
    const made = await shop.get(201, path, {});
    expect(textAt(made, 'code')).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4,5}){2}$/);
    const sent = { code: 'summer-26', multi_use: true, valid_to_date: '2080-01-01T00:00:00Z' };
    expect(await shop.get(201, path, sent)).toMatchObject({
      coupon_id: coupon,
      code: 'SUMMER-26',
      multi_use: true,
      valid_from_date: null,
      valid_to_date: '2080-01-01T00:00:00+00:00',
      customer_id: null,
      customer_credit_id: null,
    });
    const taken = await shop.ask(path, { code: 'Summer-26' });
    expect([taken.status, Object.keys(at(taken.body, 'errors') as JsonObject)]).toEqual([
      422,
      ['code'],
    ]);
    await shop.get(201, `POST /shop/coupons/${other}/codes`, { code: 'SUMMER-26' });
    const list = await shop.ask(`GET /shop/coupons/${coupon}/codes`);
    expect(list.body).toMatchObject({ data: [{ code: 'SUMMER-26' }, made], meta: { total: 2 } });
  });

  it('of a credit is listed with its customer; others can be kept for one too', async () => {
    const customer = newCustomer();
    const coupon = await office.coupon();
    const credit = await office.issue(customer, coupon);
    const own = await shop.get(200, `GET ${creditsOf(customer)}/${credit}`);
    const path = `/shop/coupons/${coupon}/codes`;
    const kept = { customer_id: customer, customer_credit_id: credit };
    const { body } = await shop.ask(`GET ${path}`);
    expect(body).toMatchObject({ data: [{ code: own['coupon_code'] ?? '', ...kept }] });
    expect(await shop.get(201, `POST ${path}`, { code: 'MINE', ...kept })).toMatchObject(kept);
    const wrong: readonly (readonly [string, Json])[] = [
      ['customer_credit_id', { ...kept, customer_credit_id: crypto.randomUUID() }],
      ['customer_credit_id', { ...kept, customer_id: newCustomer() }],
      ['customer_id', { customer_credit_id: credit }],
    ];
    for (const [field, sent] of wrong) {
      const refused = await shop.ask(`POST ${path}`, sent);
      expect([refused.status, Object.keys(at(refused.body, 'errors') as JsonObject)]).toEqual([
        422,
        [field],
      ]);
    }
  });

  it('of an unknown coupon is 404', async () => {
    const path = `/shop/coupons/${crypto.randomUUID()}`;
    for (const what of [`GET ${path}/codes`, `GET ${path}`, `DELETE ${path}`]) {
      expect((await shop.ask(what)).status).toBe(404);
    }
    for (const what of [`POST ${path}/codes`, `POST ${path}/restore`, `PATCH ${path}`]) {
      expect((await shop.ask(what, { name: 'x' })).status).toBe(404);
    }
  });
});
