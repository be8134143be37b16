// Memberships as this API shows them.
import type { CustomerCredit, Membership } from '@scrip/contract/coupons';
import type { Static } from 'typebox';
import { known } from '../../known.ts';
import { presentCredit } from '../credits/present.ts';
import { offsetInstant, offsetInstantOrNull } from '../instant.ts';
import { membershipStatuses } from '../words.ts';
import type { IssuedSchema, MembershipSchema } from './schemas.ts';

export function presentMembership(
  membership: Membership | undefined,
): Static<typeof MembershipSchema> {
  const { id, customerId, membershipTypeId, status, ...rest } = known(membership);
  return {
    id,
    customer_id: customerId,
    membership_type_id: membershipTypeId,
    status: membershipStatuses.wordOf(status),
    anchor: offsetInstant(rest.anchor),
    active_since: offsetInstantOrNull(rest.activeSince),
    next_period_at: offsetInstantOrNull(rest.nextPeriodAt),
    created_at: offsetInstant(rest.createdAt),
    updated_at: offsetInstant(rest.updatedAt),
  };
}

/** A membership, with what it issued. */
export function presentIssued(answer: {
  readonly membership?: Membership | undefined;
  readonly customerCredits: readonly CustomerCredit[];
}): Static<typeof IssuedSchema> {
  return {
    ...presentMembership(answer.membership),
    customer_credits: answer.customerCredits.map(presentCredit),
  };
}
