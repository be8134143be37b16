// The part of the write of a batch that is about coupons and what comes of them.
import type { Book } from '@scrip/engine';
import { sql, type RawBuilder } from 'kysely';
import type { toCouponRows } from '../mapping/coupon-row.ts';
import { column, timestampOfColumn } from './columns.ts';

/** Only batches that touch coupons and the like have these parts. */
export function couponParts(
  book: Book,
  { records, ofCustomers }: ReturnType<typeof toCouponRows>,
): RawBuilder<unknown> {
  return sql`
    coupon_records as (
      insert into coupon_record (
        book_id, kind, sequence, line, last_sequence, status, customer_id, parent_id, code,
        redemption_type, multi_use, issued_at, expires_at, next_due_at, period_key
      )
      select ${book.id}::int4, kind, sequence, line, last_sequence, status, customer_id, parent_id,
        code, redemption_type, multi_use, ${timestampOfColumn('issued_ms')},
        ${timestampOfColumn('expires_ms')}, ${timestampOfColumn('next_due_ms')}, period_key
      from unnest(
        ${column(records, 'kind')}::int2[], ${column(records, 'sequence')}::int8[],
        ${column(records, 'line')}::int4[], ${column(records, 'last_sequence')}::int8[],
        ${column(records, 'status')}::int2[], ${column(records, 'customer_id')}::text[],
        ${column(records, 'parent_id')}::text[], ${column(records, 'code')}::text[],
        ${column(records, 'redemption_type')}::int2[], ${column(records, 'multi_use')}::bool[],
        ${column(records, 'issued_ms')}::int8[], ${column(records, 'expires_ms')}::int8[],
        ${column(records, 'next_due_ms')}::int8[], ${column(records, 'period_key')}::text[]
      ) as r (
        kind, sequence, line, last_sequence, status, customer_id, parent_id, code,
        redemption_type, multi_use, issued_ms, expires_ms, next_due_ms, period_key
      )
      on conflict (book_id, kind, sequence, line) do update
      set last_sequence = excluded.last_sequence, status = excluded.status,
        redemption_type = excluded.redemption_type, next_due_at = excluded.next_due_at
    ),
    customer_events as (
      insert into customer_event (book_id, customer_id, sequence)
      select ${book.id}::int4, customer_id, sequence
      from unnest(
        ${column(ofCustomers, 'customer_id')}::text[], ${column(ofCustomers, 'sequence')}::int8[]
      ) as c (customer_id, sequence)
    ),`;
}
