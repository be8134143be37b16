// Memberships over REST, and the rules by which they issue credits: a year on the clock of a book.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, idsOf, newCustomer, openShop, type Shop } from './shop.ts';

const memberships = '/customers/memberships';
const rules = '/customers/membership-credit-rules';

let shop: Shop;
let office: ReturnType<typeof createOffice>;
beforeAll(async () => {
  shop = await openShop();
  office = createOffice(shop);
});
afterAll(() => shop?.stop());

let typeCount = 0;

/** A type with one rule, a member of it, and where the member is. */
async function withMember(terms: JsonObject = {}, anchor?: string) {
  const type = `type-${++typeCount}`;
  const coupon = await office.coupon({ redemption_type: 'credit' });
  const monthly = { membership_type_id: type, coupon_id: coupon, issuing_frequency: 'P1M' };
  const rule = textAt(await shop.get(201, `POST ${rules}`, { ...monthly, ...terms }), 'id');
  const customer = newCustomer();
  const sent = { customer_id: customer, membership_type_id: type, anchor: anchor ?? null };
  const id = textAt(await shop.get(201, `POST ${memberships}`, sent), 'id');
  return { type, coupon, rule, customer, id, path: `${memberships}/${id}` };
}

/** When each credit was issued and when it expires, in order; expired ones too. */
async function issuedTo(customer: string): Promise<readonly string[]> {
  const { status, body } = await shop.ask(`GET ${creditsOf(customer)}?expired=1&per_page=100`);
  expect(status === 200 || status === 404).toBe(true);
  const credits = (at(body, 'data') ?? []) as readonly JsonObject[];
  const minuteOf = (instant: Json | undefined) =>
    typeof instant === 'string' ? instant.slice(0, 16) : 'never';
  const said = (credit: JsonObject) =>
    `${minuteOf(credit['issued_at'])} ${minuteOf(credit['expires_at'])}`;
  return credits.map(said).toReversed();
}

describe('8.20 a monthly rule', () => {
  it('counts from the anchor, skips while suspended, and makes up for it when asked', async () => {
    await shop.moveTo('2031-01-31T10:00:00Z');
    const anchor = '2031-01-31T10:00:00+00:00';
    const { customer, path } = await withMember({ issue_on_signup: true }, anchor);
    expect(await shop.get(200, `GET ${path}`)).toMatchObject({
      status: 'active',
      anchor,
      next_period_at: '2031-02-28T10:00:00+00:00',
    });
    await shop.moveTo('2031-04-15T00:00:00Z');
    const untilApril = [
      '2031-01-31T10:00 2031-02-28T10:00',
      '2031-02-28T10:00 2031-03-31T10:00',
      '2031-03-31T10:00 2031-04-30T10:00',
    ];
    expect(await issuedTo(customer)).toEqual(untilApril);
    const suspended = await shop.get(200, `POST ${path}/suspend`);
    expect([suspended['status'], suspended['next_period_at']]).toEqual(['inactive', null]);
    await shop.moveTo('2031-05-15T00:00:00Z');
    expect(await shop.get(200, `POST ${path}/resume`)).toMatchObject({ status: 'active' });
    expect(await issuedTo(customer)).toEqual(untilApril);
    const made = await shop.get(200, `POST ${path}/issue-credits`);
    expect(at(made, 'customer_credits')).toMatchObject([
      { customer_id: customer, membership_id: textAt(made, 'id') },
    ]);
    const again = await shop.get(200, `POST ${path}/issue-credits`);
    expect(at(again, 'customer_credits')).toEqual([]);
    const may = '2031-05-31T10:00';
    const [, , , inMay = ''] = await issuedTo(customer);
    expect(inMay.endsWith(` ${may}`)).toBe(true);
    await shop.moveTo('2031-12-31T10:00:00Z');
    const rest = ['06-30', '07-31', '08-31', '09-30', '10-31', '11-30', '12-31'];
    const starts = ['05-31', ...rest].map((day) => `2031-${day}T10:00`);
    const ends = [...starts.slice(1), '2032-01-31T10:00'];
    expect(await issuedTo(customer)).toEqual([
      ...untilApril,
      inMay,
      ...starts.map((start, index) => `${start} ${ends[index]}`),
    ]);
  });

  it('without sign-up begins with the second period; rolled over, nothing expires', async () => {
    const now = await shop.moveTo('2032-03-01T00:00:00Z');
    const anchor = new Date(now).toISOString();
    const { customer } = await withMember({ roll_over: true }, anchor);
    expect(await issuedTo(customer)).toEqual([]);
    await shop.moveTo('2032-05-02T00:00:00Z');
    expect(await issuedTo(customer)).toEqual(['2032-04-01T00:00 never', '2032-05-01T00:00 never']);
  });

  it('of P3M, P6M and P1Y issues in every third, sixth and twelfth month', async () => {
    const now = await shop.moveTo('2033-01-01T00:00:00Z');
    const anchor = new Date(now).toISOString();
    const members = [
      await withMember({ issuing_frequency: 'P3M' }, anchor),
      await withMember({ issuing_frequency: 'P6M' }, anchor),
      await withMember({ issuing_frequency: 'P1Y' }, anchor),
    ];
    await shop.moveTo('2034-01-02T00:00:00Z');
    const months = await Promise.all(
      members.map(async ({ customer }) =>
        (await issuedTo(customer)).map((said) => said.slice(0, 7)),
      ),
    );
    expect(months).toEqual([
      ['2033-04', '2033-07', '2033-10', '2034-01'],
      ['2033-07', '2034-01'],
      ['2034-01'],
    ]);
  });

  it('of P0D issues once, at sign-up, and never again', async () => {
    const { customer } = await withMember({ issuing_frequency: 'P0D', issue_on_signup: true });
    await shop.moveTo('2035-06-01T00:00:00Z');
    expect(await issuedTo(customer)).toHaveLength(1);
  });
});

