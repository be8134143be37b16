// The shapes of coupons, customers' credits, memberships and rules in the feed, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { instant, text } from '../shapes.ts';
import { optional, optionalInstant } from './shapes.ts';

const count = (description: string) => Type.Integer({ description });
const flag = (description: string) => Type.Boolean({ description });

const dates = {
  created_at: instant('When it was made.'),
  updated_at: instant('When it last changed.'),
};
const deletable = { ...dates, deleted_at: optionalInstant('When it was deleted.') };

const worth = {
  fixed_amount: Type.Optional(
    Type.Object({
      amount: text('Digits, in the smallest unit of the currency.'),
      currency: text('ISO 4217.'),
    }),
  ),
  percentage: Type.Optional(count('Of the price. There is this or the fixed amount.')),
};

const OfferingSchema = Type.Object({
  type: text('`product`, `appointment`, `session`, `area_booking` or `package`.'),
  id: text('Of the offering.'),
});

const IssueSchema = Type.Object({
  rule_id: text('The rule that issued.'),
  issuing_frequency: text('That the rule had.'),
  period: count('Counted from 0, or the number of the charge.'),
});

const CouponSchema = Type.Object({
  id: text('A UUID.'),
  name: text('For staff.'),
  description: optional('For customers.'),
  ...worth,
  offerings: Type.Array(
    Type.Object({ type: OfferingSchema.properties.type, ids: Type.Array(Type.String()) }),
  ),
  valid_weekdays: Type.Array(Type.String(), { description: 'None: all.' }),
  multi_use: flag('Of its credits.'),
  max_uses: Type.Optional(count('Of all its credits together.')),
  max_uses_period: optional('`P1D`, `P1W`, `P1M` or `P1Y`.'),
  validity_period: optional('Of its credits, an ISO 8601 duration.'),
  redemption_type: text('`manual` or `credit`.'),
  for_lead_booker_only: flag('Whether only the person who booked may use it.'),
  ...deletable,
});

const CodeSchema = Type.Object({
  id: text('A UUID.'),
  coupon_id: text('The coupon that it stands for.'),
  code: text('In upper case.'),
  valid_from: optionalInstant('The first instant at which it is good.'),
  valid_to: optionalInstant('The first instant at which it is good no more.'),
  multi_use: flag('Whether it can be used more than once.'),
  customer_id: optional('The customer that it is kept for.'),
  customer_credit_id: optional('The credit that it stands for.'),
  created_at: instant('When it was made.'),
});

const CreditSchema = Type.Object({
  id: text('A UUID.'),
  customer_id: text('Whose it is.'),
  coupon_id: text('The coupon that it came from.'),
  membership_id: optional('The membership that it was issued for.'),
  status: text('`active`, `expired`, `redeemed` or `revoked`, as of the event.'),
  coupon_name: text('As it was at the issue.'),
  coupon_description: optional('As it was at the issue.'),
  coupon_code: text('Of this credit.'),
  ...worth,
  multi_use: flag('Whether it can be used until it expires.'),
  for_lead_booker_only: flag('As it was at the issue.'),
  revenue: optional('To recognise when it is used.'),
  use_count: count('Uses that stand.'),
  rule_issue: Type.Optional(IssueSchema),
  issued_at: instant('When it was issued.'),
  expires_at: optionalInstant('The first instant at which it is good no more.'),
  redeemed_at: optionalInstant('When a single-use credit was used.'),
  revoked_at: optionalInstant('When it was revoked.'),
  ...dates,
});

const RedemptionSchema = Type.Object({
  id: text('A UUID.'),
  customer_credit_id: text('The credit that was used.'),
  coupon_id: text('The coupon of the credit.'),
  customer_id: text('Whose credit it was.'),
  reference: text('The caller’s link to a thing of theirs.'),
  amount: optional('What it took off.'),
  revenue: optional('To recognise now.'),
  offering: Type.Optional(OfferingSchema),
  weekday: text('The day that was judged.'),
  redeemed_at: instant('When it was used.'),
  reversed_at: optionalInstant('When that was undone.'),
});

const UsesSchema = Type.Object({
  coupon_id: text('The coupon.'),
  counted_at: optionalInstant('The instant whose periods are counted.'),
  day: count('Of its day.'),
  week: count('Of its week, from Monday.'),
  month: count('Of its month.'),
  year: count('Of its year.'),
  all: count('Since the beginning.'),
});

const MembershipSchema = Type.Object({
  id: text('A UUID.'),
  customer_id: text('Whose it is.'),
  membership_type_id: text('Its type.'),
  status: text('`active`, `inactive`, `upcoming`, `cancelled` and so on.'),
  next_period: count('The number of the next period to begin.'),
  skipped_periods: Type.Array(Type.Integer(), { description: 'Those while it was not active.' }),
  charge_count: count('Charges that were told of.'),
  last_issues: Type.Array(IssueSchema),
  anchor: optionalInstant('When its first period begins.'),
  active_since: optionalInstant('When it last became active; before that, upcoming.'),
  next_period_at: optionalInstant('When the next period begins.'),
  ...dates,
});

const RuleSchema = Type.Object({
  id: text('A UUID.'),
  membership_type_id: text('The type of the memberships.'),
  membership_type_name: optional('Its name.'),
  coupon_id: text('What it issues from.'),
  coupon_name: optional('Of the credits.'),
  coupon_description: optional('Of the credits.'),
  issuing_frequency: text('`billing_cycle`, `P0D`, `P1M`, `P3M`, `P6M` or `P1Y`.'),
  roll_over: flag('Whether unused credits live on.'),
  issue_on_signup: flag('Whether the first one comes at sign-up.'),
  multi_use: flag('Of the credits.'),
  for_lead_booker_only: flag('Of the credits.'),
  ...deletable,
});

/** What an event about coupons has beside its kind and instant. */
export const couponFields = {
  coupon: Type.Optional(CouponSchema),
  coupon_code: Type.Optional(CodeSchema),
  customer_credit: Type.Optional(CreditSchema),
  redemption: Type.Optional(RedemptionSchema),
  uses: Type.Optional(UsesSchema),
  membership: Type.Optional(MembershipSchema),
  occasion: optional('`sign_up`, `period`, `charge` or `request`: why a membership issued.'),
  customer_credits: Type.Optional(Type.Array(CreditSchema)),
  coupon_codes: Type.Optional(Type.Array(CodeSchema)),
  credit_rule: Type.Optional(RuleSchema),
} satisfies Readonly<Record<string, TSchema>>;
