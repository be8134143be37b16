// Requests that change memberships and credit rules, as commands.
import type {
  CreateCreditRuleRequest,
  CreateMembershipRequest,
  DeleteCreditRuleRequest,
  IssueMissingCreditsRequest,
  NoteMembershipChargeRequest,
  SetMembershipStatusRequest,
  UpdateCreditRuleRequest,
} from '@scrip/contract/coupons';
import {
  parseCreateCreditRule,
  parseCreateMembership,
  parseDeleteCreditRule,
  parseIssueMissingCredits,
  parseNoteMembershipCharge,
  parseSetMembershipStatus,
  parseUpdateCreditRule,
  refuseField,
  type CreateCreditRule,
  type CreateMembership,
  type DeleteCreditRule,
  type IssueMissingCredits,
  type NoteMembershipCharge,
  type Parsed,
  type SetMembershipStatus,
  type UpdateCreditRule,
} from '@scrip/kernel';
import { fromProtoOptionalRequestedTimestamp } from '../value/instant.ts';
import { wordOf } from '../value/words.ts';
import { fromProtoRequestedRuleTerms } from './from-proto-requested-terms.ts';
import { protoMembershipStatuses } from './words.ts';

export function fromProtoCreateMembershipRequest(
  request: CreateMembershipRequest,
): Parsed<CreateMembership> {
  const rule = { field: 'anchor', round: 'down' } as const;
  const anchor = fromProtoOptionalRequestedTimestamp(request.anchor, rule);
  if (anchor.kind === 'refused') return anchor;
  const status = wordOf(protoMembershipStatuses, request.status);
  return parseCreateMembership({ ...request, status, anchor: anchor.value });
}

export function fromProtoSetMembershipStatusRequest(
  request: SetMembershipStatusRequest,
): Parsed<SetMembershipStatus> {
  const status = wordOf(protoMembershipStatuses, request.status);
  if (status === undefined) return refuseField('status', 'is required');
  return parseSetMembershipStatus({ ...request, status });
}

export function fromProtoNoteMembershipChargeRequest(
  request: NoteMembershipChargeRequest,
): Parsed<NoteMembershipCharge> {
  const rule = { field: 'next_charge_at', round: 'down' } as const;
  const nextChargeAt = fromProtoOptionalRequestedTimestamp(request.nextChargeAt, rule);
  if (nextChargeAt.kind === 'refused') return nextChargeAt;
  return parseNoteMembershipCharge({ ...request, nextChargeAt: nextChargeAt.value });
}

export function fromProtoIssueMissingCreditsRequest(
  request: IssueMissingCreditsRequest,
): Parsed<IssueMissingCredits> {
  return parseIssueMissingCredits(request);
}

export function fromProtoCreateCreditRuleRequest(
  request: CreateCreditRuleRequest,
): Parsed<CreateCreditRule> {
  const terms = fromProtoRequestedRuleTerms(request.terms);
  if (terms.kind === 'refused') return terms;
  const { idempotencyKey } = request;
  return parseCreateCreditRule({ terms: terms.value, idempotencyKey });
}

export function fromProtoUpdateCreditRuleRequest(
  request: UpdateCreditRuleRequest,
): Parsed<UpdateCreditRule> {
  const terms = fromProtoRequestedRuleTerms(request.terms);
  if (terms.kind === 'refused') return terms;
  const { creditRuleId: ruleId, updateMask, idempotencyKey } = request;
  const fieldNames = updateMask?.paths;
  return parseUpdateCreditRule({ ruleId, terms: terms.value, fieldNames, idempotencyKey });
}

export function fromProtoDeleteCreditRuleRequest({
  creditRuleId: ruleId,
  idempotencyKey,
}: DeleteCreditRuleRequest): Parsed<DeleteCreditRule> {
  return parseDeleteCreditRule({ ruleId, idempotencyKey });
}
