// Refusals about coupons and what comes of them that several decisions share.
import type { BookState } from '../book/book-state.ts';
import type {
  CustomerCredit,
  CustomerCreditId,
  CustomerCreditStatus,
} from '../customer-credit/customer-credit.ts';
import type { Membership, MembershipId } from '../membership/membership.ts';
import { parsed, refuse, type Parsed, type Refusal } from '../value/refusal.ts';
import type { Coupon, CouponId } from './coupon.ts';

/** No such coupon in this book. */
export function refuseUnknownCoupon(coupon: string): Refusal {
  return refuse('COUPON_NOT_FOUND', 'No such coupon.', { coupon });
}

/** No such credit in this book, or of this customer. */
export function refuseUnknownCredit(credit: string): Refusal {
  return refuse('CUSTOMER_CREDIT_NOT_FOUND', 'No such credit.', { customer_credit: credit });
}

/** No such redemption in this book, or of this credit. */
export function refuseUnknownRedemption(redemption: string): Refusal {
  return refuse('REDEMPTION_NOT_FOUND', 'No such redemption.', { redemption });
}

/** No such membership in this book. */
export function refuseUnknownMembership(membership: string): Refusal {
  return refuse('MEMBERSHIP_NOT_FOUND', 'No such membership.', { membership });
}

/** No such rule in this book. */
export function refuseUnknownRule(rule: string): Refusal {
  return refuse('CREDIT_RULE_NOT_FOUND', 'No such rule.', { credit_rule: rule });
}

/** Nothing in this book names the customer. */
export function refuseUnknownCustomer(customer: string): Refusal {
  return refuse('CUSTOMER_NOT_FOUND', 'No such customer.', { customer });
}

/** The credit has ended. `status` says how. */
export function refuseEndedCredit(
  credit: CustomerCredit,
  status: Exclude<CustomerCreditStatus, 'active'>,
): Refusal {
  const metadata = { customer_credit_id: credit.id, status };
  return refuse('CUSTOMER_CREDIT_NOT_ACTIVE', endings[status], metadata);
}

const endings = {
  revoked: 'The credit was revoked.',
  redeemed: 'The credit has been redeemed.',
  expired: 'The credit has expired.',
} as const;

/** The membership that is named, if it is there and active. */
export function findActiveMembership(state: BookState, id: string): Parsed<Membership> {
  const membership = state.coupons.memberships.get(id as MembershipId);
  if (membership === undefined) return refuseUnknownMembership(id);
  if (membership.status === 'active') return parsed(membership);
  const metadata = { membership_id: membership.id, status: membership.status };
  return refuse('MEMBERSHIP_NOT_ACTIVE', 'The membership is not active.', metadata);
}

/** The coupon that is named, if it is there and may be issued from. */
export function findIssuableCoupon(state: BookState, id: string): Parsed<Coupon> {
  const coupon = state.coupons.coupons.get(id as CouponId);
  if (coupon === undefined) return refuseUnknownCoupon(id);
  if (coupon.deletedAt === undefined) return parsed(coupon);
  return refuse('COUPON_DELETED', 'The coupon is deleted.', { coupon_id: coupon.id });
}

/** The credit that is named, if it is there and the customer's who is named. */
export function findCredit(
  state: BookState,
  named: { readonly customerCreditId: string; readonly customerId?: string },
): Parsed<CustomerCredit> {
  const { customerCreditId, customerId } = named;
  const credit = state.coupons.credits.get(customerCreditId as CustomerCreditId);
  const isMeant = customerId === undefined || credit?.customerId === customerId;
  return credit === undefined || !isMeant ? refuseUnknownCredit(customerCreditId) : parsed(credit);
}