describe('8.20 a rule of the billing cycle', () => {
  it('issues with each charge that is told of, once under its key', async () => {
    const { customer, path } = await withMember({ issuing_frequency: 'billing_cycle' });
    const next = { next_charge_at: '2099-01-01T00:00:00Z' };
    const key = { key: `charge ${path}` };
    const first = await shop.ask(`POST ${path}/charges`, next, key);
    expect(first.status).toBe(201);
    expect(at(first.body, 'data', 'customer_credits')).toMatchObject([
      { expires_at: '2099-01-01T00:00:00+00:00' },
    ]);
    const again = await shop.ask(`POST ${path}/charges`, next, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(await issuedTo(customer)).toHaveLength(1);
    await shop.get(201, `POST ${path}/charges`);
    await shop.get(201, `POST ${path}/charges`, { idempotency_key: `third ${path}` });
    expect(await issuedTo(customer)).toHaveLength(3);
  });

  it('issues nothing while the membership is not active: 409', async () => {
    const { path } = await withMember({ issuing_frequency: 'billing_cycle' });
    await shop.get(200, `PATCH ${path}`, { status: 'needs_attention' });
    for (const call of ['charges', 'issue-credits']) {
      const { status, body } = await shop.ask(`POST ${path}/${call}`);
      expect([status, at(body, 'code')]).toEqual([409, 'membership_not_active']);
    }
    await shop.get(200, `POST ${path}/resume`);
    await shop.get(201, `POST ${path}/charges`);
  });
});

describe('a membership', () => {
  it('begins by itself at an anchor that is to come', async () => {
    const now = await shop.moveTo('2036-01-01T00:00:00Z');
    const anchor = new Date(now + 86_400_000).toISOString();
    const { customer, path } = await withMember({ issue_on_signup: true }, anchor);
    expect(await shop.get(200, `GET ${path}`)).toMatchObject({ status: 'upcoming' });
    expect(await issuedTo(customer)).toEqual([]);
    await shop.moveTo(anchor);
    expect(await shop.get(200, `GET ${path}`)).toMatchObject({ status: 'active' });
    expect(await issuedTo(customer)).toHaveLength(1);
  });

  it('that is cancelled stays so: 409 for any other status, 200 for that again', async () => {
    const { customer, path } = await withMember({ issue_on_signup: true });
    const cancelled = await shop.get(200, `POST ${path}/cancel`);
    expect(cancelled['status']).toBe('cancelled');
    expect(await shop.get(200, `POST ${path}/cancel`)).toEqual(cancelled);
    for (const what of [`POST ${path}/resume`, `POST ${path}/suspend`]) {
      const { status, body } = await shop.ask(what);
      expect([status, at(body, 'code')]).toEqual([409, 'membership_ended']);
    }
    await shop.moveTo('2036-06-01T00:00:00Z');
    expect(await issuedTo(customer)).toHaveLength(1);
  });

  it('is listed, newest first, by customer and by type', async () => {
    const { type, customer, id } = await withMember();
    const other = { customer_id: newCustomer(), membership_type_id: type };
    const second = textAt(await shop.get(201, `POST ${memberships}`, other), 'id');
    const listed = async (query: string) => idsOf(await shop.ask(`GET ${memberships}?${query}`));
    expect(await listed(`membership_type_id=${type}`)).toEqual([second, id]);
    expect(await listed(`customer_id=${customer}`)).toEqual([id]);
    expect(await listed(`customer_id=${other.customer_id}&membership_type_id=none`)).toEqual([]);
    expect((await shop.ask(`GET ${memberships}?customer_id=ada`)).status).toBe(422);
  });

  it('shows the credits that are due to whoever looks at the credit’s page first', async () => {
    const { customer, id } = await withMember({ issue_on_signup: true });
    const credit = idsOf(await shop.ask(`GET ${creditsOf(customer)}`))[0] ?? '';
    const found = await shop.get(200, `GET ${creditsOf(customer)}/${credit}`);
    expect(found).toMatchObject({ membership_id: id, coupon_name: 'Massage' });
  });
});

describe('a rule', () => {
  it('has the documented fields', async () => {
    const coupon = await office.coupon({ description: 'An hour' });
    const sent = {
      membership_type_id: 'documented',
      membership_type: { name: 'Gold' },
      coupon_id: coupon,
      issuing_frequency: 'P3M',
      issue_on_signup: true,
      multi_use: true,
    };
    const made = await shop.get(201, `POST ${rules}`, sent);
    const { id: _, created_at: createdAt, updated_at: updatedAt, ...rest } = made;
    expect(rest).toEqual({
      ...sent,
      membership_type: { id: 'documented', name: 'Gold' },
      coupon_name: 'Massage',
      coupon_description: 'An hour',
      roll_over: false,
      for_lead_booker_only: false,
      deleted_at: null,
    });
    expect([typeof createdAt, typeof updatedAt]).toEqual(['string', 'string']);
    const list = await shop.ask(`GET ${rules}?membership_type_id=documented`);
    expect(list.body).toMatchObject({ data: [made], meta: { total: 1 } });
    expect(await shop.get(200, `GET ${rules}/${textAt(made, 'id')}`)).toEqual(made);
  });

  it('is changed by PATCH and PUT for what comes, and deleted once', async () => {
    const { customer, type, coupon, rule, id } = await withMember({ issue_on_signup: true });
    const path = `${rules}/${rule}`;
    const before = await shop.get(200, `GET ${creditsOf(customer)}/${await only(customer)}`);
    const patch = { coupon_name: 'Silver', roll_over: true };
    expect(await shop.get(200, `PATCH ${path}`, patch)).toMatchObject({
      ...patch,
      issuing_frequency: 'P1M',
      issue_on_signup: true,
    });
    expect(await shop.get(200, `GET ${creditsOf(customer)}/${await only(customer)}`)).toEqual(
      before,
    );
    const put = { membership_type_id: type, coupon_id: coupon, issuing_frequency: 'P1Y' };
    expect(await shop.get(200, `PUT ${path}`, put)).toMatchObject({
      ...put,
      roll_over: false,
      issue_on_signup: false,
      coupon_name: 'Massage',
    });
    const wrong: readonly (readonly [string, Json])[] = [
      ['membership_type_id', { membership_type_id: 'other' }],
      ['coupon_id', { coupon_id: crypto.randomUUID() }],
    ];
    for (const [field, body] of wrong) {
      const refused = await shop.ask(`PATCH ${path}`, body);
      expect([refused.status, Object.keys(at(refused.body, 'errors') as JsonObject)]).toEqual([
        422,
        [field],
      ]);
    }
    const deleted = await shop.get(200, `DELETE ${path}`);
    expect(at(deleted, 'deleted_at')).not.toBeNull();
    expect(await shop.get(200, `DELETE ${path}`)).toEqual(deleted);
    expect(idsOf(await shop.ask(`GET ${rules}?membership_type_id=${type}`))).toEqual([]);
    expect((await shop.ask(`PATCH ${path}`, patch)).status).toBe(404);
    const made = await shop.get(200, `POST ${memberships}/${id}/issue-credits`);
    expect(at(made, 'customer_credits')).toEqual([]);
  });

  it('is refused beyond twenty of a type, on the type', async () => {
    const coupon = await office.coupon();
    const sent = { membership_type_id: 'many', coupon_id: coupon, issuing_frequency: 'P1M' };
    for (let i = 0; i < 20; i += 1) await shop.get(201, `POST ${rules}`, sent);
    const { status, body } = await shop.ask(`POST ${rules}`, sent);
    expect([status, Object.keys(at(body, 'errors') as JsonObject)]).toEqual([
      422,
      ['membership_type_id'],
    ]);
  });
});

it('leaves a book that verifies', async () => {
  expect(await shop.verify()).toMatchObject({ exitCode: 0 });
});

async function only(customer: string): Promise<string> {
  const [id = '', ...others] = idsOf(await shop.ask(`GET ${creditsOf(customer)}`));
  expect(others).toEqual([]);
  return id;
}
