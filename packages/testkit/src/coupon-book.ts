// A book for tests of coupons: short words for its commands, and a clock that stands still.
import {
  assert,
  couponRecordsOf,
  instantFromMs,
  parseSetMembershipStatus,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  type BookEvent,
  type CouponRecord,
  type Decision,
  type Instant,
  type MembershipStatus,
  type UncheckedCouponTerms,
  type UncheckedCreditRuleTerms,
} from '@scrip/kernel';
import { createTestBook } from './test-book.ts';

type RecordOf<K extends CouponRecord['kind']> = Extract<
  CouponRecord,
  { readonly kind: K }
>['record'];

/** What an issue may say besides. */
type IssueOptions = Partial<Omit<Parameters<typeof parseIssueCustomerCredit>[0], 'couponId'>>;
type RedeemOptions = Partial<Parameters<typeof parseRedeemCustomerCredit>[0]>;
type MembershipOptions = Partial<Parameters<typeof parseCreateMembership>[0]>;

/** Makes an empty book at an instant, told as in `2026-01-31T10:00Z`. */
export function createCouponBook(start = '2026-01-31T00:00Z') {
  const book = createTestBook();
  let keyCount = 0;
  let now = Date.parse(start);
  const submit: typeof book.submit = (command) => {
    // The book moves its clock with every command; here it is the test's alone.
    book.state.instant = instantFromMs(now - 1);
    return book.submit(command);
  };
  return {
    ...book,
    submit,
    /** Lets time go on to an instant. */
    goTo: (text: string): Instant => instantFromMs((now = Date.parse(text))),
    now: (): Instant => instantFromMs(now),
    coupon: (terms: UncheckedCouponTerms = {}) =>
      submit(parseCreateCoupon({ terms: { name: 'Massage', ...massage, ...terms } })),
    issue: (couponId: string, options: IssueOptions = {}) =>
      submit(parseIssueCustomerCredit({ customerId: 'customer', couponId, ...options })),
    redeem: (customerCreditId: string, options: RedeemOptions = {}) => {
      const idempotencyKey = `use ${++keyCount}`;
      const use = { customerCreditId, reference: 'order', idempotencyKey };
      return submit(parseRedeemCustomerCredit({ ...use, ...options }));
    },
    reverse: (redemptionId: string) => submit(parseReverseRedemption({ redemptionId })),
    revoke: (customerCreditId: string) => submit(parseRevokeCustomerCredit({ customerCreditId })),
    rule: (couponId: string, terms: UncheckedCreditRuleTerms = {}) =>
      submit(parseCreateCreditRule({ terms: { couponId, ...monthly, ...terms } })),
    membership: (options: MembershipOptions = {}) => {
      const who = { customerId: 'customer', membershipTypeId: 'gold' };
      return submit(parseCreateMembership({ ...who, ...options }));
    },
    status: (membershipId: string, status: MembershipStatus) =>
      submit(parseSetMembershipStatus({ membershipId, status })),
    /** Books what is due, as the sweeper does. */
    sweep: (membershipId: string) =>
      submit({ kind: 'parsed', value: { kind: 'book_membership_periods', membershipId } }),
  };
}

const massage = { value: { kind: 'percentage', percentage: 100 } } as const;
const monthly = { membershipTypeId: 'gold', frequency: 'month', issueOnSignup: true } as const;

/** The record of a kind that a decision's event left. */
export function recordOf<K extends CouponRecord['kind']>(decision: Decision, kind: K): RecordOf<K> {
  assert('event' in decision, `the decision is about a ${kind}, not ${decision.kind}`);
  const [record] = recordsOf([decision.event], kind);
  assert(record !== undefined, `the event is about a ${kind}`);
  return record;
}

/** All records of a kind that events left, in their order. */
export function recordsOf<K extends CouponRecord['kind']>(
  events: readonly BookEvent[],
  kind: K,
): readonly RecordOf<K>[] {
  return events
    .flatMap(couponRecordsOf)
    .flatMap((each) => (each.kind === kind ? [each.record as RecordOf<K>] : []));
}
