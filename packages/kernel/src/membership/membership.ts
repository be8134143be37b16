// Memberships: who gets credits in each period. Periods are months from the anchor.
import type { CreditRuleId, IssuingFrequency, RuleIssue } from '../credit-rule/credit-rule.ts';
import { addPeriods } from '../schedule/calendar.ts';
import type { Instant } from '../value/instant.ts';
import type { Sequence } from '../value/sequence.ts';

/** A public id of a membership: a UUID. */
export type MembershipId = string & { readonly brand: 'MembershipId' };

/** Where a membership stands. Only an active one issues; the last two are for good. */
export type MembershipStatus =
  | 'reserved'
  | 'needs_dd_mandate'
  | 'needs_attention'
  | 'active'
  | 'upcoming'
  | 'inactive'
  | 'expired'
  | 'cancelled';

/** Why a membership issued. */
export type IssueOccasion = 'sign_up' | 'period' | 'charge' | 'request';

/** A membership of a customer. */
export interface Membership {
  readonly id: MembershipId;
  readonly customerId: string;
  readonly membershipTypeId: string;
  readonly status: MembershipStatus;
  /** When its first period begins; all others are counted from it. */
  readonly anchor: Instant;
  /** When it last became active; before that, upcoming. Absent: neither yet. */
  readonly activeSince?: Instant;
  /** The number of the next period to begin; 0 until it has begun, by a sign-up. */
  readonly nextPeriod: number;
  /** Periods that began while it was not active, ascending: the last 24. */
  readonly skippedPeriods: readonly number[];
  readonly chargeCount: number;
  /** The last that each rule issued, at each frequency that it had. */
  readonly lastIssues: readonly RuleIssue[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** The event that made it. */
  readonly sequence: Sequence;
}

/** Skipped periods that are remembered: two years. */
const skippedPeriodCountMax = 24;

/** When a period begins. */
export function periodAt({ anchor }: Pick<Membership, 'anchor'>, period: number): Instant {
  return addPeriods(anchor, { unit: 'month', count: 1 }, period);
}

/** The period that is under way at an instant not before the anchor. */
export function periodOf(membership: Pick<Membership, 'anchor'>, at: Instant): number {
  // Months are at most 31 days, so that this is not too high.
  let period = Math.floor((at - membership.anchor) / (31 * 86_400_000));
  while (periodAt(membership, period + 1) <= at) period += 1;
  return period;
}

/** When time next does something to a membership: its sign-up, or the beginning of a period. */
export function nextPeriodAt(membership: Membership): Instant | undefined {
  const { status, anchor, activeSince = anchor, nextPeriod } = membership;
  if (status !== 'active' && status !== 'upcoming') return undefined;
  // A sign-up may come after the anchor, into a period that is under way.
  if (nextPeriod === 0) return Math.max(anchor, activeSince) as Instant;
  return periodAt(membership, nextPeriod);
}

/** A membership that becomes active: what began meanwhile is skipped. */
export function activate(membership: Membership, at: Instant): Membership {
  const skipped: number[] = [...membership.skippedPeriods];
  let { nextPeriod } = membership;
  while (nextPeriod > 0 && periodAt(membership, nextPeriod) < at) {
    skipped.push(nextPeriod);
    nextPeriod += 1;
  }
  return {
    ...membership,
    status: 'active',
    activeSince: at,
    nextPeriod,
    skippedPeriods: skipped.slice(-skippedPeriodCountMax),
  };
}

/** The last that a rule issued at a frequency. */
export function lastIssueOf(
  { lastIssues }: Membership,
  ruleId: CreditRuleId,
  frequency: IssuingFrequency,
): RuleIssue | undefined {
  return lastIssues.find((issue) => issue.ruleId === ruleId && issue.frequency === frequency);
}

/** The last issues with another one noted. */
export function noteIssue(
  lastIssues: readonly RuleIssue[],
  issued: RuleIssue,
): readonly RuleIssue[] {
  const isSame = ({ ruleId, frequency }: RuleIssue): boolean =>
    ruleId === issued.ruleId && frequency === issued.frequency;
  const before = lastIssues.find(isSame);
  if (before === undefined) return [...lastIssues, issued];
  if (before.period >= issued.period) return lastIssues;
  return lastIssues.map((each) => (isSame(each) ? issued : each));
}
