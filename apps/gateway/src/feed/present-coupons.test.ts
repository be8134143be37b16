// Every kind of event about coupons, credits, memberships and rules as the JSON of the feed.
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { EventSchema } from '@scrip/contract';
import {
  CustomerCreditStatus,
  IssueOccasion,
  IssuingFrequency,
  MembershipStatus,
  OfferingType,
  RedemptionType,
  UsesPeriod,
  ValidityUnit,
  Weekday,
} from '@scrip/contract/coupons';
import { expect, it } from 'vitest';
import { kindNameOf } from './kinds.ts';
import { presentEvent } from './present.ts';

type Change = NonNullable<MessageInitShape<typeof EventSchema>['change']>;

const instant = { seconds: 1_700_000_000n };
const iso = '2023-11-14T22:13:20.000Z';
const dates = { createdAt: instant, updatedAt: instant };
const shownDates = { created_at: iso, updated_at: iso };
const most = 999_999_999_999_999n;
const worth = { case: 'fixedAmount', value: { amount: most, currency: 'EUR' } } as const;
const shownWorth = { fixed_amount: { amount: `${most}`, currency: 'EUR' } };

const coupon = {
  id: 'coupon',
  terms: {
    name: 'Tea',
    description: 'A cup',
    value: worth,
    offerings: [{ type: OfferingType.PRODUCT, ids: ['tea'] }],
    validWeekdays: [Weekday.MONDAY],
    multiUse: true,
    maxUses: 5,
    maxUsesPeriod: UsesPeriod.WEEK,
    validityPeriod: { unit: ValidityUnit.MONTH, count: 3 },
    redemptionType: RedemptionType.CREDIT,
    forLeadBookerOnly: true,
  },
  ...dates,
  deletedAt: instant,
};
const shownCoupon = {
  id: 'coupon',
  name: 'Tea',
  description: 'A cup',
  ...shownWorth,
  offerings: [{ type: 'product', ids: ['tea'] }],
  valid_weekdays: ['monday'],
  multi_use: true,
  max_uses: 5,
  max_uses_period: 'P1W',
  validity_period: 'P3M',
  redemption_type: 'credit',
  for_lead_booker_only: true,
  ...shownDates,
  deleted_at: iso,
};
const couponCode = { id: 'code', couponId: 'coupon', code: 'A', validTo: instant, ...dates };
const shownCode = {
  id: 'code',
  coupon_id: 'coupon',
  code: 'A',
  valid_to: iso,
  multi_use: false,
  created_at: iso,
};
const issue = { ruleId: 'rule', frequency: IssuingFrequency.ONCE, period: 0 };
const shownIssue = { rule_id: 'rule', issuing_frequency: 'P0D', period: 0 };
const customerCredit = {
  id: 'credit',
  customerId: 'eve',
  couponId: 'coupon',
  membershipId: 'membership',
  status: CustomerCreditStatus.REDEEMED,
  couponName: 'Tea',
  couponCode: 'A',
  value: { case: 'percentage', value: 100 },
  revenue: most,
  useCount: 1,
  ruleIssue: issue,
  issuedAt: instant,
  expiresAt: instant,
  redeemedAt: instant,
  ...dates,
} as const;
const shownCredit = {
  id: 'credit',
  customer_id: 'eve',
  coupon_id: 'coupon',
  membership_id: 'membership',
  status: 'redeemed',
  coupon_name: 'Tea',
  coupon_code: 'A',
  percentage: 100,
  multi_use: false,
  for_lead_booker_only: false,
  revenue: `${most}`,
  use_count: 1,
  rule_issue: shownIssue,
  issued_at: iso,
  expires_at: iso,
  redeemed_at: iso,
  ...shownDates,
};
const redemption = {
  id: 'use',
  customerCreditId: 'credit',
  couponId: 'coupon',
  customerId: 'eve',
  reference: 'order-1',
  amount: most,
  revenue: 0n,
  offering: { type: OfferingType.SESSION, id: 'yoga' },
  weekday: Weekday.SUNDAY,
  redeemedAt: instant,
  reversedAt: instant,
};
const shownRedemption = {
  id: 'use',
  customer_credit_id: 'credit',
  coupon_id: 'coupon',
  customer_id: 'eve',
  reference: 'order-1',
  amount: `${most}`,
  revenue: '0',
  offering: { type: 'session', id: 'yoga' },
  weekday: 'sunday',
  redeemed_at: iso,
  reversed_at: iso,
};
const counts = { day: 1, week: 2, month: 3, year: 4, all: 5 };
const uses = { couponId: 'coupon', countedAt: instant, ...counts };
const membership = {
  id: 'membership',
  customerId: 'eve',
  membershipTypeId: 'gold',
  status: MembershipStatus.INACTIVE,
  anchor: instant,
  activeSince: instant,
  nextPeriod: 3,
  skippedPeriods: [2],
  chargeCount: 1,
  lastIssues: [issue],
  ...dates,
};
const shownMembership = {
  id: 'membership',
  customer_id: 'eve',
  membership_type_id: 'gold',
  status: 'inactive',
  next_period: 3,
  skipped_periods: [2],
  charge_count: 1,
  last_issues: [shownIssue],
  anchor: iso,
  active_since: iso,
  ...shownDates,
};
const creditRule = {
  id: 'rule',
  terms: {
    membershipTypeId: 'gold',
    membershipTypeName: 'Gold',
    couponId: 'coupon',
    couponName: 'Tea',
    frequency: IssuingFrequency.BILLING_CYCLE,
    rollOver: true,
    issueOnSignup: true,
  },
  ...dates,
};
const shownRule = {
  id: 'rule',
  membership_type_id: 'gold',
  membership_type_name: 'Gold',
  coupon_id: 'coupon',
  coupon_name: 'Tea',
  issuing_frequency: 'billing_cycle',
  roll_over: true,
  issue_on_signup: true,
  multi_use: false,
  for_lead_booker_only: false,
  ...shownDates,
};

