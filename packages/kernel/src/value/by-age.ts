// Lists by age: what was made by an earlier event comes first, and no two are of one event.
import type { Sequence } from './id.ts';

interface Aged {
  readonly sequence: Sequence;
}

/** The one that an event made, if it is in the list. */
export function findByAge<T extends Aged>(items: readonly T[], sequence: Sequence): T | undefined {
  const item = items[placeOf(items, sequence)];
  return item?.sequence === sequence ? item : undefined;
}

/** The list with some replaced by what became of them; new ones are added, others left out. */
export function replaceByAge<T extends Aged>(
  items: readonly T[],
  changed: readonly T[],
  isKept: (item: T) => boolean,
): readonly T[] {
  const replaced = [...items];
  for (const item of changed) {
    const place = placeOf(replaced, item.sequence);
    const isThere = replaced[place]?.sequence === item.sequence;
    if (isThere && isKept(item)) replaced[place] = item;
    else replaced.splice(place, isThere ? 1 : 0, ...(isKept(item) ? [item] : []));
  }
  return replaced;
}

/** Where the first stands that is not older. */
function placeOf(items: readonly Aged[], sequence: Sequence): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as Aged).sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
