// Requests that read coupons and what comes of them, as queries of the reader.
import type {
  GetCouponRequest,
  GetCreditRuleRequest,
  GetCustomerCreditRequest,
  GetMembershipRequest,
  ListCouponCodesRequest,
  ListCouponsRequest,
  ListCreditRulesRequest,
  ListCustomerCreditsRequest,
  ListMembershipsRequest,
  ListRedemptionsRequest,
} from '@scrip/contract/coupons';
import type {
  CouponCodesQuery,
  CouponsQuery,
  CreditRulesQuery,
  CustomerCreditsQuery,
  ListRequest,
  MembershipsQuery,
  RedemptionsQuery,
} from '@scrip/engine';
import { parsed, parseOptionalText, parseText, present, type Parsed } from '@scrip/kernel';
import { pageSizeOf } from '../read/from-proto-page.ts';
import { wordOf } from '../value/words.ts';
import { protoRedemptionTypes } from './words.ts';

export function fromProtoGetCouponRequest({ couponId }: GetCouponRequest): Parsed<string> {
  return parsed(couponId);
}

export function fromProtoListCouponsRequest(request: ListCouponsRequest): Parsed<CouponsQuery> {
  return parsed({
    ...present('redemptionType', wordOf(protoRedemptionTypes, request.redemptionType)),
    includeDeleted: request.includeDeleted,
    list: fromProtoList(request),
  });
}

export function fromProtoListCouponCodesRequest(
  request: ListCouponCodesRequest,
): Parsed<CouponCodesQuery> {
  return parsed({ couponId: request.couponId, list: fromProtoList(request) });
}

/** Which credit, and whose it must be. */
export type CustomerCreditQuery = {
  readonly customerCreditId: string;
  readonly customerId?: string;
};

export function fromProtoGetCustomerCreditRequest(
  request: Pick<GetCustomerCreditRequest, 'customerCreditId' | 'customerId'>,
): Parsed<CustomerCreditQuery> {
  const { customerCreditId } = request;
  const customerId = parseOptionalText(request.customerId, customerRule);
  if (customerId.kind === 'refused') return customerId;
  return parsed({ customerCreditId, ...present('customerId', customerId.value) });
}

export function fromProtoListCustomerCreditsRequest(
  request: ListCustomerCreditsRequest,
): Parsed<CustomerCreditsQuery> {
  const customerId = parseText(request.customerId, customerRule);
  if (customerId.kind === 'refused') return customerId;
  const { includeRedeemed, includeExpired, includeRevoked, multiUse } = request;
  return parsed({
    customerId: customerId.value,
    includeRedeemed,
    includeExpired,
    includeRevoked,
    ...present('multiUse', multiUse),
    list: fromProtoList(request),
  });
}

export function fromProtoListRedemptionsRequest(
  request: ListRedemptionsRequest,
): Parsed<RedemptionsQuery> {
  const credit = fromProtoGetCustomerCreditRequest(request);
  if (credit.kind === 'refused') return credit;
  return parsed({ ...credit.value, list: fromProtoList(request) });
}

export function fromProtoGetMembershipRequest({
  membershipId,
}: GetMembershipRequest): Parsed<string> {
  return parsed(membershipId);
}

export function fromProtoListMembershipsRequest(
  request: ListMembershipsRequest,
): Parsed<MembershipsQuery> {
  const customerId = parseOptionalText(request.customerId, customerRule);
  if (customerId.kind === 'refused') return customerId;
  const membershipTypeId = parseOptionalText(request.membershipTypeId, typeRule);
  if (membershipTypeId.kind === 'refused') return membershipTypeId;
  return parsed({
    ...present('customerId', customerId.value),
    ...present('membershipTypeId', membershipTypeId.value),
    list: fromProtoList(request),
  });
}

export function fromProtoGetCreditRuleRequest({
  creditRuleId,
}: GetCreditRuleRequest): Parsed<string> {
  return parsed(creditRuleId);
}

export function fromProtoListCreditRulesRequest(
  request: ListCreditRulesRequest,
): Parsed<CreditRulesQuery> {
  const membershipTypeId = parseOptionalText(request.membershipTypeId, typeRule);
  if (membershipTypeId.kind === 'refused') return membershipTypeId;
  return parsed({
    ...present('membershipTypeId', membershipTypeId.value),
    list: fromProtoList(request),
  });
}

const customerRule = { field: 'customer_id', lengthMax: 255 };
const typeRule = { field: 'membership_type_id', lengthMax: 255 };

/** Which part of a list is asked for. The contract bounds its size and what is skipped. */
function fromProtoList(request: {
  readonly pageSize: number;
  readonly startingAfter?: string | undefined;
  readonly skip: number;
  readonly countTotal: boolean;
}): ListRequest {
  const { skip, countTotal } = request;
  const after = present('after', request.startingAfter);
  return { size: pageSizeOf(request), ...after, skip, countTotal };
}