const used = { customerCredit, redemption, uses };
const shownUsed = {
  customer_credit: shownCredit,
  redemption: shownRedemption,
  uses: { coupon_id: 'coupon', counted_at: iso, ...counts },
};
const issued = { membership, customerCredits: [customerCredit], couponCodes: [couponCode] };

it.each<readonly [Change, object]>([
  [{ case: 'couponCreated', value: { coupon } }, { coupon: shownCoupon }],
  [{ case: 'couponUpdated', value: { coupon } }, { coupon: shownCoupon }],
  [{ case: 'couponDeleted', value: { coupon } }, { coupon: shownCoupon }],
  [{ case: 'couponRestored', value: { coupon } }, { coupon: shownCoupon }],
  [{ case: 'couponCodeCreated', value: { couponCode } }, { coupon_code: shownCode }],
  [
    { case: 'customerCreditIssued', value: { customerCredit, couponCode } },
    { customer_credit: shownCredit, coupon_code: shownCode },
  ],
  [{ case: 'customerCreditRedeemed', value: used }, shownUsed],
  [{ case: 'redemptionReversed', value: used }, shownUsed],
  [{ case: 'customerCreditRevoked', value: { customerCredit } }, { customer_credit: shownCredit }],
  [{ case: 'membershipCreated', value: { membership } }, { membership: shownMembership }],
  [{ case: 'membershipStatusChanged', value: { membership } }, { membership: shownMembership }],
  [
    {
      case: 'membershipCreditsIssued',
      value: { ...issued, occasion: IssueOccasion.PERIOD, dueAt: instant },
    },
    {
      membership: shownMembership,
      occasion: 'period',
      customer_credits: [shownCredit],
      coupon_codes: [shownCode],
      due_at: iso,
    },
  ],
  [{ case: 'creditRuleCreated', value: { creditRule } }, { credit_rule: shownRule }],
  [{ case: 'creditRuleUpdated', value: { creditRule } }, { credit_rule: shownRule }],
  [{ case: 'creditRuleDeleted', value: { creditRule } }, { credit_rule: shownRule }],
])('tells all of $0.case', (change, shown) => {
  const event = create(EventSchema, { sequence: 7n, createdAt: instant, change });
  const kind = kindNameOf(event.change);
  const told = JSON.parse(JSON.stringify(presentEvent(event, kind))) as object;
  expect(told).toEqual({ kind, sequence: 7, created_at: iso, ...shown });
});

it('tells a word it does not know as unknown, and goes on', () => {
  const value = { membership: { ...membership, status: 99 as MembershipStatus } };
  const event = create(EventSchema, {
    createdAt: instant,
    change: { case: 'membershipCreated', value },
  });
  expect(presentEvent(event, 'x')).toHaveProperty('membership.status', 'unknown');
});
