// The RPCs about customers' credits.
import {
  fromProtoGetCustomerCreditRequest,
  fromProtoIssueCustomerCreditRequest,
  fromProtoListCustomerCreditsRequest,
  fromProtoRevokeCustomerCreditRequest,
  toProtoCustomerCredit,
  toProtoSequence,
} from '@scrip/codec';
import { CustomerCreditSchema, type CustomerCredit } from '@scrip/contract/coupons';
import type { Done } from '../ledger/answer.ts';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function customerCreditRpcs({ submit, read, readUpToDue, coupons }: CouponParts) {
  return {
    issueCustomerCredit: async (request, context) =>
      answerOf(await submit(context, fromProtoIssueCustomerCreditRequest(request))),
    getCustomerCredit: async (request, context) => {
      const query = fromProtoGetCustomerCreditRequest(request);
      const { value, sequence } = await read({ request, context }, query, ({ book }, named) =>
        coupons.customerCredit(book, named),
      );
      return {
        customerCredit: toProtoCustomerCredit(value.value, value.instant),
        sequence: toProtoSequence(sequence),
      };
    },
    listCustomerCredits: async (request, context) => {
      const query = fromProtoListCustomerCreditsRequest(request);
      const { value, sequence } = await readUpToDue(
        { request, context },
        query,
        ({ book }, asked) => coupons.customerCredits(book, asked),
      );
      const { value: page, instant } = value;
      const { items, facts } = toMessagesPage(
        { value: page, sequence },
        CustomerCreditSchema,
        (credit) => toProtoCustomerCredit(credit, instant),
      );
      return { customerCredits: items, ...facts };
    },
    revokeCustomerCredit: async (request, context) =>
      answerOf(await submit(context, fromProtoRevokeCustomerCreditRequest(request))),
  } satisfies Partial<CouponRpcs>;
}

/** The credit that a change was about, as the change left it. */
function answerOf(done: Done): {
  readonly customerCredit: CustomerCredit;
  readonly sequence: bigint;
} {
  const credit = recordOf(done, 'customer_credit');
  return {
    customerCredit: toProtoCustomerCredit(credit, done.event.createdAt),
    sequence: toProtoSequence(done.sequence),
  };
}
