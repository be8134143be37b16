// Requests that change customers' credits, as commands.
import {
  Weekday,
  type IssueCustomerCreditRequest,
  type RedeemCustomerCreditRequest,
  type ReverseRedemptionRequest,
  type RevokeCustomerCreditRequest,
} from '@scrip/contract/coupons';
import {
  parsed,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  refuseField,
  type IssueCustomerCredit,
  type Offering,
  type Parsed,
  type RedeemCustomerCredit,
  type ReverseRedemption,
  type RevokeCustomerCredit,
} from '@scrip/kernel';
import { fromProtoOptionalRequestedTimestamp } from '../value/instant.ts';
import { wordOf } from '../value/words.ts';
import { protoOfferingTypes, protoWeekdays } from './words.ts';

export function fromProtoIssueCustomerCreditRequest(
  request: IssueCustomerCreditRequest,
): Parsed<IssueCustomerCredit> {
  const rule = { field: 'expires_at', round: 'down' } as const;
  const expiresAt = fromProtoOptionalRequestedTimestamp(request.expiresAt, rule);
  if (expiresAt.kind === 'refused') return expiresAt;
  return parseIssueCustomerCredit({ ...request, expiresAt: expiresAt.value });
}

export function fromProtoRedeemCustomerCreditRequest(
  request: RedeemCustomerCreditRequest,
): Parsed<RedeemCustomerCredit> {
  const offering = fromProtoOffering(request.offering);
  if (offering.kind === 'refused') return offering;
  const weekday =
    request.weekday === Weekday.UNSPECIFIED ? undefined : wordOf(protoWeekdays, request.weekday);
  return parseRedeemCustomerCredit({ ...request, offering: offering.value, weekday });
}

export function fromProtoReverseRedemptionRequest(
  request: ReverseRedemptionRequest,
): Parsed<ReverseRedemption> {
  return parseReverseRedemption(request);
}

export function fromProtoRevokeCustomerCreditRequest(
  request: RevokeCustomerCreditRequest,
): Parsed<RevokeCustomerCredit> {
  return parseRevokeCustomerCredit(request);
}

function fromProtoOffering(
  offering: RedeemCustomerCreditRequest['offering'],
): Parsed<Offering | undefined> {
  if (offering === undefined) return parsed(undefined);
  const type = wordOf(protoOfferingTypes, offering.type);
  if (type === undefined) return refuseField('offering.type', 'is required');
  return parsed({ type, id: offering.id });
}
