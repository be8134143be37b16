// The client of coupons over an in-process router.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { CouponService } from '@scrip/contract/coupons';
import { describe, expect, it } from 'vitest';
import type { ScripCouponClient } from './index.ts';
import { createScripCouponClient } from './index.ts';

describe('the client of coupons', () => {
  it('issues a credit with the key of the client', async () => {
    const transport = createRouterTransport(({ service }) =>
      service(CouponService, {
        issueCustomerCredit: ({ customerId }, { requestHeader }) => ({
          customerCredit: { customerId, couponCode: requestHeader.get('x-api-key') ?? '' },
          sequence: 7n,
        }),
      }),
    );
    const coupons = createScripCouponClient({ transport, apiKey: 'scrip_test_a' });
    const answer = await coupons.issueCustomerCredit({ customerId: 'ada', couponId: 'c' });
    expect(answer).toMatchObject({
      customerCredit: { customerId: 'ada', couponCode: 'scrip_test_a' },
      sequence: 7n,
    });
  });

  it.each<[string, (coupons: ScripCouponClient) => Promise<unknown>, number]>([
    ['a reversal', (coupons) => coupons.reverseRedemption({ redemptionId: 'r' }), 3],
    ['a revocation', (coupons) => coupons.revokeCustomerCredit({ customerCreditId: 'c' }), 3],
    ['a read', (coupons) => coupons.listCoupons({}), 3],
    ['a deletion with a key', (coupons) => coupons.deleteCoupon({ idempotencyKey: 'k' }), 3],
    ['an issue without a key', (coupons) => coupons.issueCustomerCredit({}), 1],
  ])('sends %s again only where that is safe', async (_name, call, tries) => {
    let sent = 0;
    const fail = () => {
      sent += 1;
      throw new ConnectError('gone', Code.Unavailable);
    };
    const transport = createRouterTransport(({ service }) =>
      service(CouponService, {
        reverseRedemption: fail,
        revokeCustomerCredit: fail,
        listCoupons: fail,
        deleteCoupon: fail,
        issueCustomerCredit: fail,
      }),
    );
    const retry = { attemptsMax: 3, delayMsFirst: 1 };
    const coupons = createScripCouponClient({ transport, retry });
    await expect(call(coupons)).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent).toBe(tries);
  });
});
