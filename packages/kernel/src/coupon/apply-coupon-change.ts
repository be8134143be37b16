// What an event about coupons does to the state, and what it can never say.
import type { BookEvent } from '../book/event.ts';
import type { CustomerCredit } from '../customer-credit/customer-credit.ts';
import type { Membership } from '../membership/membership.ts';
import type { RuleIssue } from '../credit-rule/credit-rule.ts';
import { assert } from '../value/assert.ts';
import { recordsOfChange, type CouponChange, type CouponRecord } from './coupon-change.ts';
import { putCouponRecord, type CouponState } from './coupon-state.ts';

/** Applies a change. What a state does not have of the records before it is not compared. */
export function applyCouponChange(
  state: CouponState,
  event: BookEvent,
  change: CouponChange,
): void {
  if (change.kind === 'membership_credits_issued') checkIssues(state, change);
  for (const each of recordsOfChange(change)) {
    checkRecord(state, each);
    putCouponRecord(state, each, event);
  }
}

function checkRecord(state: CouponState, each: CouponRecord): void {
  switch (each.kind) {
    case 'customer_credit': {
      const before = state.credits.get(each.record.id);
      if (before !== undefined) checkCredit(before, each.record);
      break;
    }
    case 'redemption': {
      const before = state.redemptions.get(each.record.id);
      assert(before?.reversedAt === undefined, 'a use is undone once');
      break;
    }
    case 'membership': {
      const before = state.memberships.get(each.record.id);
      if (before !== undefined) checkMembership(before, each.record);
      break;
    }
    case 'coupon_uses':
      assert(
        each.record.all >= 0 && each.record.day >= 0,
        'no more uses are undone than there are',
      );
      break;
    case 'coupon':
    case 'coupon_code':
    case 'credit_rule':
  }
}

function checkCredit(before: CustomerCredit, after: CustomerCredit): void {
  assert(before.customerId === after.customerId, 'a credit stays with its customer');
  assert(before.expiresAt === after.expiresAt, 'the end of a credit is fixed at its issue');
  assert(
    before.revokedAt === undefined || after.revokedAt === before.revokedAt,
    'a revoked credit stays revoked',
  );
  assert(after.useCount >= 0, 'no more uses are undone than there are');
  const isUsed = after.useCount > before.useCount;
  assert(!isUsed || before.revokedAt === undefined, 'a revoked credit is not used');
  assert(!isUsed || before.redeemedAt === undefined, 'a single-use credit is used once');
}

function checkMembership(before: Membership, after: Membership): void {
  assert(before.customerId === after.customerId, 'a membership stays with its customer');
  assert(after.nextPeriod >= before.nextPeriod, 'a period begins once');
  assert(after.chargeCount >= before.chargeCount, 'a charge counts once');
}

/** No rule issues twice for a period. Without the membership only the event itself is looked at. */
function checkIssues(
  state: CouponState,
  { membership, credits, occasion }: CouponChange & { readonly kind: 'membership_credits_issued' },
): void {
  const before = state.memberships.get(membership.id);
  const seen = new Set<string>();
  for (const { ruleIssue } of credits) {
    assert(ruleIssue !== undefined, 'a credit of a membership is of a rule');
    const key = issueKey(ruleIssue);
    assert(!seen.has(key), 'a rule issues once for a period');
    seen.add(key);
    const last = before?.lastIssues.find(
      (each) => each.ruleId === ruleIssue.ruleId && each.frequency === ruleIssue.frequency,
    );
    // What was skipped comes later than what began after it, as a sign-up may after a charge.
    const isFirst = occasion === 'sign_up' && before?.nextPeriod === 0;
    const isLate = occasion === 'request' || isFirst;
    const isOther = isLate && last?.period !== ruleIssue.period;
    assert(
      last === undefined || isOther || ruleIssue.period > last.period,
      'a rule issues once for a period',
    );
  }
}

/** Names what a rule issues once. With the membership it is unique in the book. */
function issueKey({ ruleId, frequency, period }: RuleIssue): string {
  return `${ruleId} ${frequency} ${period}`;
}
