// The RPCs about memberships and what they issue.
import {
  fromProtoCreateMembershipRequest,
  fromProtoIssueMissingCreditsRequest,
  fromProtoGetMembershipRequest,
  fromProtoListMembershipsRequest,
  fromProtoNoteMembershipChargeRequest,
  fromProtoSetMembershipStatusRequest,
  toProtoCustomerCredit,
  toProtoMembership,
  toProtoSequence,
} from '@scrip/codec';
import { MembershipSchema, type CustomerCredit, type Membership } from '@scrip/contract/coupons';
import type { Done } from '../ledger/answer.ts';
import { toMessagesPage } from '../ledger/messages-page.ts';
import { recordOf, recordsOf, type CouponParts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';

export function membershipRpcs({ submit, readUpToDue, coupons }: CouponParts) {
  return {
    createMembership: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateMembershipRequest(request))),
    getMembership: async (request, context) => {
      const id = fromProtoGetMembershipRequest(request);
      const { value, sequence } = await readUpToDue({ request, context }, id, ({ book }, named) =>
        coupons.membership(book, named),
      );
      return { membership: toProtoMembership(value.value), sequence: toProtoSequence(sequence) };
    },
    listMemberships: async (request, context) => {
      const query = fromProtoListMembershipsRequest(request);
      const { value, sequence } = await readUpToDue(
        { request, context },
        query,
        ({ book }, asked) => coupons.memberships(book, asked),
      );
      const page = { value: value.value, sequence };
      const { items, facts } = toMessagesPage(page, MembershipSchema, toProtoMembership);
      return { memberships: items, ...facts };
    },
    setMembershipStatus: async (request, context) =>
      answerOf(await submit(context, fromProtoSetMembershipStatusRequest(request))),
    noteMembershipCharge: async (request, context) =>
      issuedOf(await submit(context, fromProtoNoteMembershipChargeRequest(request))),
    issueMissingCredits: async (request, context) =>
      issuedOf(await submit(context, fromProtoIssueMissingCreditsRequest(request))),
  } satisfies Partial<CouponRpcs>;
}

/** The membership that a change was about, as the change left it. */
function answerOf(done: Done): { readonly membership: Membership; readonly sequence: bigint } {
  const membership = toProtoMembership(recordOf(done, 'membership'));
  return { membership, sequence: toProtoSequence(done.sequence) };
}

/** The membership, and what it issued by the change. */
function issuedOf(done: Done): ReturnType<typeof answerOf> & {
  readonly customerCredits: CustomerCredit[];
} {
  const customerCredits = recordsOf(done, 'customer_credit').map((credit) =>
    toProtoCustomerCredit(credit, done.event.createdAt),
  );
  return { ...answerOf(done), customerCredits };
}
