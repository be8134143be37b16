// Where the events of coupons and what comes of them are said to be, and those of customers.
import type { Book, StoredCustomerEvent } from '@scrip/engine';
import type { Sequence, CouponRow } from '@scrip/kernel';
import { sql } from 'kysely';
import type { Run } from '../connection/run.ts';
import { fromColumns, type StoredCouponColumns } from '../mapping/coupon-row.ts';
import { selectMs } from '../mapping/instant-column.ts';
import { pageSize, readPages } from './pages.ts';

/** The records of a book, by kind and the sequence that made them. */
export async function* readCouponPages(run: Run, book: Book): AsyncIterable<CouponRow> {
  const rows = readPages<StoredCouponColumns>(
    run,
    (last) => sql<StoredCouponColumns>`
      select kind, sequence, line, last_sequence, status, customer_id, parent_id, code,
        redemption_type, multi_use, ${selectMs('issued_at')} as issued_ms,
        ${selectMs('expires_at')} as expires_ms, ${selectMs('next_due_at')} as next_due_ms,
        period_key
      from coupon_record
      where book_id = ${book.id}::int4 and (kind, sequence, line) > (
        ${last?.kind ?? 0}::int2, ${last?.sequence ?? 0}::int8, ${last?.line ?? 0}::int4
      )
      order by kind, sequence, line limit ${pageSize}::int8`,
  );
  for await (const row of rows) yield fromColumns(row);
}

interface CustomerEventRow {
  readonly customer_id: string;
  readonly sequence: string;
}

/** The events of customers, by customer and sequence. */
export async function* readCustomerEventPages(
  run: Run,
  book: Book,
): AsyncIterable<StoredCustomerEvent> {
  const rows = readPages<CustomerEventRow>(
    run,
    (last) => sql<CustomerEventRow>`
      select customer_id, sequence from customer_event
      where book_id = ${book.id}::int4 and (customer_id, sequence) > (
        ${last?.customer_id ?? ''}::text, ${last?.sequence ?? 0}::int8
      )
      order by customer_id, sequence limit ${pageSize}::int8`,
  );
  for await (const row of rows) {
    yield { customerId: row.customer_id, sequence: Number(row.sequence) as Sequence };
  }
}
