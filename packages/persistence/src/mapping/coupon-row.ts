// Coupons and what comes of them as rows that point at the events which say what they are.
import { type Batch, type Book, type EventCodec, type FoundCoupon } from '@scrip/engine';
import {
  assert,
  couponRecordsOf,
  customerIdOf,
  isCouponChange,
  present,
  recordKinds,
  type RedemptionType,
  type BookEvent,
  type Sequence,
  couponRowKeyOf,
  couponRowName,
  couponRowsOf,
  type CouponRow,
  type CouponRowKey,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromMs } from './instant-column.ts';

/** The number of each kind of record in the column `kind`. Numbers are never used again. */
export const couponKinds = {
  ...recordKinds,
  coupon_uses: 7,
} as const satisfies Record<CouponRow['kind'], number>;

/** The number of each status in the column `status`. */
export const couponStatuses = {
  open: 0,
  closed: 1,
  revoked: 2,
} as const satisfies Record<CouponRow['status'], number>;

/** The number of each redemption type in the column `redemption_type`. */
export const redemptionTypes = { manual: 1, credit: 2 } as const;

/** The columns of a record. */
interface CouponColumns {
  readonly kind: number;
  readonly sequence: number;
  readonly line: number;
  readonly last_sequence: number;
  readonly status: number;
  readonly customer_id: string | null;
  readonly parent_id: string | null;
  readonly code: string | null;
  readonly redemption_type: number | null;
  readonly multi_use: boolean | null;
  readonly issued_ms: number | null;
  readonly expires_ms: number | null;
  readonly next_due_ms: number | null;
  readonly period_key: string | null;
}

/** The columns of an event about a customer's credit or membership. */
interface CustomerEventColumns {
  readonly customer_id: string;
  readonly sequence: number;
}

/** The rows that a batch leaves: each record as its last event has it, and customers' events. */
export function toCouponRows(
  book: Book,
  batch: Batch,
): { readonly records: readonly CouponColumns[]; readonly ofCustomers: CustomerEventColumns[] } {
  const events = batch.events.map(({ event }) => event).filter(isOfCoupons);
  const ofCustomers = events.flatMap((event) => {
    const customerId = customerIdOf(event);
    return customerId === undefined ? [] : { customer_id: customerId, sequence: event.sequence };
  });
  return { records: couponRowsOf(book.ids, events).map(toColumns), ofCustomers };
}

function isOfCoupons({ change }: BookEvent): boolean {
  return isCouponChange(change);
}

function toColumns(row: CouponRow): CouponColumns {
  const { redemptionType } = row;
  return {
    kind: couponKinds[row.kind],
    sequence: row.sequence,
    line: row.line,
    last_sequence: row.lastSequence,
    status: couponStatuses[row.status],
    customer_id: row.customerId ?? null,
    parent_id: row.parentId ?? null,
    code: row.code ?? null,
    redemption_type: redemptionType === undefined ? null : redemptionTypes[redemptionType],
    multi_use: row.multiUse ?? null,
    issued_ms: row.issuedAt ?? null,
    expires_ms: row.expiresAt ?? null,
    next_due_ms: row.nextDueAt ?? null,
    period_key: row.periodKey ?? null,
  };
}

/** What a select gives of the columns: the driver gives large numbers as texts. */
export interface StoredCouponColumns extends Omit<
  CouponColumns,
  'sequence' | 'last_sequence' | 'issued_ms' | 'expires_ms' | 'next_due_ms'
> {
  readonly sequence: string;
  readonly last_sequence: string;
  readonly issued_ms: string | null;
  readonly expires_ms: string | null;
  readonly next_due_ms: string | null;
}

/** Reads a row as it is stored. */
export function fromColumns(row: StoredCouponColumns): CouponRow {
  const instantOf = (ms: string | null) => (ms === null ? undefined : fromMs(ms));
  return {
    kind: kindOf(row.kind),
    sequence: Number(row.sequence) as Sequence,
    line: row.line,
    lastSequence: Number(row.last_sequence) as Sequence,
    status: statusOf(row.status),
    ...present('customerId', row.customer_id ?? undefined),
    ...present('parentId', row.parent_id ?? undefined),
    ...present('code', row.code ?? undefined),
    ...present('redemptionType', redemptionTypeOf(row.redemption_type)),
    ...present('multiUse', row.multi_use ?? undefined),
    ...present('issuedAt', instantOf(row.issued_ms)),
    ...present('expiresAt', instantOf(row.expires_ms)),
    ...present('nextDueAt', instantOf(row.next_due_ms)),
    ...present('periodKey', row.period_key ?? undefined),
  };
}

function redemptionTypeOf(number: number | null): RedemptionType | undefined {
  if (number === null) return undefined;
  return number === redemptionTypes.manual ? 'manual' : 'credit';
}

// A constraint keeps other numbers out.
function statusOf(number: number): CouponRow['status'] {
  if (number === couponStatuses.open) return 'open';
  return number === couponStatuses.closed ? 'closed' : 'revoked';
}

/** A record, and the event that tells it. Only one record of an event has its body with it. */
export interface ToldCouponRow {
  readonly kind: number;
  readonly sequence: string;
  readonly line: number;
  readonly last_sequence: string;
  readonly body: Uint8Array | null;
}

/**
 * Rows of records with the `body` of each event once, in the book that `bookId` is. `records` has
 * the columns `kind`, `sequence`, `line` and `last_sequence`, each record once.
 */
export function selectToldCoupons(
  records: RawBuilder<unknown>,
  { bookId }: { readonly bookId: RawBuilder<unknown> },
): RawBuilder<ToldCouponRow> {
  return sql<ToldCouponRow>`
    select t.kind, t.sequence, t.line, t.last_sequence, v.body
    from (
      select x.*, row_number() over (partition by x.last_sequence) as place from (${records}) x
    ) t
    left join lateral (
      select body from event
      where book_id = ${bookId} and sequence = t.last_sequence and t.place = 1 limit 1
    ) v on true`;
}

/** Reads records, in the order of the rows, each event once: one can tell many. */
export function fromToldCoupons(
  rows: readonly ToldCouponRow[],
  { book, codec }: { readonly book: Book; readonly codec: EventCodec },
): readonly FoundCoupon[] {
  const toldBySequence = new Map(
    rows.flatMap(({ last_sequence: sequence, body }) => {
      if (body === null) return [];
      const event = codec.decode(body);
      const records = couponRecordsOf(event);
      const byName = new Map(
        records.map((each) => [couponRowName(couponRowKeyOf(book.ids, each)), each]),
      );
      return [[sequence, { event, byName }]];
    }),
  );
  return rows.map((row) => {
    const told = toldBySequence.get(row.last_sequence);
    const found = told?.byName.get(couponRowName(keyOf(row)));
    assert(told !== undefined && found !== undefined, 'an event holds the records it touched');
    return { found, event: told.event };
  });
}

function keyOf({ kind, sequence, line }: ToldCouponRow): CouponRowKey {
  return { kind: kindOf(kind), sequence: Number(sequence) as Sequence, line };
}

function kindOf(number: number): CouponRow['kind'] {
  const kind = allKinds.find((each) => couponKinds[each] === number);
  assert(kind !== undefined, 'a record is of a known kind');
  return kind;
}

const allKinds = Object.keys(couponKinds) as readonly CouponRow['kind'][];
