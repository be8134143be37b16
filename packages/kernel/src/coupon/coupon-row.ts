// Coupons and what comes of them as rows: what lists and look-ups go by, besides the events.
import { couponRecordsOf, type BookEvent } from '../book/event.ts';
import type { CustomerCredit } from '../customer-credit/customer-credit.ts';
import { nextPeriodAt } from '../membership/membership.ts';
import { assert } from '../value/assert.ts';
import type { Ids } from '../value/id.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import type { Sequence } from '../value/sequence.ts';
import type { CouponCode, RedemptionType } from './coupon.ts';
import type { CouponRecord } from './coupon-change.ts';

/** Where a record stands: uses of a coupon stand where the coupon does, as a kind of their own. */
export interface CouponRowKey {
  readonly kind: CouponRecord['kind'];
  /** The event that made it. */
  readonly sequence: Sequence;
  readonly line: number;
}

/** What is stored of a record besides the events that tell it. */
export interface CouponRow extends CouponRowKey {
  /** The last event that touched it. */
  readonly lastSequence: Sequence;
  /** Of a coupon or a rule `closed` is deleted, of a credit redeemed, of a redemption reversed. */
  readonly status: 'open' | 'closed' | 'revoked';
  /** Whose credit or membership it is, or for whom a code is that is of no credit. */
  readonly customerId?: string;
  /** The coupon of a code, the credit of a redemption, the type of a membership or a rule. */
  readonly parentId?: string;
  readonly code?: string;
  readonly redemptionType?: RedemptionType;
  readonly multiUse?: boolean;
  readonly issuedAt?: Instant;
  readonly expiresAt?: Instant;
  readonly nextDueAt?: Instant;
  /** Of a credit of a rule: it is unique in the book. */
  readonly periodKey?: string;
}

/** The row of a record as an event left it. */
export function couponRowOf(ids: Ids, each: CouponRecord, lastSequence: Sequence): CouponRow {
  return { ...couponRowKeyOf(ids, each), lastSequence, status: 'open', ...detailsOf(each) };
}

/** Where the row of a record stands. */
export function couponRowKeyOf(ids: Ids, { kind, record }: CouponRecord): CouponRowKey {
  const id = kind === 'coupon_uses' ? record.couponId : record.id;
  const place = ids.recordPlace(id);
  assert(place !== undefined, 'a record is one of the book');
  return { kind, sequence: place.sequence, line: place.line };
}

/** A key as a text. */
export function couponRowName({ kind, sequence, line }: CouponRowKey): string {
  return `${kind} ${sequence} ${line}`;
}

/** The rows that events leave: each record as the last of them has it. */
export function couponRowsOf(ids: Ids, events: readonly BookEvent[]): readonly CouponRow[] {
  const rows = new Map<string, CouponRow>();
  for (const event of events) {
    for (const each of couponRecordsOf(event)) {
      const row = couponRowOf(ids, each, event.sequence);
      rows.set(couponRowName(row), row);
    }
  }
  return [...rows.values()];
}

type Details = Partial<Omit<CouponRow, 'lastSequence' | keyof CouponRowKey>>;

function detailsOf(each: CouponRecord): Details {
  switch (each.kind) {
    case 'coupon': {
      const { redemptionType } = each.record.terms;
      return { ...closedAt(each.record.deletedAt), redemptionType };
    }
    case 'coupon_code':
      return detailsOfCode(each.record);
    case 'coupon_uses':
      return {};
    case 'customer_credit':
      return detailsOfCredit(each.record);
    case 'redemption':
      return { ...closedAt(each.record.reversedAt), parentId: each.record.customerCreditId };
    case 'membership': {
      const { customerId, membershipTypeId } = each.record;
      const due = present('nextDueAt', inColumn(nextPeriodAt(each.record)));
      return { customerId, parentId: membershipTypeId, ...due };
    }
    case 'credit_rule':
      return { ...closedAt(each.record.deletedAt), parentId: each.record.terms.membershipTypeId };
  }
}

function closedAt(instant: Instant | undefined): Details {
  return { status: instant === undefined ? 'open' : 'closed' };
}

function detailsOfCode({ couponId, code, customerId, customerCreditId }: CouponCode): Details {
  const names = customerCreditId === undefined ? present('customerId', customerId) : {};
  return { parentId: couponId, code, ...names };
}

function detailsOfCredit(credit: CustomerCredit): Details {
  const { customerId, multiUse, issuedAt, expiresAt, redeemedAt, revokedAt } = credit;
  return {
    ...(revokedAt === undefined ? closedAt(redeemedAt) : { status: 'revoked' as const }),
    customerId,
    multiUse,
    ...present('issuedAt', inColumn(issuedAt)),
    ...present('expiresAt', inColumn(expiresAt)),
    ...present('periodKey', periodKeyOf(credit)),
  };
}

function periodKeyOf({ membershipId, ruleIssue }: CustomerCredit): string | undefined {
  if (membershipId === undefined || ruleIssue === undefined) return undefined;
  const { ruleId, frequency, period } = ruleIssue;
  return `${membershipId} ${ruleId} ${frequency} ${period}`;
}

// The end of the year 9999, with which texts of timestamps end.
const lastInColumn = 253_402_300_799_999;

function inColumn(instant: Instant | undefined): Instant | undefined {
  return instant === undefined ? undefined : (Math.min(instant, lastInColumn) as Instant);
}
