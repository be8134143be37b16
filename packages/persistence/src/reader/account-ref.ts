// How a read finds the account that a caller names.
import type { Book } from '@scrip/engine';
import type { AccountRef, Place } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { isAt } from '../mapping/account-row.ts';

/** A reference, and the place that its id stands for. */
export interface LocatedRef {
  readonly ref: AccountRef;
  readonly place?: Place;
}

/** Reads the place out of a reference by id. */
export function locate(book: Book, ref: AccountRef): LocatedRef {
  const place = ref.kind === 'id' ? book.ids.accountPlace(ref.id) : undefined;
  return place === undefined ? { ref } : { ref, place };
}

/** The condition on an account's row, one probe of an index. No id is 0. */
export function matches({ ref, place }: LocatedRef): RawBuilder<boolean> {
  return ref.kind === 'id'
    ? sql<boolean>`id = ${place?.sequence ?? 0}::int8`
    : sql<boolean>`external_id = ${ref.externalId}::text`;
}

/**
 * Joins a book `b` to what is named, `r` with its position, to the accounts `a` found by one probe
 * each, and to their units `u`. Each name has an id or an external id, and null for the other.
 */
export function joinNamed(ids: unknown, externalIds: unknown): RawBuilder<unknown> {
  return sql`
    left join unnest(${ids}::int8[], ${externalIds}::text[])
      with ordinality as r (id, external_id, position) on true
    left join lateral (
      (select * from account where book_id = b.id and id = r.id limit 1)
      union all
      (select * from account where book_id = b.id and external_id = r.external_id limit 1)
    ) a on true
    left join unit u on u.book_id = b.id and u.label = a.unit_label`;
}

/** Whether the row found is the account that was meant: a guessed id fails here. */
export function isMeant({ ref, place }: LocatedRef, createdMs: string | null): boolean {
  if (createdMs === null) return false;
  return ref.kind === 'external_id' || (place !== undefined && isAt(createdMs, place));
}
