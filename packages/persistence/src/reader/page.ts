// Pages by key, newest first, in both directions.
import type { Page, PageRequest } from '@scrip/engine';
import { refuse, type Place, type Refusal } from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { isAt } from '../mapping/account-row.ts';

/** The range of a page over a column of sequences. */
export interface PageRange {
  /** Rows on the page's side of the cursor, if there is one. */
  readonly condition: RawBuilder<boolean>;
  /** The direction of travel. */
  readonly order: RawBuilder<unknown>;
  /** One more than the page holds, to see whether there is more. */
  readonly limit: number;
}

/** The range of a page whose cursor, if any, stands at `place`. */
export function pageRange(column: string, page: PageRequest, place: Place | undefined): PageRange {
  const isBackwards = page.cursor?.direction === 'before';
  const sequence = sql`${place?.sequence ?? 0}::int8`;
  return {
    condition:
      page.cursor === undefined
        ? sql<boolean>`true`
        : isBackwards
          ? sql<boolean>`${sql.ref(column)} > ${sequence}`
          : sql<boolean>`${sql.ref(column)} < ${sequence}`,
    order: isBackwards ? sql`${sql.ref(column)} asc` : sql`${sql.ref(column)} desc`,
    limit: page.size + 1,
  };
}

/** The page of rows read in the direction of travel; what is beyond its size only says so. */
export function pageOf<T>(page: PageRequest, rows: readonly T[]): Page<T> {
  const items = rows.slice(0, page.size);
  if (page.cursor?.direction === 'before') items.reverse();
  return { items, hasMore: rows.length > page.size };
}

/** Refuses a cursor that stands for nothing in this list. */
export function judgeCursor(
  page: PageRequest,
  place: Place | undefined,
  createdMs: string | null,
): Refusal | undefined {
  if (page.cursor === undefined) return undefined;
  if (place !== undefined && createdMs !== null && isAt(createdMs, place)) return undefined;
  const field = page.cursor.direction === 'after' ? 'starting_after' : 'ending_before';
  return refuse('CURSOR_INVALID', `${field} names nothing in this list.`, { field });
}
