// The parts of the write of a batch that are about coupons and what comes of them.
import { sql } from 'kysely';
import type { Part, Write } from './append-parts.ts';
import { namesOf, timestampOfColumn, type ColumnTypes } from './columns.ts';

const recordColumns: ColumnTypes<Write['records'][number]> = {
  kind: 'int2',
  sequence: 'int8',
  line: 'int4',
  last_sequence: 'int8',
  status: 'int2',
  customer_id: 'text',
  parent_id: 'text',
  code: 'text',
  redemption_type: 'int2',
  multi_use: 'bool',
  issued_ms: 'int8',
  expires_ms: 'int8',
  next_due_ms: 'int8',
  period_key: 'text',
};

export const upsertCouponRecords: Part = ({ book, records }, tableOf) => sql`
  insert into coupon_record (
    book_id, kind, sequence, line, last_sequence, status, customer_id, parent_id, code,
    redemption_type, multi_use, issued_at, expires_at, next_due_at, period_key
  )
  select ${book}::int4, kind, sequence, line, last_sequence, status, customer_id, parent_id,
    code, redemption_type, multi_use, ${timestampOfColumn('issued_ms')},
    ${timestampOfColumn('expires_ms')}, ${timestampOfColumn('next_due_ms')}, period_key
  from ${tableOf(records, 'r', recordColumns)}
  on conflict (book_id, kind, sequence, line) do update
  set last_sequence = excluded.last_sequence, status = excluded.status,
    redemption_type = excluded.redemption_type, next_due_at = excluded.next_due_at`;

const ofCustomerColumns: ColumnTypes<Write['ofCustomers'][number]> = {
  customer_id: 'text',
  sequence: 'int8',
};

export const insertCustomerEvents: Part = ({ book, ofCustomers }, tableOf) => sql`
  insert into customer_event (book_id, ${namesOf(ofCustomerColumns)})
  select ${book}::int4, ${namesOf(ofCustomerColumns)}
  from ${tableOf(ofCustomers, 'c', ofCustomerColumns)}`;
