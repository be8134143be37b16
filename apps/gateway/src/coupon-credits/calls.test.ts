// What each call of the coupon credits asks of the ledger, by its path, its query and its body.
import { Code } from '@connectrpc/connect';
import type { CouponService } from '@scrip/contract/coupons';
import {
  CustomerCreditStatus,
  IssuingFrequency,
  MembershipStatus,
  OfferingType,
  RedemptionType,
  UsesPeriod,
  ValidityUnit,
  Weekday,
} from '@scrip/contract/coupons';
import { afterAll, describe, expect, it } from 'vitest';
import type { FakeCoupons } from '../fake-ledger.ts';
import { createFakeGateway, known, refusal } from '../fake-ledger.ts';

const customer = '3f0c5c1e-58c9-4a36-9d0b-6b6c1f0a7e11';
const id = '463ad4d5-7920-811f-81b7-a2aa936be5d1';
const createdAt = { seconds: 1_700_000_000n };
const dates = { createdAt, updatedAt: createdAt };
const worth = { case: 'percentage', value: 100 } as const;

const customerCredit = {
  id,
  customerId: customer,
  couponId: id,
  status: CustomerCreditStatus.ACTIVE,
  couponName: 'Massage',
  couponCode: 'A',
  value: worth,
  issuedAt: createdAt,
  ...dates,
};
const redemption = { id, weekday: Weekday.MONDAY, redeemedAt: createdAt };
const coupon = { id, terms: { name: 'M', value: worth, redemptionType: 1 }, ...dates };
const couponCode = { id, code: 'A', createdAt };
const membership = { id, status: MembershipStatus.ACTIVE, anchor: createdAt, ...dates };
const creditRule = { id, terms: { frequency: IssuingFrequency.MONTH }, ...dates };
const answer = {
  customerCredit,
  redemption,
  coupon,
  couponCode,
  membership,
  creditRule,
  customerCredits: [customerCredit],
  totalSize: 1n,
};

type Method = keyof typeof CouponService.method;

const methods: readonly Method[] = [
  'createCoupon',
  'getCoupon',
  'listCoupons',
  'updateCoupon',
  'deleteCoupon',
  'restoreCoupon',
  'createCouponCode',
  'listCouponCodes',
  'issueCustomerCredit',
  'getCustomerCredit',
  'listCustomerCredits',
  'redeemCustomerCredit',
  'reverseRedemption',
  'listRedemptions',
  'revokeCustomerCredit',
  'createMembership',
  'getMembership',
  'listMemberships',
  'setMembershipStatus',
  'noteMembershipCharge',
  'issueMissingCredits',
  'createCreditRule',
  'getCreditRule',
  'listCreditRules',
  'updateCreditRule',
  'deleteCreditRule',
];

const calls: object[] = [];
const remembering = methods.map((method) => {
  const remember = (request: object) => {
    calls.push({ method, ...request });
    return answer;
  };
  return [method, remember] as const;
});
const gateway = await createFakeGateway(
  {},
  { coupons: Object.fromEntries(remembering) as FakeCoupons },
);
afterAll(() => gateway.close());

/** The one call that a request makes, and the status of its answer. */
async function askedBy(what: string, payload?: object, headers: object = {}) {
  calls.length = 0;
  const [method = 'GET', url = '/'] = what.split(' ');
  const sent = payload === undefined ? {} : { payload };
  const request = { method, url, headers: { ...known, ...headers }, ...sent };
  const { statusCode: answered } = await gateway.inject(request);
  expect(calls).toHaveLength(1);
  return { answered, ...calls[0] };
}

const all = `/customers/customers/${customer}/credits`;
const one = `${all}/${id}`;
const ofCredit = { customerCreditId: id, customerId: customer };
const page = { pageSize: 15, skip: 0, countTotal: true };
const members = '/customers/memberships';
const rules = '/customers/membership-credit-rules';
const rule = { membership_type_id: 'gold', coupon_id: id, issuing_frequency: 'P3M' };
const ruleTerms = {
  membershipTypeId: 'gold',
  couponId: id,
  frequency: IssuingFrequency.QUARTER,
};
const terms = { name: 'Tea', type: 'fixed_amount', amount: 500, currency: 'EUR' };
const fixed = { case: 'fixedAmount', value: { amount: 500n, currency: 'EUR' } };

