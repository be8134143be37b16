// The decision on coupons and what comes of them, with the periods of a membership booked first.
import { applyEvent } from '../book/apply.ts';
import type { BookState } from '../book/book-state.ts';
import type { Accepted, Decision } from '../book/decision.ts';
import type { BookEvent } from '../book/event.ts';
import { overlayCoupons } from '../book/overlay.ts';
import {
  decideCreateCreditRule,
  decideDeleteCreditRule,
  decideUpdateCreditRule,
} from '../credit-rule/decide-credit-rule.ts';
import { decideIssueCredit } from '../customer-credit/decide-issue-credit.ts';
import {
  decideRedeemCredit,
  decideReverseRedemption,
} from '../customer-credit/decide-redeem-credit.ts';
import { decideRevokeCredit } from '../customer-credit/decide-revoke-credit.ts';
import type { BookMembershipPeriods } from '../membership/commands.ts';
import {
  decideSetMembershipStatus,
  decideCreateMembership,
  decideIssueMissingCredits,
  decideNoteCharge,
} from '../membership/decide-membership.ts';
import type { MembershipId } from '../membership/membership.ts';
import { settleMembership } from '../membership/settle-membership.ts';
import { membershipIdOf, type CouponCommand } from './coupon-command.ts';
import {
  decideCreateCoupon,
  decideDeleteOrRestoreCoupon,
  decideUpdateCoupon,
} from './decide-coupon.ts';
import { decideCreateCouponCode } from './decide-coupon-code.ts';
import { refuseUnknownMembership } from './refusals.ts';

/**
 * Decides a command on coupons. The periods of the membership that it names are judged as begun
 * by the state's instant, and booked before it if it is accepted; a sign-up that is now follows.
 */
export function decideCouponCommand(state: BookState, command: CouponCommand): Decision {
  if (command.kind === 'book_membership_periods') return decidePeriods(state, command);
  const settled = settleMembership(state, membershipIdOf(command));
  const decision = judge(settled.state, command);
  if (decision.kind !== 'accepted') return decision;
  return surround(decision, settled.events, followUps(settled.state, decision));
}

/** Periods that one command books: after a long stop a membership has many, and others wait. */
const bookedPeriodCountMax = 50;

function decidePeriods(state: BookState, command: BookMembershipPeriods): Decision {
  const { membershipId } = command;
  if (!state.coupons.memberships.has(membershipId as MembershipId)) {
    return refuseUnknownMembership(membershipId);
  }
  const { events } = settleMembership(state, membershipId, bookedPeriodCountMax);
  const last = events.at(-1);
  if (last === undefined) return { kind: 'unchanged' };
  return surround({ kind: 'accepted', event: last }, events.slice(0, -1), []);
}

/** The sign-up of a membership that begins with an event, or the period that does. */
function followUps(state: BookState, { event }: Accepted): readonly BookEvent[] {
  const { change } = event;
  const isMembership =
    change.kind === 'membership_created' || change.kind === 'membership_status_changed';
  if (!isMembership) return [];
  const after = overlayCoupons(state);
  applyEvent(after, event);
  return settleMembership(after, change.membership.id).events;
}

function surround(
  accepted: Accepted,
  before: readonly BookEvent[],
  after: readonly BookEvent[],
): Accepted {
  return {
    ...accepted,
    ...(before.length === 0 ? {} : { before }),
    ...(after.length === 0 ? {} : { after }),
  };
}

function judge(state: BookState, command: Exclude<CouponCommand, BookMembershipPeriods>): Decision {
  switch (command.kind) {
    case 'create_coupon':
      return decideCreateCoupon(state, command);
    case 'update_coupon':
      return decideUpdateCoupon(state, command);
    case 'delete_coupon':
    case 'restore_coupon':
      return decideDeleteOrRestoreCoupon(state, command);
    case 'create_coupon_code':
      return decideCreateCouponCode(state, command);
    case 'issue_customer_credit':
      return decideIssueCredit(state, command);
    case 'redeem_customer_credit':
      return decideRedeemCredit(state, command);
    case 'reverse_redemption':
      return decideReverseRedemption(state, command);
    case 'revoke_customer_credit':
      return decideRevokeCredit(state, command);
    case 'create_membership':
      return decideCreateMembership(state, command);
    case 'set_membership_status':
      return decideSetMembershipStatus(state, command);
    case 'note_membership_charge':
      return decideNoteCharge(state, command);
    case 'issue_missing_credits':
      return decideIssueMissingCredits(state, command);
    case 'create_credit_rule':
      return decideCreateCreditRule(state, command);
    case 'update_credit_rule':
      return decideUpdateCreditRule(state, command);
    case 'delete_credit_rule':
      return decideDeleteCreditRule(state, command);
  }
}
