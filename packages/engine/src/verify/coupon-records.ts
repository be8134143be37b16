// What the events make of coupons and what comes of them, as far as it is stored beside the events,
// and the rules that they must keep, whoever decided them.
import {
  customerIdOf,
  couponRecordsOf,
  isCouponChange,
  type BookEvent,
  type CouponChange,
  type CouponRecord,
  type CustomerCredit,
  type Ids,
  type Instant,
  type Sequence,
  couponRowName,
  couponRowOf,
  type CouponRow,
} from '@scrip/kernel';
import { addHash, noHashes, type HashSum } from './hash-sum.ts';

/** What is kept of a row: enough to tell whether a stored one is the same. */
interface NotedRow extends Pick<CouponRow, 'kind' | 'sequence' | 'status' | 'lastSequence'> {
  readonly hash: bigint;
}

interface NotedCredit {
  readonly useCount: number;
  readonly expiresAt: Instant | undefined;
}

/** What the events make of the records of a book. */
export interface CouponRecords {
  /** By `couponRowName`. */
  readonly rows: Map<string, NotedRow>;
  readonly credits: Map<string, NotedCredit>;
  readonly usesByCoupon: Map<string, number>;
  readonly periodKeys: Set<string>;
  /** Of which events are about which customers. */
  customerEvents: HashSum;
}

/** No records. */
export function createCouponRecords(): CouponRecords {
  return {
    rows: new Map(),
    credits: new Map(),
    usesByCoupon: new Map(),
    periodKeys: new Set(),
    customerEvents: noHashes,
  };
}

/** Notes what an event does to records. Answers the first rule that it breaks, as a sentence. */
export function noteCoupons(
  records: CouponRecords,
  ids: Ids,
  event: BookEvent,
): string | undefined {
  const { change, sequence } = event;
  if (!isCouponChange(change)) return undefined;
  const broken = brokenUse(records, ids, { ...event, change });
  if (broken !== undefined) return broken;
  const customerId = customerIdOf(event);
  if (customerId !== undefined) {
    const line = customerLineOf({ customerId, sequence });
    records.customerEvents = addHash(records.customerEvents, line);
  }
  for (const each of couponRecordsOf(event)) {
    const strange = noteRecord(records, ids, { each, event });
    if (strange !== undefined) return strange;
  }
  return undefined;
}

/** An event of a customer as a line of a digest. */
export function customerLineOf(of: {
  readonly customerId: string;
  readonly sequence: Sequence;
}): string {
  return `${of.sequence} ${of.customerId}`;
}

/** A hash of all that a row says. */
export function hashOfRow(row: CouponRow): bigint {
  const { customerId, parentId, code, redemptionType, multiUse, periodKey } = row;
  const { issuedAt, expiresAt, nextDueAt } = row;
  const texts = [couponRowName(row), row.lastSequence, row.status, customerId, parentId, code];
  const more = [redemptionType, multiUse, issuedAt, expiresAt, nextDueAt, periodKey];
  return addHash(noHashes, JSON.stringify([...texts, ...more].map((each) => each ?? null))).sum;
}

function noteRecord(
  records: CouponRecords,
  ids: Ids,
  { each, event }: { readonly each: CouponRecord; readonly event: BookEvent },
): string | undefined {
  const row = couponRowOf(ids, each, event.sequence);
  const name = couponRowName(row);
  if (!records.rows.has(name)) {
    const strange = brokenId(ids, each, event);
    if (strange !== undefined) return strange;
    if (row.periodKey !== undefined) {
      if (records.periodKeys.has(row.periodKey)) return `issues twice for ${row.periodKey}`;
      records.periodKeys.add(row.periodKey);
    }
  }
  const { kind, sequence, status, lastSequence } = row;
  records.rows.set(name, { kind, sequence, status, lastSequence, hash: hashOfRow(row) });
  if (each.kind === 'coupon_uses') records.usesByCoupon.set(each.record.couponId, each.record.all);
  if (each.kind === 'customer_credit') {
    const { id, useCount, expiresAt } = each.record;
    records.credits.set(id, { useCount, expiresAt });
  }
  return undefined;
}

/** A record that is told for the first time was made by this event, and its id says so. */
function brokenId(ids: Ids, { kind, record }: CouponRecord, event: BookEvent): string | undefined {
  if (kind === 'coupon_uses') return undefined;
  const place = ids.recordPlace(record.id);
  const isIts =
    place?.sequence === event.sequence &&
    record.sequence === event.sequence &&
    ids.recordId(place, event.createdAt) === record.id;
  return isIts ? undefined : `tells of ${record.id}, which no event made`;
}

type CouponEvent = BookEvent & { readonly change: CouponChange };

/** The rules of uses: a credit is used while it is good, and each use is undone once. */
function brokenUse(records: CouponRecords, ids: Ids, event: CouponEvent): string | undefined {
  const { change } = event;
  switch (change.kind) {
    case 'customer_credit_redeemed':
    case 'redemption_reversed': {
      const by = change.kind === 'customer_credit_redeemed' ? 1 : -1;
      const { all, couponId } = change.uses;
      if (all !== (records.usesByCoupon.get(couponId) ?? 0) + by) {
        return `counts other uses of coupon ${couponId} than there were`;
      }
      const use = { kind: 'redemption', record: change.redemption } as const;
      const status = records.rows.get(couponRowName(couponRowOf(ids, use, event.sequence)))?.status;
      if (status !== (by === 1 ? undefined : 'open')) return 'undoes a use that does not stand';
      const isGood = by === -1 || isActive(records, ids, { credit: change.credit, event });
      if (!isGood) return `uses credit ${change.credit.id}, which is not active`;
      return brokenCount(records, change.credit, by);
    }
    case 'customer_credit_revoked':
      if (!isActive(records, ids, { credit: change.credit, event })) {
        return `revokes credit ${change.credit.id}, which is not active`;
      }
      return brokenCount(records, change.credit, 0);
    case 'customer_credit_issued':
    case 'membership_credits_issued': {
      const credits = 'credits' in change ? change.credits : [change.credit];
      const strange = credits.find(
        ({ id, useCount, redeemedAt, revokedAt }) =>
          records.credits.has(id) || useCount > 0 || (redeemedAt ?? revokedAt) !== undefined,
      );
      return strange && `issues credit ${strange.id} as one that is not new`;
    }
    default:
      return undefined;
  }
}

function isActive(
  { rows, credits }: CouponRecords,
  ids: Ids,
  { credit, event }: { readonly credit: CustomerCredit; readonly event: BookEvent },
): boolean {
  const each = { kind: 'customer_credit', record: credit } as const;
  const row = rows.get(couponRowName(couponRowOf(ids, each, event.sequence)));
  const { expiresAt = Infinity } = credits.get(credit.id) ?? {};
  return row?.status === 'open' && event.createdAt < expiresAt;
}

function brokenCount(
  { credits }: CouponRecords,
  { id, useCount, multiUse, redeemedAt, expiresAt }: CustomerCredit,
  by: 1 | 0 | -1,
): string | undefined {
  const before = credits.get(id);
  if (before === undefined) return `is about credit ${id}, which was never issued`;
  if (before.useCount + by !== useCount) return `counts other uses of credit ${id} than there were`;
  if (before.expiresAt !== expiresAt) return `moves the end of credit ${id}`;
  const isUsedUp = !multiUse && useCount > 0;
  return isUsedUp === (redeemedAt !== undefined)
    ? undefined
    : `leaves credit ${id} with another end of its uses`;
}
