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
