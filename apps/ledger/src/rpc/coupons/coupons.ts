// The RPCs about coupons.
import {
  fromProtoCreateCouponRequest,
  fromProtoDeleteCouponRequest,
  fromProtoGetCouponRequest,
  fromProtoListCouponsRequest,
  fromProtoRestoreCouponRequest,
  fromProtoUpdateCouponRequest,
  toProtoCoupon,
  toProtoSequence,
} from '@scrip/codec';
import { CouponSchema, type Coupon } from '@scrip/contract/coupons';
import type { Done } from '../ledger/answer.ts';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function couponRpcs({ submit, read, coupons }: CouponParts) {
  return {
    createCoupon: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateCouponRequest(request))),
    getCoupon: async (request, context) => {
      const id = fromProtoGetCouponRequest(request);
      const { value, sequence } = await read({ request, context }, id, ({ book }, named) =>
        coupons.coupon(book, named),
      );
      return { coupon: toProtoCoupon(value), sequence: toProtoSequence(sequence) };
    },
    listCoupons: async (request, context) => {
      const query = fromProtoListCouponsRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        coupons.coupons(book, asked),
      );
      const { items, facts } = toMessagesPage(told, CouponSchema, toProtoCoupon);
      return { coupons: items, ...facts };
    },
    updateCoupon: async (request, context) =>
      answerOf(await submit(context, fromProtoUpdateCouponRequest(request))),
    deleteCoupon: async (request, context) =>
      answerOf(await submit(context, fromProtoDeleteCouponRequest(request))),
    restoreCoupon: async (request, context) =>
      answerOf(await submit(context, fromProtoRestoreCouponRequest(request))),
  } satisfies Partial<CouponRpcs>;
}

/** The coupon that a change was about, as the change left it. */
function answerOf(done: Done): { readonly coupon: Coupon; readonly sequence: bigint } {
  const coupon = toProtoCoupon(recordOf(done, 'coupon'));
  return { coupon, sequence: toProtoSequence(done.sequence) };
}
