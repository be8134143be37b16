// What a body says about a rule, as the ledger's terms.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CreditRuleTermsSchema } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { idOf } from '../act.ts';
import { frequencies } from '../words.ts';
import type { RuleBody, RulePatch } from './schemas.ts';

type Patch = Static<typeof RulePatch>;

export function ruleTermsOf(
  body: Static<typeof RuleBody> | Patch,
): MessageInitShape<typeof CreditRuleTermsSchema> {
  const { coupon_id: couponId, issuing_frequency: frequency } = body;
  return {
    membershipTypeId: body.membership_type_id ?? '',
    membershipTypeName: body.membership_type?.name ?? undefined,
    couponId: couponId === undefined ? '' : idOf(couponId),
    couponName: body.coupon_name ?? undefined,
    // The empty text is how an answer shows that there is none.
    couponDescription: body.coupon_description || undefined,
    ...(frequency === undefined ? {} : { frequency: frequencies.valueOf(frequency) }),
    rollOver: body.roll_over ?? false,
    issueOnSignup: body.issue_on_signup ?? false,
    multiUse: body.multi_use ?? false,
    forLeadBookerOnly: body.for_lead_booker_only ?? false,
  };
}

/** The ledger's names of the terms, by the fields of a body. */
export const pathsByField: ReadonlyMap<keyof Patch, string> = new Map([
  ['membership_type_id', 'membership_type_id'],
  ['membership_type', 'membership_type_name'],
  ['coupon_id', 'coupon_id'],
  ['coupon_name', 'coupon_name'],
  ['coupon_description', 'coupon_description'],
  ['issuing_frequency', 'frequency'],
  ['roll_over', 'roll_over'],
  ['issue_on_signup', 'issue_on_signup'],
  ['multi_use', 'multi_use'],
  ['for_lead_booker_only', 'for_lead_booker_only'],
]);
