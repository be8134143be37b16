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

/** Whether the row found is the account that was meant: a guessed id fails here. */
export function isMeant({ ref, place }: LocatedRef, createdMs: string | null): boolean {
  if (createdMs === null) return false;
  return ref.kind === 'external_id' || (place !== undefined && isAt(createdMs, place));
}
