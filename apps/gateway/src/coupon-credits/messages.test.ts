// What a caller of the coupon credits reads about a wrong field: sentences in words of this API.
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway, known } from '../fake-ledger.ts';

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
  ])('is told of %s', async (field, payload, message) => {
    const request = { method: 'POST', url: '/shop/coupons', headers: known, payload } as const;
    const answer = await gateway.inject(request);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ message, errors: { [field]: [message] } });
  });
});
