// Which record an id stands for, and whether it is the one that is there.
import type { Book } from '@scrip/engine';
import { recordKinds, type CouponRecord, type RecordKind, type RecordPlace } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { fromMs } from '../mapping/instant-column.ts';

/** A record of a kind, as it is. */
export type RecordOf<K extends RecordKind> = Extract<CouponRecord, { readonly kind: K }>['record'];

/** An id, and where its record must stand if there is one. */
export interface LocatedRecord {
  readonly id: string;
  /** Absent: no record of this kind has such an id. */
  readonly place: RecordPlace | undefined;
}

/** Tells where the record of a kind must stand. */
export function locateRecord(book: Book, kind: RecordKind, text: string): LocatedRecord {
  const id = text.toLowerCase();
  const place = book.ids.recordPlace(id);
  return { id, place: place?.kind === kind ? place : undefined };
}

/** The row of a located record in the book `b`: at most one, found by its key whatever is asked. */
export function selectPlaced(kind: RecordKind, { place }: LocatedRecord): RawBuilder<unknown> {
  return sql`
    select * from coupon_record
    where book_id = b.id and kind = ${recordKinds[kind]}::int2
      and sequence = ${place?.sequence ?? 0}::int8 and line = ${place?.line ?? 0}::int4
    limit 1`;
}

/** Whether the record that was made then is the one that is meant: a guessed id fails here. */
export function isMeantRecord(
  book: Book,
  { id, place }: LocatedRecord,
  createdMs: string | null,
): boolean {
  if (place === undefined || createdMs === null) return false;
  return book.ids.recordId(place, fromMs(createdMs)) === id;
}
