// What time does to a membership: it is signed up, and its periods begin, in order, each once.
import { applyEvent } from '../book/apply.ts';
import type { BookState } from '../book/book-state.ts';
import { nextSequence } from '../book/decision.ts';
import type { BookEvent } from '../book/event.ts';
import { overlayCoupons } from '../book/overlay.ts';
import type { CouponChange } from '../coupon/coupon-change.ts';
import { rulesOfType } from '../coupon/coupon-state.ts';
import type { Instant } from '../value/instant.ts';
import { issuesOfPeriod, issuesOfSignup } from './issues.ts';
import { issueCredits } from './issue-credits.ts';
import { nextPeriodAt, periodOf, type Membership, type MembershipId } from './membership.ts';

/** The state as of its instant, and the events that lead to it from the booked one. */
export interface SettledMembership {
  readonly state: BookState;
  readonly events: readonly BookEvent[];
}

/** Settles a membership, not all of it where a count is given. The state stays as it is. */
export function settleMembership(
  state: BookState,
  id: string | undefined,
  periodCountMax = Infinity,
): SettledMembership {
  if (dueOf(state, id) === undefined) return { state, events: [] };
  const settled = overlayCoupons(state);
  const events: BookEvent[] = [];
  while (events.length < periodCountMax) {
    const due = dueOf(settled, id);
    if (due === undefined) break;
    const change = changeOf(settled, due);
    const event = { sequence: nextSequence(settled), createdAt: settled.instant, change };
    applyEvent(settled, event);
    events.push(event);
  }
  return { state: settled, events };
}

interface Due {
  readonly membership: Membership;
  readonly dueAt: Instant;
}

function dueOf(state: BookState, id: string | undefined): Due | undefined {
  const membership = state.coupons.memberships.get(id as MembershipId);
  const dueAt = membership && nextPeriodAt(membership);
  if (membership === undefined || dueAt === undefined || dueAt > state.instant) return undefined;
  return { membership, dueAt };
}

function changeOf(state: BookState, { membership, dueAt }: Due): CouponChange {
  const rules = rulesOfType(state.coupons, membership.membershipTypeId);
  const { nextPeriod } = membership;
  if (nextPeriod > 0) {
    return issueCredits(state, {
      membership: { ...membership, nextPeriod: nextPeriod + 1 },
      occasion: 'period',
      issues: issuesOfPeriod(membership, rules, nextPeriod),
      dueAt,
    });
  }
  const activeSince = dueAt;
  const begun = { nextPeriod: periodOf(membership, dueAt) + 1, status: 'active' } as const;
  return issueCredits(state, {
    membership: { ...membership, ...begun, activeSince },
    occasion: 'sign_up',
    issues: issuesOfSignup(membership, rules, dueAt),
    dueAt,
  });
}
