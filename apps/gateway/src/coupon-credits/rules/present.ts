// Membership credit rules as this API shows them.
import type { CreditRule } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { known } from '../../known.ts';
import { offsetInstant, offsetInstantOrNull } from '../instant.ts';
import { frequencies } from '../words.ts';
import type { RuleSchema } from './schemas.ts';

export function presentRule(rule: CreditRule | undefined): Static<typeof RuleSchema> {
  const { id, terms: found, createdAt, updatedAt, deletedAt } = known(rule);
  const terms = known(found);
  const { membershipTypeId, membershipTypeName: name } = terms;
  return {
    id,
    membership_type_id: membershipTypeId,
    ...(name === undefined ? {} : { membership_type: { id: membershipTypeId, name } }),
    coupon_id: terms.couponId,
    coupon_name: terms.couponName ?? '',
    coupon_description: terms.couponDescription ?? '',
    roll_over: terms.rollOver,
    issue_on_signup: terms.issueOnSignup,
    multi_use: terms.multiUse,
    for_lead_booker_only: terms.forLeadBookerOnly,
    issuing_frequency: frequencies.wordOf(terms.frequency),
    created_at: offsetInstant(createdAt),
    updated_at: offsetInstant(updatedAt),
    deleted_at: offsetInstantOrNull(deletedAt),
  };
}
