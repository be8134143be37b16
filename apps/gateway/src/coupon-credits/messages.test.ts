// What a caller of the coupon credits reads about a wrong field: sentences in words of this API.
import { Code } from '@connectrpc/connect';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway, known, refusal } from '../fake-ledger.ts';

const gateway = await createFakeGateway();
afterAll(() => gateway.close());

const fixed = { name: 'Tea', type: 'fixed_amount', amount: 500, currency: 'EUR' };

describe('a wrong coupon', () => {
  it.each([
    [
      'percentage',
      { ...fixed, percentage: 5 },
      'percentage must be left out with the type fixed_amount.',
    ],
    [
      'valid_weekdays',
      { ...fixed, valid_weekdays: ['monday', 'monday'] },
      'valid_weekdays must not have an element twice.',
    ],
    [
      'description',
      { ...fixed, description: 'x'.repeat(1001) },
      'description must have at most 1000 characters.',
    ],
    [
      'offerings[0].ids',
      { ...fixed, offerings: [{ type: 'product', ids: Array<string>(501).fill('a') }] },
      'offerings[0].ids must have at most 500 elements.',
    ],
  ])('is told of %s', async (field, payload, message) => {
    const request = { method: 'POST', url: '/shop/coupons', headers: known, payload } as const;
    const answer = await gateway.inject(request);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ message, errors: { [field]: [message] } });
  });
});

describe('the errors of a request', () => {
  const post = (url: string, payload: object) => ({ method: 'POST', url, payload }) as const;

  it.each([
    [
      post('/shop/coupons', { percentage: 101, currency: 'eur', offerings: [{}, 5] }),
      {
        name: ['name is required.'],
        type: ['type is required.'],
        percentage: ['percentage must be a whole number from 1 to 100 or null.'],
        currency: ['currency must be three capital letters, EUR for instance.'],
        'offerings[0].type': ['offerings[0].type is required.'],
      },
    ],
    [
      post('/customers/customers/463ad4d5-7920-811f-81b7-a2aa936be5d1/credits', { revenue: -1 }),
      {
        coupon_id: ['coupon_id is required.'],
        customer_id: ['customer_id is required.'],
        revenue: [expect.stringMatching(/^revenue must be a whole number/)],
      },
    ],
    [
      { method: 'GET', url: '/shop/coupons?page=0&per_page=101&deleted=maybe' } as const,
      {
        page: ['page must be a whole number of 1 or more.'],
        per_page: ['per_page must be a whole number from 1 to 100.'],
        deleted: ['deleted must be true or false or 1 or 0.'],
      },
    ],
    [post('/shop/coupons', []), { body: ['body must be a JSON object.'] }],
  ])('name every wrong field: %j', async (request, errors) => {
    const answer = await gateway.inject({ ...request, headers: known });
    expect(answer.statusCode).toBe(422);
    const told = answer.json<{ message: string; errors: object }>();
    expect(told.errors).toEqual(errors);
    expect(Object.values(errors)[0]).toEqual([told.message]);
  });

  it('are as many as there are fields, however much is wrong', async () => {
    const valid_weekdays = Array<string>(50_000).fill('someday');
    const answer = await gateway.inject({
      ...post('/shop/coupons', { ...fixed, valid_weekdays }),
      headers: known,
    });
    expect(Object.keys(answer.json<{ errors: object }>().errors)).toHaveLength(1);
  });
});

it.each([
  ['valid_to', 'is not after valid_from', 'valid_to_date is not after valid_from_date.'],
  [
    'terms.validity_period.count',
    'is not a whole number from 1 to 100',
    'validity_period must have a number from 1 to 100.',
  ],
])('what the ledger says of %s is told in the words of this API', async (field, problem, said) => {
  const message = `${field} ${problem}.`;
  const createCouponCode = (): never => {
    throw refusal('FIELD_INVALID', Code.InvalidArgument, { field }, message);
  };
  const refusing = await createFakeGateway({}, { coupons: { createCouponCode } });
  const url = '/shop/coupons/463ad4d5-7920-811f-81b7-a2aa936be5d1/codes';
  const answer = await refusing.inject({ method: 'POST', url, headers: known, payload: {} });
  await refusing.close();
  expect(answer.json()).toHaveProperty('message', said);
});
