// A queue in ascending order: things leave it where they are oldest, and are found by halving.

/** Things in ascending order. */
export interface SortedQueue<T extends object> {
  push(last: T): void;
  /** Takes the first out, and keeps nothing of it. */
  shift(): T | undefined;
  /** The first that is far enough on; all after it are as well. */
  find(isReached: (item: T) => boolean): T | undefined;
  clear(): void;
}

/** Makes an empty queue. */
export function createSortedQueue<T extends object>(): SortedQueue<T> {
  // Places before the first are blank; the array is cut when half of it is.
  let items: (T | undefined)[] = [];
  let first = 0;
  return {
    push: (last) => {
      items.push(last);
    },
    shift: () => {
      const item = items[first];
      if (item === undefined) return undefined;
      items[first++] = undefined;
      if (first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    find: (isReached) => {
      let low = first;
      let high = items.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const item = items[middle];
        if (item !== undefined && isReached(item)) high = middle;
        else low = middle + 1;
      }
      return items[low];
    },
    clear: () => {
      items = [];
      first = 0;
    },
  };
}
