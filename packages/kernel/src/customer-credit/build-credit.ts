// A credit as it is issued: what it says about its coupon is copied, and never changes again.
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { Coupon, CouponCode, CouponCodeId } from '../coupon/coupon.ts';
import type { RuleIssue } from '../credit-rule/credit-rule.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import type { CustomerCredit, CustomerCreditId } from './customer-credit.ts';

/** What is particular to one issue. */
export interface Issue {
  readonly coupon: Coupon;
  readonly customerId: string;
  readonly membershipId?: string;
  readonly ruleIssue?: RuleIssue;
  /** What the credits say, where it is not what the coupon does. */
  readonly said?: {
    readonly couponName: string;
    readonly couponDescription?: string;
    readonly multiUse: boolean;
    readonly forLeadBookerOnly: boolean;
  };
  readonly revenue?: bigint;
  readonly issuedAt: Instant;
  readonly expiresAt?: Instant;
  /** Its number among the credits of its event. */
  readonly line: number;
}

/** A credit and the code that stands for it. */
export interface IssuedCredit {
  readonly credit: CustomerCredit;
  readonly couponCode: CouponCode;
}

/** Builds a credit that the next event issues. */
export function buildCredit(state: BookState, issue: Issue): IssuedCredit {
  const { ids, instant } = state;
  const { coupon, customerId, issuedAt, line } = issue;
  const made = { createdAt: instant, sequence: nextSequence(state) };
  const { sequence } = made;
  const place = { kind: 'coupon_code', sequence, line } as const;
  const id = ids.recordId({ ...place, kind: 'customer_credit' }, instant) as CustomerCreditId;
  const code = ids.madeUpCode(place);
  const expires = present('expiresAt', issue.expiresAt);
  const said = issue.said ?? saidBy(coupon);
  const credit: CustomerCredit = {
    id,
    customerId,
    couponId: coupon.id,
    ...present('membershipId', issue.membershipId),
    ...said,
    couponCode: code,
    value: coupon.terms.value,
    ...present('revenue', issue.revenue),
    useCount: 0,
    issuedAt,
    ...expires,
    ...present('ruleIssue', issue.ruleIssue),
    ...made,
    updatedAt: instant,
  };
  const couponCode: CouponCode = {
    id: ids.recordId(place, instant) as CouponCodeId,
    couponId: coupon.id,
    code,
    ...present('validTo', issue.expiresAt),
    multiUse: said.multiUse,
    customerId,
    customerCreditId: id,
    ...made,
  };
  return { credit, couponCode };
}

function saidBy({ terms }: Coupon): NonNullable<Issue['said']> {
  const { name, description, multiUse, forLeadBookerOnly } = terms;
  const described = present('couponDescription', description);
  return { couponName: name, ...described, multiUse, forLeadBookerOnly };
}
