// Commands on credit rules, and how they are made from unchecked input.
import { parseFieldNames } from '../coupon/commands.ts';
import { parseRecordId } from '../coupon/parse-record-id.ts';
import { parseOptionalIdempotencyKey, type OptionallyKeyed } from '../value/idempotency-key.ts';
import { parseCommand, parseFields } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, within, type Parsed } from '../value/refusal.ts';
import { parseOptionalText, parseText } from '../value/text.ts';
import type { CreditRuleTerms, IssuingFrequency } from './credit-rule.ts';

/** The terms of a rule, as they came in. */
export interface UncheckedCreditRuleTerms {
  readonly membershipTypeId?: string | undefined;
  readonly membershipTypeName?: string | undefined;
  readonly couponId?: string | undefined;
  readonly couponName?: string | undefined;
  readonly couponDescription?: string | undefined;
  readonly frequency?: IssuingFrequency | undefined;
  readonly rollOver?: boolean | undefined;
  readonly issueOnSignup?: boolean | undefined;
  readonly multiUse?: boolean | undefined;
  readonly forLeadBookerOnly?: boolean | undefined;
}

/** Terms whose form was checked. What the credits are called may be left to the coupon. */
export type RequestedCreditRuleTerms = Omit<CreditRuleTerms, 'couponId' | 'couponName'> & {
  readonly couponId: string;
  readonly couponName?: string;
};

/** Makes a rule. */
export interface CreateCreditRule {
  readonly kind: 'create_credit_rule';
  readonly terms: RequestedCreditRuleTerms;
  readonly idempotencyKey?: string;
}

/** Gives a rule other terms. */
export interface UpdateCreditRule {
  readonly kind: 'update_credit_rule';
  readonly ruleId: string;
  /** As they came in, the id in small letters: only what is named is looked at, with the rule's. */
  readonly terms: UncheckedCreditRuleTerms;
  /** What `terms` replaces. */
  readonly fields: readonly (keyof CreditRuleTerms)[];
  readonly idempotencyKey?: string;
}

/** Deletes a rule. */
export interface DeleteCreditRule {
  readonly kind: 'delete_credit_rule';
  readonly ruleId: string;
  readonly idempotencyKey?: string;
}

const fieldNames = {
  membership_type_id: 'membershipTypeId',
  membership_type_name: 'membershipTypeName',
  coupon_id: 'couponId',
  coupon_name: 'couponName',
  coupon_description: 'couponDescription',
  frequency: 'frequency',
  roll_over: 'rollOver',
  issue_on_signup: 'issueOnSignup',
  multi_use: 'multiUse',
  for_lead_booker_only: 'forLeadBookerOnly',
} as const satisfies Record<string, keyof CreditRuleTerms>;

/** Checks a request for a rule. Refuses with the field named. */
export function parseCreateCreditRule(
  unchecked: { readonly terms: UncheckedCreditRuleTerms } & OptionallyKeyed,
): Parsed<CreateCreditRule> {
  return parseCommand('create_credit_rule', {
    terms: parseCreditRuleTerms(unchecked.terms),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks the form of a request for other terms, as `parseUpdateCoupon` does. */
export function parseUpdateCreditRule(
  unchecked: {
    readonly ruleId: string;
    readonly terms: UncheckedCreditRuleTerms;
    readonly fieldNames?: readonly string[] | undefined;
  } & OptionallyKeyed,
): Parsed<UpdateCreditRule> {
  // The coupon is looked up before the terms are judged, by the letters that ids have.
  const couponId = unchecked.terms.couponId?.toLowerCase();
  return parseCommand('update_credit_rule', {
    ruleId: parseRecordId(unchecked.ruleId, 'credit_rule_id'),
    fields: parseFieldNames(fieldNames, unchecked.fieldNames),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
    terms: parsed({ ...unchecked.terms, ...present('couponId', couponId) }),
  });
}

/** Checks a request to delete a rule. */
export function parseDeleteCreditRule(
  unchecked: { readonly ruleId: string } & OptionallyKeyed,
): Parsed<DeleteCreditRule> {
  return parseCommand('delete_credit_rule', {
    ruleId: parseRecordId(unchecked.ruleId, 'credit_rule_id'),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

/** Checks all terms of a rule. */
export function parseCreditRuleTerms(
  unchecked: UncheckedCreditRuleTerms,
): Parsed<RequestedCreditRuleTerms> {
  return within('terms', parseFieldsOf(unchecked));
}

function parseFieldsOf(unchecked: UncheckedCreditRuleTerms): Parsed<RequestedCreditRuleTerms> {
  const typeName = { field: 'membership_type_name', lengthMax: 120 };
  const description = { field: 'coupon_description', lengthMax: 1_000 };
  const type = { field: 'membership_type_id', lengthMax: 255 };
  const fields = parseFields({
    membershipTypeId: parseText(unchecked.membershipTypeId ?? '', type),
    membershipTypeName: parseOptionalText(unchecked.membershipTypeName, typeName),
    couponId: parseRecordId(unchecked.couponId ?? '', 'coupon_id'),
    couponName: parseOptionalText(unchecked.couponName, { field: 'coupon_name', lengthMax: 120 }),
    couponDescription: parseOptionalText(unchecked.couponDescription, description),
    frequency: parseFrequency(unchecked.frequency),
  });
  if (fields.kind === 'refused') return fields;
  return parsed({
    ...fields.value,
    rollOver: unchecked.rollOver === true,
    issueOnSignup: unchecked.issueOnSignup === true,
    multiUse: unchecked.multiUse === true,
    forLeadBookerOnly: unchecked.forLeadBookerOnly === true,
  });
}

function parseFrequency(frequency: IssuingFrequency | undefined): Parsed<IssuingFrequency> {
  return frequency === undefined ? refuseField('frequency', 'is required') : parsed(frequency);
}
