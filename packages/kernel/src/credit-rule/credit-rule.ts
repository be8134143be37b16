// Credit rules: which credits the memberships of a type issue, and how often.
import type { CouponId } from '../coupon/coupon.ts';
import type { Instant } from '../value/instant.ts';
import type { Sequence } from '../value/sequence.ts';

/** A public id of a rule: a UUID. */
export type CreditRuleId = string & { readonly brand: 'CreditRuleId' };

/** How often a rule issues: with each charge, once, or every so many months from the anchor. */
export type IssuingFrequency =
  | 'billing_cycle'
  | 'once'
  | 'month'
  | 'quarter'
  | 'half_year'
  | 'year';

/** What a caller says about a rule. */
export interface CreditRuleTerms {
  readonly membershipTypeId: string;
  readonly membershipTypeName?: string;
  readonly couponId: CouponId;
  /** Of the credits. */
  readonly couponName: string;
  readonly couponDescription?: string;
  readonly frequency: IssuingFrequency;
  /** Without it a credit expires when the next period begins. */
  readonly rollOver: boolean;
  readonly issueOnSignup: boolean;
  readonly multiUse: boolean;
  readonly forLeadBookerOnly: boolean;
}

/** A rule. */
export interface CreditRule {
  readonly id: CreditRuleId;
  readonly terms: CreditRuleTerms;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly deletedAt?: Instant;
  /** The event that made it. */
  readonly sequence: Sequence;
}

/** What a rule issues once: a membership has at most one credit of each. */
export interface RuleIssue {
  readonly ruleId: CreditRuleId;
  readonly frequency: IssuingFrequency;
  /** From 0, the period of the anchor; with a billing cycle the number of the charge. */
  readonly period: number;
}

/** Months between two issues; nothing where no calendar decides. */
export function monthsOf(frequency: IssuingFrequency): number | undefined {
  switch (frequency) {
    case 'month':
      return 1;
    case 'quarter':
      return 3;
    case 'half_year':
      return 6;
    case 'year':
      return 12;
    case 'billing_cycle':
    case 'once':
      return undefined;
  }
}

/** Whether a rule is in force at an instant. Its end is exclusive. */
export function isInForce({ createdAt, deletedAt }: CreditRule, at: Instant): boolean {
  return createdAt <= at && (deletedAt === undefined || at < deletedAt);
}
