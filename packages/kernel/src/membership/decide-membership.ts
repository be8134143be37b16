// May this membership be made, get another status, be charged, or issue on request?
import type { BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { rulesOfType } from '../coupon/coupon-state.ts';
import { findActiveMembership, refuseUnknownMembership } from '../coupon/refusals.ts';
import { replayLast } from '../coupon/replay-last.ts';
import { present } from '../value/present.ts';
import { refuse, refuseField } from '../value/refusal.ts';
import type {
  SetMembershipStatus,
  CreateMembership,
  IssueMissingCredits,
  NoteMembershipCharge,
} from './commands.ts';
import { issueCredits, withheldPeriods } from './issue-credits.ts';
import { issuesOfCharge, missingIssues } from './issues.ts';
import { activate, type Membership, type MembershipId } from './membership.ts';

/** Instants have four digits for the year, also those of the periods ahead. */
const anchorMax = Date.UTC(9000, 0);

/** Decides a membership. Its sign-up, if it is now, follows in an event of its own. */
export function decideCreateMembership(state: BookState, command: CreateMembership): Decision {
  const { instant, ids } = state;
  const { customerId, membershipTypeId, anchor = instant } = command;
  if (anchor < 0 || anchor >= anchorMax) return refuseField('anchor', 'is beyond the calendar');
  const sequence = nextSequence(state);
  const status = command.status ?? (anchor > instant ? 'upcoming' : 'active');
  const membership: Membership = {
    id: ids.recordId({ kind: 'membership', sequence, line: 0 }, instant) as MembershipId,
    customerId,
    membershipTypeId,
    status,
    anchor,
    ...present('activeSince', isActiveFrom(status) ? instant : undefined),
    nextPeriod: 0,
    skippedPeriods: [],
    chargeCount: 0,
    lastIssues: [],
    createdAt: instant,
    updatedAt: instant,
    sequence,
  };
  return accept(state, command, { kind: 'membership_created', membership });
}

function isActiveFrom(status: Membership['status']): boolean {
  return status === 'active' || status === 'upcoming';
}

/**
 * Decides another status. What began while it was not active is skipped, not made up for. The
 * status that it has already is answered; under a key in an event of its own, so that a late retry
 * never undoes what came after it.
 */
export function decideSetMembershipStatus(
  state: BookState,
  command: SetMembershipStatus,
): Decision {
  const { instant } = state;
  const { status } = command;
  const before = state.coupons.memberships.get(command.membershipId as MembershipId);
  if (before === undefined) return refuseUnknownMembership(command.membershipId);
  if (before.status === status) {
    if (command.idempotencyKey === undefined) return replayLast(state, before.id);
    return accept(state, command, { kind: 'membership_status_changed', membership: before });
  }
  if (before.status === 'expired' || before.status === 'cancelled') {
    const metadata = { membership_id: before.id, status: before.status };
    return refuse('MEMBERSHIP_ENDED', 'The membership has ended.', metadata);
  }
  if (status === 'upcoming' && before.nextPeriod > 0) {
    return refuseField('status', 'is of a membership that has not begun');
  }
  const changed = status === 'active' ? activate(before, instant) : { ...before, status };
  const since = status === 'upcoming' ? { activeSince: instant } : {};
  const membership = { ...changed, ...since, updatedAt: instant };
  return accept(state, command, { kind: 'membership_status_changed', membership });
}

/** Decides a charge: it counts once, by its idempotency key. */
export function decideNoteCharge(state: BookState, command: NoteMembershipCharge): Decision {
  const found = findActiveMembership(state, command.membershipId);
  if (found.kind === 'refused') return found;
  const { nextChargeAt } = command;
  const at = state.instant;
  if (nextChargeAt !== undefined && nextChargeAt <= at) {
    return refuseField('next_charge_at', 'is not in the future');
  }
  const chargeCount = found.value.chargeCount + 1;
  const rules = rulesOfType(state.coupons, found.value.membershipTypeId);
  const charge = { number: chargeCount, at, ...present('nextAt', nextChargeAt) };
  const change = issueCredits(state, {
    membership: { ...found.value, chargeCount },
    occasion: 'charge',
    issues: issuesOfCharge(rules, charge),
  });
  return accept(state, command, change);
}

/** Decides an issue on request. It never issues twice: there may be nothing to issue. */
export function decideIssueMissingCredits(
  state: BookState,
  command: IssueMissingCredits,
): Decision {
  const found = findActiveMembership(state, command.membershipId);
  if (found.kind === 'refused') return found;
  const membership = found.value;
  const rules = rulesOfType(state.coupons, membership.membershipTypeId);
  const issues = missingIssues(membership, rules, state.instant);
  const change = issueCredits(state, {
    membership: { ...membership, skippedPeriods: withheldPeriods(state, issues) },
    occasion: 'request',
    issues,
  });
  return accept(state, command, change);
}
