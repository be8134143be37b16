// A binary heap: what comes first of many things, without putting all of them in order.

/** Things that are taken one by one, the first of those that are left each time. */
export interface Heap<T> {
  push(item: T): void;
  /** The first of all, where it stays. */
  peek(): T | undefined;
  /** Takes the first of all. */
  pop(): T | undefined;
}

/** Makes a heap of things; the array becomes the heap's own. Below zero: the first comes first. */
export function createHeap<T>(items: T[], compare: (a: T, b: T) => number): Heap<T> {
  const sink = (start: number): void => {
    const item = items[start] as T;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && compare(items[right] as T, items[child] as T) < 0) child = right;
      if (compare(items[child] as T, item) >= 0) break;
      items[place] = items[child] as T;
      place = child;
    }
    items[place] = item;
  };
  for (let place = (items.length >> 1) - 1; place >= 0; place--) sink(place);
  return {
    peek: () => items[0],
    push: (item) => {
      let place = items.length;
      items.push(item);
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (compare(items[parent] as T, item) <= 0) break;
        items[place] = items[parent] as T;
        place = parent;
      }
      items[place] = item;
    },
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last as T;
        sink(0);
      }
      return first;
    },
  };
}
