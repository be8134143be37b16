// Places in a filtered history: where attempts begin, and what is wrong there.
import type { Attempt } from '../record/watch.ts';
import type { Expected } from './filter.ts';
import type { Property } from './violation.ts';

/** An attempt with what is known about it. */
export type Judged = {
  readonly attempt: Attempt;
  /** The whole filtered history. */
  readonly expected: readonly Expected[];
  /** Where in it the attempt may have begun: mostly one place. */
  readonly places: readonly number[];
};

export type Say = (property: Property, text: string) => void;

/** The place of the first event beyond a sequence. */
export function placeAfter(expected: readonly Expected[], sequence: number): number {
  let [low, high] = [0, expected.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((expected[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
