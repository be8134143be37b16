// What the searches for a page of history share.
import type { HistoryQuery } from '@scrip/engine';
import type { BookEvent } from '@scrip/kernel';
import type { RawBuilder } from 'kysely';
import { numberOfKind } from '../mapping/event-row.ts';

/** The part of a statement that finds the events of a page, and how far it looked for them. */
export interface Search {
  /**
   * Common table expressions, each with a comma after it; the last is `found (sequence, body)`,
   * with one event more than the page may hold if there is one. They may use `head`.
   */
  readonly parts: RawBuilder<unknown>;
  /** Where the search ended if the page holds all it found; within a query of `head`. */
  readonly horizon: RawBuilder<string>;
}

/** The numbers of the kinds that a filter keeps, if it names any. */
export function kindNumbers({ filter }: Pick<HistoryQuery, 'filter'>) {
  return filter.kinds && [...filter.kinds].map(numberOfKind);
}

/** Whether a filter keeps some of these kinds. */
export function keepsSome(
  { filter }: Pick<HistoryQuery, 'filter'>,
  kinds: readonly BookEvent['change']['kind'][],
): boolean {
  return filter.kinds === undefined || kinds.some((kind) => filter.kinds?.has(kind) === true);
}
