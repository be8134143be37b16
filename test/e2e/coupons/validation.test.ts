// Every field of every body and query, wrong once: 422, with that field named and no other.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Json, type JsonObject, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, newCustomer, openShop, type Shop } from './shop.ts';

let shop: Shop;
/** What stands for an id in the tables below. */
const names = new Map<string, string>();

beforeAll(async () => {
  shop = await openShop();
  const office = createOffice(shop);
  const customer = newCustomer();
  const coupon = await office.coupon();
  const sent = { customer_id: customer, membership_type_id: 'gold' };
  const rule = { membership_type_id: 'gold', coupon_id: coupon, issuing_frequency: 'P1M' };
  names.set('$customer', customer);
  names.set('$coupon', coupon);
  names.set('$credit', await office.issue(customer, coupon));
  names.set('$membership', textAt(await shop.get(201, 'POST /customers/memberships', sent), 'id'));
  names.set(
    '$rule',
    textAt(await shop.get(201, 'POST /customers/membership-credit-rules', rule), 'id'),
  );
});
afterAll(() => shop?.stop());

function withIds<Value extends Json | string>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(/\$\w+/g, (name) => names.get(name) ?? name);
  return JSON.parse(text) as Value;
}

async function fieldsOf(what: string, body?: Json, key?: string) {
  const options = key === undefined ? {} : { key };
  const sent = body === undefined ? undefined : withIds(body);
  const answer = await shop.ask(withIds(what), sent, options);
  const { status, body: refusal } = answer;
  const errors = (at(refusal, 'errors') ?? {}) as Readonly<Record<string, readonly string[]>>;
  for (const sentences of Object.values(errors)) expect(sentences.join(' ')).toMatch(/^\S.+\.$/);
  return [status, ...Object.keys(errors)];
}

const long = (length: number) => 'x'.repeat(length);
const absent = '(absent)';

type Wrong = readonly (readonly [field: string, wrong: Json, named?: string])[];

/** The body with one field wrong, or left out. */
function withWrong(body: JsonObject, field: string, wrong: Json): JsonObject {
  const { [field]: _, ...rest } = body;
  return wrong === absent ? rest : { ...rest, [field]: wrong };
}

function checkFields(what: string, body: JsonObject, wrongs: Wrong): void {
  describe(`the fields of ${what}`, () => {
    const cases = wrongs.map(([field, wrong, name = field]) => ({ field, wrong, name }));
    it.each(cases)('refuses $field $wrong', async ({ field, wrong, name }) => {
      expect(await fieldsOf(what, withWrong(body, field, wrong))).toEqual([422, name]);
    });

    it.each([[[]], ['text'], [7], [null]] as const)('refuses a body that is %j', async (sent) => {
      const [status, field] = await fieldsOf(what, sent);
      expect([status, field]).toEqual([422, 'body']);
    });

    it('refuses a key that is too long', async () => {
      expect(await fieldsOf(what, body, long(256))).toEqual([422, 'Idempotency-Key']);
    });
  });
}

const issue = { customer_id: '$customer', coupon_id: '$coupon' };
checkFields('POST /customers/customers/$customer/credits', issue, [
  ['coupon_id', absent],
  ['coupon_id', null],
  ['coupon_id', 7],
  ['coupon_id', 'coupon'],
  ['customer_id', absent],
  ['customer_id', 'ada'],
  ['membership_id', 'gold'],
  ['membership_id', 7],
  ['membership_id', '00000000-0000-4000-8000-000000000000'],
  ['expiry_date', 'soon'],
  ['expiry_date', '2000-01-01T00:00:00Z'],
  ['expiry_date', 1_900_000_000],
  ['revenue', '5'],
  ['revenue', -1],
  ['revenue', 1.5],
]);

const redeem = { reference: 'order-1' };
checkFields('POST /customers/customers/$customer/credits/$credit/redeem', redeem, [
  ['reference', absent],
  ['reference', ''],
  ['reference', long(256)],
  ['reference', 7],
  ['amount', -1],
  ['amount', '5'],
  ['amount', 1.5],
  ['amount', 1e15],
  ['offering', 'tea'],
  ['offering', { type: 'drink', id: 'tea' }, 'offering.type'],
  ['offering', { type: 'product' }, 'offering.id'],
  ['offering', { type: 'product', id: long(65) }, 'offering.id'],
  ['weekday', 'funday'],
  ['weekday', 1],
  ['lead_booker', 'yes'],
  ['idempotency_key', ''],
  ['idempotency_key', long(256)],
]);

