// Random programs of commands on coupons and what comes of them, for the laws.
import {
  couponRecordsOf,
  instantFromMs,
  parseSetMembershipStatus,
  parseCreateCoupon,
  parseCreateCouponCode,
  parseCreateCreditRule,
  parseCreateMembership,
  parseDeleteCreditRule,
  parseDeleteOrRestoreCoupon,
  parseIssueCustomerCredit,
  parseIssueMissingCredits,
  parseNoteMembershipCharge,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  parseUpdateCoupon,
  parseUpdateCreditRule,
  type BookEvent,
  type Command,
  type CouponRecord,
  type Instant,
  type IssuingFrequency,
  type MembershipStatus,
  type Parsed,
} from '@scrip/kernel';
import fc from 'fast-check';

const day = 86_400_000;

/** Relative weights of the kinds of steps. */
const weights = {
  coupon: 2,
  update_coupon: 2,
  delete_coupon: 1,
  restore_coupon: 2,
  code: 2,
  issue: 6,
  redeem: 10,
  reverse: 5,
  revoke: 3,
  rule: 4,
  update_rule: 2,
  delete_rule: 1,
  membership: 4,
  status: 6,
  charge: 3,
  request: 3,
  wait: 10,
} as const;

/** One step. It names what was made by how far back it is. */
export interface CouponStep {
  readonly kind: keyof typeof weights;
  readonly customer: number;
  readonly back: number;
  readonly days: number;
  readonly frequency: IssuingFrequency;
  readonly status: MembershipStatus;
  readonly count: number;
  readonly flag: boolean;
  readonly other: boolean;
}

/** Programs of up to so many steps: few things, so that much meets. */
export function couponPrograms(stepCountMax: number): fc.Arbitrary<readonly CouponStep[]> {
  const kind = fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as CouponStep['kind']),
    })),
  );
  const step = fc.record({
    kind,
    customer: fc.nat({ max: 2 }),
    back: fc.nat({ max: 4 }),
    days: fc.constantFrom(1, 9, 28, 31, 45, 100),
    frequency: fc.constantFrom<IssuingFrequency>(
      ...(['billing_cycle', 'once', 'month', 'month', 'quarter', 'half_year', 'year'] as const),
    ),
    status: fc.constantFrom<MembershipStatus>(
      ...(['active', 'active', 'inactive', 'inactive', 'needs_attention', 'cancelled'] as const),
    ),
    count: fc.integer({ min: 1, max: 4 }),
    flag: fc.boolean(),
    other: fc.boolean(),
  });
  const steps = fc.array(step, { minLength: 10, maxLength: stepCountMax, size: 'max' });
  return steps.map((more) => [...beginning, ...more]);
}

const plain = {
  customer: 0,
  back: 0,
  days: 31,
  frequency: 'month',
  status: 'active',
  count: 1,
  flag: false,
  other: false,
} as const satisfies Omit<CouponStep, 'kind'>;

/** Something of everything, so that what follows is about things that exist. */
const beginning: readonly CouponStep[] = [
  { ...plain, kind: 'coupon' },
  { ...plain, kind: 'coupon', flag: true },
  { ...plain, kind: 'rule', other: true },
  { ...plain, kind: 'issue' },
  { ...plain, kind: 'issue', back: 1 },
  { ...plain, kind: 'membership' },
];

/** Ids of what a program has made so far, the last first. */
export type SeenRecords = Readonly<Record<CouponRecord['kind'], string[]>>;

/** Nothing was made yet. */
export function noRecordsSeen(): SeenRecords {
  return {
    coupon: [],
    coupon_code: [],
    coupon_uses: [],
    customer_credit: [],
    redemption: [],
    membership: [],
    credit_rule: [],
  };
}

/** Notes what an event touched. */
export function noteRecordsSeen(seen: SeenRecords, event: BookEvent): void {
  for (const { kind, record } of couponRecordsOf(event)) {
    if ('id' in record && !seen[kind].includes(record.id)) seen[kind].unshift(record.id);
  }
}

/** How long a step waits; commands take no time. */
export function couponStepMs({ kind, days }: CouponStep): number {
  return kind === 'wait' ? days * day : 0;
}

/** What a step is judged with. */
export interface CouponStepContext {
  /** Names its idempotency key. */
  readonly index: number;
  readonly now: Instant;
  readonly seen: SeenRecords;
}

