// May this credit be issued by hand?
import type { BookState } from '../book/book-state.ts';
import { accept, type Decision } from '../book/decision.ts';
import { findIssuableCoupon, refuseUnknownMembership } from '../coupon/refusals.ts';
import type { MembershipId } from '../membership/membership.ts';
import { addPeriods } from '../schedule/calendar.ts';
import { present } from '../value/present.ts';
import { refuseField, type Refusal } from '../value/refusal.ts';
import { buildCredit } from './build-credit.ts';
import type { IssueCustomerCredit } from './commands.ts';

/** Decides an issue. It ends when it says, else after the coupon's validity period, else never. */
export function decideIssueCredit(state: BookState, command: IssueCustomerCredit): Decision {
  const found = findIssuableCoupon(state, command.couponId);
  if (found.kind === 'refused') return found;
  const refusal = judgeMembership(state, command) ?? judgeEnd(state, command);
  if (refusal !== undefined) return refusal;
  const coupon = found.value;
  const { validityPeriod } = coupon.terms;
  const validTo = validityPeriod && addPeriods(state.instant, validityPeriod, 1);
  const issued = buildCredit(state, {
    coupon,
    customerId: command.customerId,
    ...present('membershipId', command.membershipId),
    ...present('revenue', command.revenue),
    issuedAt: state.instant,
    ...present('expiresAt', command.expiresAt ?? validTo),
    line: 0,
  });
  return accept(state, command, { kind: 'customer_credit_issued', ...issued });
}

function judgeMembership(state: BookState, command: IssueCustomerCredit): Refusal | undefined {
  const { membershipId, customerId } = command;
  if (membershipId === undefined) return undefined;
  const membership = state.coupons.memberships.get(membershipId as MembershipId);
  if (membership === undefined) return refuseUnknownMembership(membershipId);
  return membership.customerId === customerId
    ? undefined
    : refuseField('membership_id', 'is of another customer');
}

function judgeEnd(state: BookState, { expiresAt }: IssueCustomerCredit): Refusal | undefined {
  return expiresAt !== undefined && expiresAt <= state.instant
    ? refuseField('expires_at', 'is not in the future')
    : undefined;
}