const coupon = { name: 'Tea', type: 'fixed_amount', amount: 500, currency: 'EUR' };
const couponWrongs: Wrong = [
  ['name', null],
  ['name', ''],
  ['name', '  '],
  ['name', long(121)],
  ['name', 7],
  ['description', long(1001)],
  ['description', 7],
  ['type', 'points'],
  ['type', null],
  ['type', absent],
  ['amount', absent],
  ['amount', null],
  ['amount', 0],
  ['amount', -5],
  ['amount', 1.5],
  ['amount', '500'],
  ['amount', 1e15],
  ['currency', absent],
  ['currency', 'euro'],
  ['currency', 'eur'],
  ['percentage', 0],
  ['percentage', 101],
  ['percentage', 1.5],
  ['percentage', '5'],
  ['offerings', 'all'],
  ['offerings', ['product'], 'offerings[0]'],
  ['offerings', [{ type: 'drink' }], 'offerings[0].type'],
  ['offerings', [{}], 'offerings[0].type'],
  ['offerings', [{ type: 'product', ids: 'tea' }], 'offerings[0].ids'],
  ['offerings', [{ type: 'product', ids: [''] }], 'offerings[0].ids[0]'],
  ['offerings', [{ type: 'product' }, { type: 'product' }]],
  ['offerings', [{ type: 'product', ids: ['a', 'a'] }], 'offerings[0].ids'],
  ['valid_weekdays', 'monday'],
  ['valid_weekdays', ['funday'], 'valid_weekdays[0]'],
  ['valid_weekdays', ['monday', 'monday']],
  ['multi_use', 'yes'],
  ['multi_use', 1],
  ['max_uses', 0],
  ['max_uses', 1_000_001],
  ['max_uses', '5'],
  ['max_uses_period', 'P2D'],
  ['max_uses_period', 'P1M'],
  ['validity_period', 'P0D'],
  ['validity_period', 'P1DT1H'],
  ['validity_period', '30 days'],
  ['validity_period', 'P101Y'],
  ['validity_period', 30],
  ['redemption_type', 'automatic'],
  ['for_lead_booker_only', 'no'],
];
checkFields('POST /shop/coupons', coupon, [['name', absent], ...couponWrongs]);
checkFields('PUT /shop/coupons/$coupon', coupon, [['name', absent], ...couponWrongs]);
checkFields(
  'PATCH /shop/coupons/$coupon',
  coupon,
  couponWrongs.map(([field, wrong, name]) => [field, wrong, name ?? field]),
);

describe('a coupon of a percentage', () => {
  it.each([
    ['amount', { amount: 5, percentage: 5 }],
    ['currency', { currency: 'EUR', percentage: 5 }],
    ['percentage', {}],
  ])('is told that %s does not fit', async (field, more) => {
    const body = { name: 'x', type: 'percentage', ...more };
    expect(await fieldsOf('POST /shop/coupons', body)).toEqual([422, field]);
  });
});

checkFields('POST /shop/coupons/$coupon/codes', {}, [
  ['code', ''],
  ['code', long(65)],
  ['code', 'two words'],
  ['code', 'ABCD-EFGH-12345'],
  ['code', 7],
  ['valid_from_date', 'soon'],
  ['valid_to_date', '2030-01-01'],
  ['valid_to_date', 7],
  ['multi_use', 'yes'],
  ['customer_id', 'ada'],
  ['customer_credit_id', 'mine'],
]);

const membership = { customer_id: '$customer', membership_type_id: 'gold' };
checkFields('POST /customers/memberships', membership, [
  ['customer_id', absent],
  ['customer_id', 'ada'],
  ['customer_id', 7],
  ['membership_type_id', absent],
  ['membership_type_id', ''],
  ['membership_type_id', long(256)],
  ['status', 'gold'],
  ['status', 'cancelled'],
  ['status', 'expired'],
  ['anchor', 'soon'],
  ['anchor', 7],
]);

checkFields('PATCH /customers/memberships/$membership', { status: 'active' }, [
  ['status', absent],
  ['status', null],
  ['status', 'gold'],
  ['status', 'upcoming'],
]);

const rule = { membership_type_id: 'gold', coupon_id: '$coupon', issuing_frequency: 'P1M' };
const ruleWrongs: Wrong = [
  ['membership_type_id', ''],
  ['membership_type_id', 7],
  ['membership_type', 'Gold'],
  ['membership_type', { name: '' }, 'membership_type.name'],
  ['coupon_id', 'coupon'],
  ['coupon_id', '00000000-0000-4000-8000-000000000000'],
  ['coupon_name', ''],
  ['coupon_name', ' '],
  ['coupon_name', long(121)],
  ['coupon_description', long(1001)],
  ['issuing_frequency', 'P2M'],
  ['issuing_frequency', null],
  ['roll_over', 'yes'],
  ['issue_on_signup', 1],
  ['multi_use', 'no'],
  ['for_lead_booker_only', null],
];
const ruleAbsents: Wrong = ['membership_type_id', 'coupon_id', 'issuing_frequency'].map(
  (field) => [field, absent] as const,
);
checkFields('POST /customers/membership-credit-rules', rule, [...ruleAbsents, ...ruleWrongs]);
checkFields('PUT /customers/membership-credit-rules/$rule', rule, [...ruleAbsents, ...ruleWrongs]);
checkFields('PATCH /customers/membership-credit-rules/$rule', rule, ruleWrongs);

describe('a charge', () => {
  it.each([
    ['next_charge_at', 'soon'],
    ['next_charge_at', '2000-01-01T00:00:00Z'],
    ['next_charge_at', 7],
    ['idempotency_key', ''],
    ['idempotency_key', 7],
  ])('refuses %s %j', async (field, wrong) => {
    const what = 'POST /customers/memberships/$membership/charges';
    expect(await fieldsOf(what, { [field]: wrong })).toEqual([422, field]);
  });
});

describe('an amount that a double cannot keep', () => {
  it.each(['revenue', 'amount'])('is refused, not rounded: %s', async (field) => {
    const customer = names.get('$customer') ?? '';
    const credit = `${creditsOf(customer)}/${names.get('$credit')}`;
    const path = field === 'revenue' ? creditsOf(customer) : `${credit}/redeem`;
    const sent = JSON.stringify(withIds({ ...issue, ...redeem }));
    const headers = { 'x-api-key': shop.keys.all, 'content-type': 'application/json' };
    const body = `${sent.slice(0, -1)}, "${field}": 999999999999998.9999}`;
    const response = await fetch(shop.url + path, { method: 'POST', headers, body });
    const refusal = (await response.json()) as Json;
    const named = Object.keys(at(refusal, 'errors') as JsonObject);
    expect([response.status, named]).toEqual([422, [field]]);
  });
});