/** The command of a step; none when it waits, or what it is about does not exist yet. */
export function couponCommandOf(step: CouponStep, context: CouponStepContext): Command | undefined {
  const command = commandOf(step, context);
  return command?.kind === 'parsed' ? command.value : undefined;
}

function commandOf(step: CouponStep, context: CouponStepContext): Parsed<Command> | undefined {
  const { now } = context;
  const { kind, customer, count, flag, other, frequency, days } = step;
  const idOf = (of: CouponRecord['kind']): string => {
    const ids = context.seen[of];
    return ids[step.back % Math.max(1, ids.length)] ?? 'none';
  };
  const key = { idempotencyKey: `step ${context.index}` };
  const customerId = `customer ${customer}`;
  const rule = { frequency, rollOver: flag, issueOnSignup: other, multiUse: count === 1 };
  switch (kind) {
    case 'wait':
      return undefined;
    case 'coupon':
      return parseCreateCoupon({ terms: couponTermsOf(step), ...key });
    case 'update_coupon': {
      const terms = couponTermsOf(step);
      const fieldNames = flag ? ['name', 'value', 'max_uses', 'max_uses_period'] : ['offerings'];
      return parseUpdateCoupon({ couponId: idOf('coupon'), terms, fieldNames, ...key });
    }
    case 'delete_coupon':
    case 'restore_coupon':
      return parseDeleteOrRestoreCoupon(kind, { couponId: idOf('coupon'), ...key });
    case 'code': {
      const code = flag ? `CODE${count}` : undefined;
      return parseCreateCouponCode({ couponId: idOf('coupon'), code, ...key });
    }
    case 'issue': {
      const expiresAt = other ? instantFromMs(now + days * day) : undefined;
      const revenue = flag ? BigInt(count) : undefined;
      const issue = { couponId: idOf('coupon'), customerId, expiresAt, revenue };
      return parseIssueCustomerCredit({ ...issue, ...key });
    }
    case 'redeem': {
      const offering = flag ? ({ type: 'product', id: `p${count}` } as const) : undefined;
      const use = { customerCreditId: idOf('customer_credit'), reference: 'order', offering };
      return parseRedeemCustomerCredit({ ...use, isGuest: other, ...key });
    }
    case 'reverse':
      return parseReverseRedemption({ redemptionId: idOf('redemption'), ...key });
    case 'revoke':
      return parseRevokeCustomerCredit({ customerCreditId: idOf('customer_credit'), ...key });
    case 'rule': {
      const terms = { ...rule, couponId: idOf('coupon'), membershipTypeId: 'gold' };
      return parseCreateCreditRule({ terms, ...key });
    }
    case 'update_rule': {
      const fieldNames = flag ? ['frequency', 'roll_over'] : ['multi_use'];
      const named = { ruleId: idOf('credit_rule'), terms: rule, fieldNames };
      return parseUpdateCreditRule({ ...named, ...key });
    }
    case 'delete_rule':
      return parseDeleteCreditRule({ ruleId: idOf('credit_rule'), ...key });
    case 'membership': {
      const anchor = flag ? instantFromMs(now + (other ? days : -days) * day) : undefined;
      return parseCreateMembership({ customerId, membershipTypeId: 'gold', anchor, ...key });
    }
    default:
      return membershipCommandOf(step, { membershipId: idOf('membership'), ...key });
  }
}

function membershipCommandOf(
  { kind, status }: CouponStep,
  named: { readonly membershipId: string; readonly idempotencyKey: string },
): Parsed<Command> | undefined {
  if (kind === 'charge') return parseNoteMembershipCharge(named);
  if (kind === 'request') return parseIssueMissingCredits(named);
  return parseSetMembershipStatus({ ...named, status });
}

function couponTermsOf({ count, flag, other, days }: CouponStep) {
  return {
    name: `Coupon ${count}`,
    ...(other ? { description: 'For you' } : {}),
    value: flag
      ? ({ kind: 'fixed_amount', amount: BigInt(count * 100), currency: 'EUR' } as const)
      : ({ kind: 'percentage', percentage: count } as const),
    ...(other ? { offerings: [{ type: 'product', ids: [`p${count}`] } as const] } : {}),
    ...(count === 4 ? { validWeekdays: ['friday', 'monday'] as const } : {}),
    multiUse: flag,
    ...(count > 2 ? { maxUses: count } : {}),
    ...(count > 2 && other ? { maxUsesPeriod: 'month' as const } : {}),
    ...(flag ? { validityPeriod: { unit: 'day', count: days } as const } : {}),
    forLeadBookerOnly: count === 2,
  };
}
