// Coupons, customers' credits, memberships and credit rules as the JSON of the feed. Amounts of
// money are digits, in the smallest unit of their currency.
import type { Event } from '@scrip/contract';
import type {
  Coupon,
  CouponCode,
  CouponTerms,
  CouponUses,
  CreditRule,
  CustomerCredit,
  Membership,
  Redemption,
  RuleIssue,
} from '@scrip/contract/coupons';
import {
  creditStatuses,
  frequencies,
  membershipStatuses,
  occasions,
  offeringTypes,
  redemptionTypes,
  usesPeriods,
  validityUnits,
  weekdays,
} from '../coupon-credits/words.ts';
import { isoInstant } from '../instants.ts';
import { known } from '../known.ts';
import { given, givenInstant } from './present-given.ts';

export type CouponChange = Extract<
  Event['change'],
  {
    readonly case:
      | `coupon${string}`
      | `customerCredit${string}`
      | `redemption${string}`
      | `membership${string}`
      | `creditRule${string}`;
  }
>;

/** What became of it: every record that the event touched, as it is after it. */
export function presentCouponChange(change: CouponChange): object {
  switch (change.case) {
    case 'couponCreated':
    case 'couponUpdated':
    case 'couponDeleted':
    case 'couponRestored':
      return shown('coupon', change.value.coupon, presentCoupon);
    case 'couponCodeCreated':
      return shown('coupon_code', change.value.couponCode, presentCode);
    case 'customerCreditIssued':
      return {
        ...shown('customer_credit', change.value.customerCredit, presentCredit),
        ...shown('coupon_code', change.value.couponCode, presentCode),
      };
    case 'customerCreditRedeemed':
    case 'redemptionReversed':
      return {
        ...shown('customer_credit', change.value.customerCredit, presentCredit),
        ...shown('redemption', change.value.redemption, presentRedemption),
        ...shown('uses', change.value.uses, presentUses),
      };
    case 'customerCreditRevoked':
      return shown('customer_credit', change.value.customerCredit, presentCredit);
    case 'membershipCreated':
    case 'membershipStatusChanged':
      return shown('membership', change.value.membership, presentMembership);
    case 'membershipCreditsIssued':
      return {
        ...shown('membership', change.value.membership, presentMembership),
        occasion: occasions.wordOrUnknown(change.value.occasion),
        customer_credits: change.value.customerCredits.map(presentCredit),
        coupon_codes: change.value.couponCodes.map(presentCode),
        ...givenInstant('due_at', change.value.dueAt),
      };
    case 'creditRuleCreated':
    case 'creditRuleUpdated':
    case 'creditRuleDeleted':
      return shown('credit_rule', change.value.creditRule, presentRule);
  }
}

function shown<Value>(
  name: string,
  value: Value | undefined,
  present: (value: Value) => object,
): object {
  return value === undefined ? {} : { [name]: present(value) };
}

function presentCoupon({ id, terms: found, ...rest }: Coupon): object {
  const terms = known(found);
  const { validityPeriod: validity, maxUses, maxUsesPeriod } = terms;
  const unit = validityUnits.wordOrUnknown(validity?.unit ?? 0);
  return {
    id,
    name: terms.name,
    ...given('description', terms.description),
    ...presentWorth(terms.value),
    offerings: terms.offerings.map(({ type, ids }) => ({
      type: offeringTypes.wordOrUnknown(type),
      ids,
    })),
    valid_weekdays: terms.validWeekdays.map(weekdays.wordOrUnknown),
    multi_use: terms.multiUse,
    ...(maxUses === undefined ? {} : { max_uses: maxUses }),
    ...(maxUsesPeriod === 0 ? {} : { max_uses_period: usesPeriods.wordOrUnknown(maxUsesPeriod) }),
    ...(validity === undefined ? {} : { validity_period: `P${validity.count}${unit}` }),
    redemption_type: redemptionTypes.wordOrUnknown(terms.redemptionType),
    for_lead_booker_only: terms.forLeadBookerOnly,
    ...presentDates(rest),
  };
}

function presentWorth({ case: kind, value }: CouponTerms['value']): object {
  switch (kind) {
    case 'fixedAmount':
      return { fixed_amount: { amount: `${value.amount}`, currency: value.currency } };
    case 'percentage':
      return { percentage: value };
    case undefined:
      return {};
  }
}

