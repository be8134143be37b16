// The change that a membership's issues make: the credits, and the membership that remembers them.
import type { BookState } from '../book/book-state.ts';
import type { CouponChange } from '../coupon/coupon-change.ts';
import type { Coupon } from '../coupon/coupon.ts';
import type { CreditRule } from '../credit-rule/credit-rule.ts';
import { buildCredit, type IssuedCredit } from '../customer-credit/build-credit.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import type { DueIssue } from './issues.ts';
import { noteIssue, type IssueOccasion, type Membership } from './membership.ts';

/** An occasion on which a membership issues. */
export interface Issuing {
  /** As it is after the occasion, but for the issues. */
  readonly membership: Membership;
  readonly occasion: IssueOccasion;
  readonly issues: readonly DueIssue[];
  /** When a period began; absent where a caller gave the occasion. */
  readonly dueAt?: Instant;
}

/** Issues. A deleted coupon issues nothing: once it is restored it may be asked for. */
export function issueCredits(state: BookState, issuing: Issuing): CouponChange {
  const { occasion, dueAt } = issuing;
  let { lastIssues } = issuing.membership;
  const issued: IssuedCredit[] = [];
  for (const issue of issuing.issues) {
    const built = build(state, issuing, { issue, line: issued.length });
    if (built === undefined) continue;
    issued.push(built);
    lastIssues = noteIssue(lastIssues, issue.ruleIssue);
  }
  return {
    kind: 'membership_credits_issued',
    membership: { ...issuing.membership, lastIssues, updatedAt: state.instant },
    occasion,
    credits: issued.map(({ credit }) => credit),
    couponCodes: issued.map(({ couponCode }) => couponCode),
    ...present('dueAt', dueAt),
  };
}

function build(
  state: BookState,
  { membership, dueAt }: Issuing,
  { issue, line }: { readonly issue: DueIssue; readonly line: number },
): IssuedCredit | undefined {
  const { couponName, couponDescription, multiUse, forLeadBookerOnly } = issue.rule.terms;
  const coupon = couponToIssue(state, issue.rule);
  if (coupon === undefined) return undefined;
  const described = present('couponDescription', couponDescription);
  return buildCredit(state, {
    coupon,
    customerId: membership.customerId,
    membershipId: membership.id,
    ruleIssue: issue.ruleIssue,
    said: { couponName, ...described, multiUse, forLeadBookerOnly },
    issuedAt: dueAt ?? state.instant,
    ...present('expiresAt', issue.expiresAt),
    line,
  });
}

/** The coupon of a rule, unless it is deleted. */
function couponToIssue(state: BookState, { terms }: CreditRule): Coupon | undefined {
  const coupon = state.coupons.coupons.get(terms.couponId);
  return coupon?.deletedAt === undefined ? coupon : undefined;
}

/** The skipped periods that may be asked for again: only deleted coupons kept them from issuing. */
export function withheldPeriods(state: BookState, issues: readonly DueIssue[]): readonly number[] {
  const withheld = new Set<number>();
  const issued = new Set<number>();
  for (const { rule, skippedPeriod } of issues) {
    if (skippedPeriod === undefined) continue;
    const isIssued = couponToIssue(state, rule) !== undefined;
    (isIssued ? issued : withheld).add(skippedPeriod);
  }
  // A period of which something was issued is over: nothing is issued twice.
  return [...withheld].filter((period) => !issued.has(period)).toSorted((a, b) => a - b);
}