describe('a read asks for', () => {
  const flags = { includeRedeemed: false, includeExpired: false, includeRevoked: false };
  it.each([
    [`GET ${all}`, { method: 'listCustomerCredits', customerId: customer, ...flags, ...page }],
    [`GET ${all}?redeemed=1&expired=0`, { ...flags, includeRedeemed: true }],
    [`GET ${all}?expired=true&revoked=false`, { ...flags, includeExpired: true }],
    [`GET ${all}?revoked=1`, { ...flags, includeRevoked: true }],
    [`GET ${all}?multi_use=true`, { ...flags, multiUse: true }],
    [`GET ${all}?multi_use=0`, { ...flags, multiUse: false }],
    [`GET ${all}?page=3&per_page=20`, { pageSize: 20, skip: 40, countTotal: true }],
    [`GET ${one}`, { method: 'getCustomerCredit', ...ofCredit }],
    [`GET ${one}/redemptions?page=2`, { method: 'listRedemptions', ...ofCredit, skip: 15 }],
    ['GET /shop/coupons', { method: 'listCoupons', redemptionType: RedemptionType.MANUAL }],
    [
      'GET /shop/coupons?redemption_type=all&deleted=1',
      { redemptionType: RedemptionType.UNSPECIFIED, includeDeleted: true },
    ],
    [`GET /shop/coupons/${id}`, { method: 'getCoupon', couponId: id }],
    [`GET /shop/coupons/${id}/codes`, { method: 'listCouponCodes', couponId: id, ...page }],
    [
      `GET ${members}?customer_id=${customer}&membership_type_id=gold`,
      { method: 'listMemberships', customerId: customer, membershipTypeId: 'gold' },
    ],
    [`GET ${members}/${id}`, { method: 'getMembership', membershipId: id }],
    [`GET ${rules}?membership_type_id=gold`, { membershipTypeId: 'gold', ...page }],
    [`GET ${rules}/${id}`, { method: 'getCreditRule', creditRuleId: id }],
  ])('%s', async (what, asked) => {
    expect(await askedBy(what)).toMatchObject({ answered: 200, ...asked });
  });

  it('8.2 both kinds where multi_use is absent', async () => {
    expect(await askedBy(`GET ${all}`)).not.toHaveProperty('multiUse');
  });
});

describe('a write asks for', () => {
  const status = (value: MembershipStatus) => ({
    method: 'setMembershipStatus',
    membershipId: id,
    status: value,
  });
  const use = {
    reference: 'r',
    amount: 0,
    offering: { type: 'area_booking', id: 'pool' },
    weekday: 'sunday',
    lead_booker: false,
  };
  const day = '2030-01-01T00:00:00+00:00';
  const noon = { seconds: 1_893_456_000n };
  it.each([
    [
      `POST ${all}`,
      { customer_id: customer, coupon_id: id, membership_id: id, expiry_date: day, revenue: 0 },
      { couponId: id, customerId: customer, membershipId: id, expiresAt: noon, revenue: 0n },
    ],
    [`DELETE ${one}`, undefined, { method: 'revokeCustomerCredit', ...ofCredit }],
    [
      `POST ${one}/redeem`,
      use,
      {
        ...ofCredit,
        method: 'redeemCustomerCredit',
        reference: 'r',
        amount: 0n,
        offering: { type: OfferingType.AREA_BOOKING, id: 'pool' },
        weekday: Weekday.SUNDAY,
        isGuest: true,
      },
    ],
    [`POST ${one}/redemptions/${id}/reverse`, undefined, { redemptionId: id, ...ofCredit }],
    [
      'POST /shop/coupons',
      { ...terms, max_uses: 2, max_uses_period: 'P1W', validity_period: 'P4W' },
      {
        terms: {
          name: 'Tea',
          value: fixed,
          maxUses: 2,
          maxUsesPeriod: UsesPeriod.WEEK,
          validityPeriod: { unit: ValidityUnit.WEEK, count: 4 },
        },
      },
    ],
    [`PUT /shop/coupons/${id}`, terms, { couponId: id, terms: { name: 'Tea', value: fixed } }],
    [
      `PATCH /shop/coupons/${id}`,
      { type: 'percentage', percentage: 5, max_uses: null, offerings: null, colour: 'red' },
      { terms: { value: { value: 5 } }, updateMask: { paths: ['value', 'max_uses', 'offerings'] } },
    ],
    [`DELETE /shop/coupons/${id}`, undefined, { method: 'deleteCoupon', couponId: id }],
    [`POST /shop/coupons/${id}/restore`, undefined, { method: 'restoreCoupon', couponId: id }],
    [`POST /shop/coupons/${id}/codes`, { code: 'a', valid_from_date: day }, { validFrom: noon }],
    [`POST /shop/coupons/${id}/codes`, undefined, { method: 'createCouponCode', couponId: id }],
    [
      `POST ${members}`,
      { customer_id: customer, membership_type_id: 'gold', status: 'reserved', anchor: day },
      { customerId: customer, status: MembershipStatus.RESERVED, anchor: noon },
    ],
    [`PATCH ${members}/${id}`, { status: 'expired' }, status(MembershipStatus.EXPIRED)],
    [`POST ${members}/${id}/cancel`, undefined, status(MembershipStatus.CANCELLED)],
    [`POST ${members}/${id}/suspend`, undefined, status(MembershipStatus.INACTIVE)],
    [`POST ${members}/${id}/resume`, undefined, status(MembershipStatus.ACTIVE)],
    [`POST ${members}/${id}/charges`, { next_charge_at: day }, { nextChargeAt: noon }],
    [`POST ${members}/${id}/issue-credits`, undefined, { method: 'issueMissingCredits' }],
    [`POST ${rules}`, { ...rule, roll_over: true }, { terms: { ...ruleTerms, rollOver: true } }],
    [`PUT ${rules}/${id}`, rule, { creditRuleId: id, terms: ruleTerms }],
    [
      `PATCH ${rules}/${id}`,
      { issuing_frequency: 'P0D', membership_type: { name: 'Gold' } },
      {
        terms: { frequency: IssuingFrequency.ONCE, membershipTypeName: 'Gold' },
        updateMask: { paths: ['frequency', 'membership_type_name'] },
      },
    ],
    [`DELETE ${rules}/${id}`, undefined, { method: 'deleteCreditRule', creditRuleId: id }],
  ])('%s', async (what, body, expected) => {
    const key = { 'idempotency-key': 'k' };
    const asked = await askedBy(what, body, key);
    expect(asked).toMatchObject({ ...expected, idempotencyKey: 'k' });
    const isNew = /^POST .*(credits|redeem|coupons|codes|memberships|rules|charges)$/.test(what);
    expect(asked.answered).toBe(isNew && !what.endsWith('issue-credits') ? 201 : 200);
  });

  it.each([
    [`PATCH ${rules}/${id}`, 'coupon_description', 'terms.couponDescription'],
    [`PATCH /shop/coupons/${id}`, 'description', 'terms.description'],
  ])('%s no description where that is empty, as it is shown', async (what, field, path) => {
    const asked = await askedBy(what, { [field]: '' });
    expect(asked).toHaveProperty('updateMask.paths', [field]);
    expect(asked).not.toHaveProperty(path);
  });

  it('8.22 no key where there is none, but one of its own where one is needed', async () => {
    const plain = await askedBy(`POST ${all}`, { customer_id: customer, coupon_id: id });
    expect(plain).not.toHaveProperty('idempotencyKey');
    const redeem = () => askedBy(`POST ${one}/redeem`, { reference: 'r' });
    const keys = [await redeem(), await redeem()].map(
      (asked) => (asked as { readonly idempotencyKey?: string }).idempotencyKey,
    );
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(undefined);
    const body = { reference: 'r', idempotency_key: 'body' };
    const both = await askedBy(`POST ${one}/redeem`, body, { 'idempotency-key': 'header' });
    expect(both).toHaveProperty('idempotencyKey', 'body');
  });
});