function presentCode(code: CouponCode): object {
  return {
    id: code.id,
    coupon_id: code.couponId,
    code: code.code,
    ...givenInstant('valid_from', code.validFrom),
    ...givenInstant('valid_to', code.validTo),
    multi_use: code.multiUse,
    ...given('customer_id', code.customerId),
    ...given('customer_credit_id', code.customerCreditId),
    created_at: isoInstant(code.createdAt),
  };
}

function presentCredit(credit: CustomerCredit): object {
  return {
    id: credit.id,
    customer_id: credit.customerId,
    coupon_id: credit.couponId,
    ...given('membership_id', credit.membershipId),
    status: creditStatuses.wordOrUnknown(credit.status),
    coupon_name: credit.couponName,
    ...given('coupon_description', credit.couponDescription),
    coupon_code: credit.couponCode,
    ...presentWorth(credit.value),
    multi_use: credit.multiUse,
    for_lead_booker_only: credit.forLeadBookerOnly,
    ...given('revenue', credit.revenue?.toString()),
    use_count: credit.useCount,
    ...shown('rule_issue', credit.ruleIssue, presentIssue),
    issued_at: isoInstant(credit.issuedAt),
    ...givenInstant('expires_at', credit.expiresAt),
    ...givenInstant('redeemed_at', credit.redeemedAt),
    ...givenInstant('revoked_at', credit.revokedAt),
    ...presentDates(credit),
  };
}

function presentIssue({ ruleId, frequency, period }: RuleIssue): object {
  return { rule_id: ruleId, issuing_frequency: frequencies.wordOrUnknown(frequency), period };
}

function presentRedemption(redemption: Redemption): object {
  const { amount, revenue, offering } = redemption;
  return {
    id: redemption.id,
    customer_credit_id: redemption.customerCreditId,
    coupon_id: redemption.couponId,
    customer_id: redemption.customerId,
    reference: redemption.reference,
    ...given('amount', amount?.toString()),
    ...given('revenue', revenue?.toString()),
    ...shown('offering', offering, ({ type, id }) => ({
      type: offeringTypes.wordOrUnknown(type),
      id,
    })),
    weekday: weekdays.wordOrUnknown(redemption.weekday),
    redeemed_at: isoInstant(redemption.redeemedAt),
    ...givenInstant('reversed_at', redemption.reversedAt),
  };
}

function presentUses({ couponId, countedAt, day, week, month, year, all }: CouponUses): object {
  const counts = { day, week, month, year, all };
  return { coupon_id: couponId, ...givenInstant('counted_at', countedAt), ...counts };
}

function presentMembership(membership: Membership): object {
  return {
    id: membership.id,
    customer_id: membership.customerId,
    membership_type_id: membership.membershipTypeId,
    status: membershipStatuses.wordOrUnknown(membership.status),
    next_period: membership.nextPeriod,
    skipped_periods: membership.skippedPeriods,
    charge_count: membership.chargeCount,
    last_issues: membership.lastIssues.map(presentIssue),
    ...givenInstant('anchor', membership.anchor),
    ...givenInstant('active_since', membership.activeSince),
    ...givenInstant('next_period_at', membership.nextPeriodAt),
    ...presentDates(membership),
  };
}

function presentRule({ id, terms: found, ...rest }: CreditRule): object {
  const terms = known(found);
  return {
    id,
    membership_type_id: terms.membershipTypeId,
    ...given('membership_type_name', terms.membershipTypeName),
    coupon_id: terms.couponId,
    ...given('coupon_name', terms.couponName),
    ...given('coupon_description', terms.couponDescription),
    issuing_frequency: frequencies.wordOrUnknown(terms.frequency),
    roll_over: terms.rollOver,
    issue_on_signup: terms.issueOnSignup,
    multi_use: terms.multiUse,
    for_lead_booker_only: terms.forLeadBookerOnly,
    ...presentDates(rest),
  };
}

type Dates = Pick<Coupon, 'createdAt' | 'updatedAt'> & Partial<Pick<Coupon, 'deletedAt'>>;

function presentDates({ createdAt, updatedAt, deletedAt }: Dates): object {
  return {
    created_at: isoInstant(createdAt),
    updated_at: isoInstant(updatedAt),
    ...givenInstant('deleted_at', deletedAt),
  };
}
