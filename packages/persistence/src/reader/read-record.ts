// Reads one coupon, credit, membership or rule by its id, with the clock of its book.
import type { Book, ReadAnswer } from '@scrip/engine';
import type { Instant, RecordKind, Refusal } from '@scrip/kernel';
import { sql } from 'kysely';
import { fromToldCoupons, type ToldCouponRow } from '../mapping/coupon-row.ts';
import { fromMs } from '../mapping/instant-column.ts';
import { locateRecord, selectPlaced, type RecordOf } from './find-record.ts';
import {
  answer,
  clockColumns,
  firstRow,
  joinClock,
  refused,
  type ClockRow,
  type ReadContext,
} from './read-context.ts';

/** Which record to read, and what to say when there is none. */
export interface NamedRecord<K extends RecordKind> {
  readonly kind: K;
  readonly id: string;
  readonly refuseUnknown: (id: string) => Refusal;
  /** One that does not pass is unknown. */
  readonly isMeant?: (record: RecordOf<K>) => boolean;
}

/** A record as it is, and the book's clock. */
export interface FoundRecord<T> {
  readonly record: T;
  readonly instant: Instant;
}

type RecordRow = ClockRow & (ToldCouponRow | { readonly sequence: null });

/** Reads one record. */
export async function readRecord<K extends RecordKind>(
  { run, codec }: ReadContext,
  book: Book,
  { kind, id, refuseUnknown, isMeant = () => true }: NamedRecord<K>,
): Promise<ReadAnswer<FoundRecord<RecordOf<K>>>> {
  const located = locateRecord(book, kind, id);
  const row = firstRow(
    await run(sql<RecordRow>`
      select ${clockColumns}, r.kind, r.sequence, r.line, r.last_sequence, v.body
      from book b
      ${joinClock}
      left join lateral (${selectPlaced(kind, located)}) r on true
      left join lateral (
        select body from event where book_id = b.id and sequence = r.last_sequence limit 1
      ) v on true
      where b.id = ${book.id}::int4`),
  );
  const [told] = isTold(row) ? fromToldCoupons([row], { book, codec }) : [];
  const record = told?.found.record as RecordOf<K> | undefined;
  if (record === undefined || record.id !== located.id || !isMeant(record)) {
    return refused(row, refuseUnknown(id));
  }
  return answer(row, { record, instant: fromMs(row.now_ms) });
}

function isTold(row: RecordRow): row is ClockRow & ToldCouponRow {
  return row.sequence !== null;
}
