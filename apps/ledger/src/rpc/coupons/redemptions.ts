// The RPCs about uses of customers' credits.
import {
  fromProtoListRedemptionsRequest,
  fromProtoRedeemCustomerCreditRequest,
  fromProtoReverseRedemptionRequest,
  toProtoCustomerCredit,
  toProtoRedemption,
  toProtoSequence,
} from '@scrip/codec';
import { RedemptionSchema, type CustomerCredit, type Redemption } from '@scrip/contract/coupons';
import type { Done } from '../ledger/answer.ts';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function redemptionRpcs({ submit, read, coupons }: CouponParts) {
  return {
    redeemCustomerCredit: async (request, context) =>
      answerOf(await submit(context, fromProtoRedeemCustomerCreditRequest(request))),
    reverseRedemption: async (request, context) =>
      answerOf(await submit(context, fromProtoReverseRedemptionRequest(request))),
    listRedemptions: async (request, context) => {
      const query = fromProtoListRedemptionsRequest(request);
      const told = await read({ request, context }, query, ({ book }, asked) =>
        coupons.redemptions(book, asked),
      );
      const { items, facts } = toMessagesPage(told, RedemptionSchema, toProtoRedemption);
      return { redemptions: items, ...facts };
    },
  } satisfies Partial<CouponRpcs>;
}

/** The credit and its use, as the change left them. */
function answerOf(done: Done): {
  readonly customerCredit: CustomerCredit;
  readonly redemption: Redemption;
  readonly sequence: bigint;
} {
  const credit = recordOf(done, 'customer_credit');
  return {
    customerCredit: toProtoCustomerCredit(credit, done.event.createdAt),
    redemption: toProtoRedemption(recordOf(done, 'redemption')),
    sequence: toProtoSequence(done.sequence),
  };
}
