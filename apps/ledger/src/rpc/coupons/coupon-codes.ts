// The RPCs about the codes of coupons.
import {
  fromProtoCreateCouponCodeRequest,
  fromProtoListCouponCodesRequest,
  toProtoCouponCode,
  toProtoSequence,
} from '@scrip/codec';
import { CouponCodeSchema } from '@scrip/contract/coupons';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function couponCodeRpcs({ submit, read, coupons }: CouponParts) {
  return {
    createCouponCode: async (request, context) => {
      const done = await submit(context, fromProtoCreateCouponCodeRequest(request));
      const couponCode = toProtoCouponCode(recordOf(done, 'coupon_code'));
      return { couponCode, sequence: toProtoSequence(done.sequence) };
    },
    listCouponCodes: async (request, context) => {
      const query = fromProtoListCouponCodesRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        coupons.couponCodes(book, asked),
      );
      const { items, facts } = toMessagesPage(told, CouponCodeSchema, toProtoCouponCode);
      return { couponCodes: items, ...facts };
    },
  } satisfies Partial<CouponRpcs>;
}
