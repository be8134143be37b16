// Which rules issue, and for what: at a sign-up, when a period begins, with a charge, on request.
import {
  isInForce,
  monthsOf,
  type CreditRule,
  type RuleIssue,
} from '../credit-rule/credit-rule.ts';
import { addPeriods } from '../schedule/calendar.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import { lastIssueOf, periodAt, periodOf, type Membership } from './membership.ts';

/** A credit that a rule is to issue. */
export interface DueIssue {
  readonly rule: CreditRule;
  readonly ruleIssue: RuleIssue;
  readonly expiresAt?: Instant;
  /** The period that was skipped, where it is for one. */
  readonly skippedPeriod?: number;
}

/** What a sign-up issues, into the period under way: rules that ask for it, and once-only ones. */
export function issuesOfSignup(
  membership: Membership,
  rules: readonly CreditRule[],
  at: Instant,
): readonly DueIssue[] {
  const month = periodOf(membership, at);
  return rules
    .filter((rule) => isInForce(rule, at))
    .filter(({ terms }) => terms.issueOnSignup || terms.frequency === 'once')
    .map((rule) => issueWithin(membership, rule, month));
}

/** What the beginning of a period issues. */
export function issuesOfPeriod(
  membership: Membership,
  rules: readonly CreditRule[],
  month: number,
): readonly DueIssue[] {
  const at = periodAt(membership, month);
  return rules
    .filter((rule) => isInForce(rule, at) && beginsWith(rule, month))
    .map((rule) => issueWithin(membership, rule, month));
}

/** What a charge issues. */
export function issuesOfCharge(
  rules: readonly CreditRule[],
  charge: { readonly number: number; readonly at: Instant; readonly nextAt?: Instant },
): readonly DueIssue[] {
  const { number: period, at } = charge;
  const nextAt = charge.nextAt ?? addPeriods(at, { unit: 'month', count: 1 }, 1);
  return rules
    .filter((rule) => isInForce(rule, at) && rule.terms.frequency === 'billing_cycle')
    .map((rule) => issueOf(rule, period, nextAt));
}

/**
 * What a membership has not got: of the period under way and of those that were skipped. What would
 * have expired is left out.
 */
export function missingIssues(
  membership: Membership,
  rules: readonly CreditRule[],
  at: Instant,
): readonly DueIssue[] {
  const inForce = rules.filter((rule) => isInForce(rule, at));
  const issues = inForce.flatMap((rule) => [
    ...skippedIssues(membership, rule),
    ...currentIssue(membership, rule, at),
  ]);
  return issues.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > at);
}

function skippedIssues(membership: Membership, rule: CreditRule): readonly DueIssue[] {
  const last = lastIssueOf(membership, rule.id, rule.terms.frequency);
  return membership.skippedPeriods
    .filter((month) => beginsWith(rule, month))
    .filter((month) => rule.createdAt <= periodAt(membership, month))
    .map((month) => ({ ...issueWithin(membership, rule, month), skippedPeriod: month }))
    .filter(({ ruleIssue }) => ruleIssue.period !== last?.period);
}

/** The one of the period under way, unless it was issued, or is among the skipped ones. */
function currentIssue(membership: Membership, rule: CreditRule, at: Instant): readonly DueIssue[] {
  const { frequency } = rule.terms;
  // Before the sign-up no period is under way.
  if (membership.nextPeriod === 0) return [];
  const issue =
    frequency === 'billing_cycle'
      ? issueOf(rule, membership.chargeCount, addPeriods(at, { unit: 'month', count: 1 }, 1))
      : issueWithin(membership, rule, periodOf(membership, at));
  const last = lastIssueOf(membership, rule.id, frequency);
  if (last !== undefined && last.period >= issue.ruleIssue.period) return [];
  const skipped = skippedIssues(membership, rule);
  const isSkipped = skipped.some(({ ruleIssue }) => ruleIssue.period === issue.ruleIssue.period);
  return isSkipped ? [] : [issue];
}

/** Whether a period of a rule begins with this month of the membership. */
function beginsWith({ terms }: CreditRule, month: number): boolean {
  const months = monthsOf(terms.frequency);
  return months !== undefined && month % months === 0;
}

/** The credit of that period of a rule which contains a month of the membership. */
function issueWithin(membership: Membership, rule: CreditRule, month: number): DueIssue {
  const { frequency } = rule.terms;
  if (frequency === 'once') return issueOf(rule, 0);
  if (frequency === 'billing_cycle') return issueOf(rule, 0, periodAt(membership, month + 1));
  const months = monthsOf(frequency) ?? 1;
  const period = Math.floor(month / months);
  return issueOf(rule, period, periodAt(membership, (period + 1) * months));
}

function issueOf(rule: CreditRule, period: number, nextAt?: Instant): DueIssue {
  const { frequency, rollOver } = rule.terms;
  const ruleIssue = { ruleId: rule.id, frequency, period };
  return { rule, ruleIssue, ...present('expiresAt', rollOver ? undefined : nextAt) };
}
