// Items of somebody who pushes, for somebody who iterates.

export type Queue<Item> = {
  readonly items: AsyncIterable<Item>;
  readonly put: (item: Item) => void;
  /** Ends it: with an error that is thrown once all items are taken, or without. */
  readonly end: (error?: Error) => void;
};

export function createQueue<Item>(): Queue<Item> {
  const waiting: Item[] = [];
  let ended: { readonly error: Error | undefined } | undefined;
  let wake = (): void => undefined;
  async function* take(): AsyncIterable<Item> {
    for (;;) {
      const item = waiting.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      if (ended?.error !== undefined) throw ended.error;
      if (ended !== undefined) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    items: take(),
    put: (item) => {
      waiting.push(item);
      wake();
    },
    end: (error) => {
      ended ??= { error };
      wake();
    },
  };
}