describe('8.19 a refusal', () => {
  it.each([
    ['CUSTOMER_CREDIT_NOT_ACTIVE', 400],
    ['COUPON_USED_UP', 400],
    ['KEY_UNKNOWN', 401],
    ['TOKEN_EXPIRED', 401],
    ['SCOPE_MISSING', 403],
    ['CUSTOMER_CREDIT_NOT_FOUND', 404],
    ['CUSTOMER_NOT_FOUND', 404],
    ['REDEMPTION_NOT_FOUND', 404],
    ['MEMBERSHIP_NOT_FOUND', 404],
    ['COUPON_DELETED', 404],
    ['MEMBERSHIP_NOT_ACTIVE', 409],
    ['MEMBERSHIP_ENDED', 409],
    ['IDEMPOTENCY_KEY_REUSED', 409],
    ['FIELD_INVALID', 422],
    ['COUPON_NOT_APPLICABLE', 422],
    ['QUEUE_FULL', 429],
    ['WRITE_ABORTED', 503],
    ['UNAVAILABLE', 503],
    ['DEADLINE_EXCEEDED', 504],
    ['INTERNAL', 500],
  ] as const)('%s of the ledger is %d', async (reason, status) => {
    const body = await refusedBy(reason, `DELETE ${one}`);
    expect(body.status).toBe(status);
    expect(Object.keys(body.json)).toEqual(
      status === 422 ? ['message', 'code', 'errors'] : ['message', 'code'],
    );
  });

  it('of a read for want of the right is 404, and tells nothing', async () => {
    const { status, json } = await refusedBy('SCOPE_MISSING', `GET ${one}`);
    expect([status, json]).toEqual([
      404,
      { message: 'There is no such thing.', code: 'resource_not_found' },
    ]);
  });

  it('names the field as it is called here', async () => {
    const { json } = await refusedBy('FIELD_INVALID', `DELETE ${one}`, { field: 'expires_at' });
    expect(json).toHaveProperty('errors.expiry_date');
  });
});

async function refusedBy(
  reason: Parameters<typeof refusal>[0],
  what: string,
  metadata: Readonly<Record<string, string>> = {},
) {
  const refuse = (): never => {
    throw refusal(reason, Code.FailedPrecondition, metadata);
  };
  const coupons = { revokeCustomerCredit: refuse, getCustomerCredit: refuse };
  const refusing = await createFakeGateway({}, { coupons });
  const [method = 'GET', url = '/'] = what.split(' ');
  const response = await refusing.inject({ method, url, headers: known });
  await refusing.close();
  return { status: response.statusCode, json: response.json<object>() };
}
