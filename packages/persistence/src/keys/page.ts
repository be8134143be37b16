// Pages of stores and keys, the oldest first.
import type { Instant } from '@scrip/kernel';

/** Which page: how many things, and the id of the last one already seen. */
export interface PageAfter {
  readonly size: number;
  readonly after?: string;
}

/** One page, and whether there is more after it. */
export interface KeysPage<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** The order of every list: by instant, then by id, so that no two share a place. */
export const oldestFirst = { createdAt: 'asc', id: 'asc' } as const;

/** What comes after a thing in that order; everything where there is none. */
export function afterPlace(
  place: { readonly id: string; readonly createdAt: Instant } | undefined,
) {
  if (place === undefined) return {};
  const createdAt = new Date(place.createdAt);
  return { $or: [{ createdAt: { $gt: createdAt } }, { createdAt, id: { $gt: place.id } }] };
}

/** A page from what was found with one thing more than the page holds. */
export function pageOf<T>(found: readonly T[], size: number): KeysPage<T> {
  return { items: found.slice(0, size), hasMore: found.length > size };
}
