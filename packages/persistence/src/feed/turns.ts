// Turns at a few connections, so that ten thousand streams which fell behind at once wait in order
// and in memory, what keeps all others live does not wait behind them, and no kind of stream
// keeps another waiting.
import type { FeedAsker } from '@scrip/engine';

/** Turns for work, so much of it at a time. */
export interface Turns {
  /**
   * Does the work when it is its turn. Looks go first, and one connection is kept free for them.
   * Streams of whole books and of accounts take turns, each kind in order.
   */
  take<T>(asker: FeedAsker, work: () => Promise<T>): Promise<T>;
  /** Work that waits for its turn. */
  waitingCount(): number;
}

/** Makes turns for so much work at a time. */
export function createTurns(countMax: number): Turns {
  const looks = createWaiting();
  const streams = createFairWaiting();
  const streamCountMax = Math.max(1, countMax - 1);
  let workingCount = 0;
  let streamCount = 0;
  const next = (): void => {
    if (workingCount === countMax) return;
    const start = looks.shift() ?? (streamCount < streamCountMax ? streams.shift() : undefined);
    start?.();
  };
  return {
    take: async (asker, work) => {
      const count = asker === 'look' ? 0 : 1;
      await new Promise<void>((resolve) => {
        const start = (): void => {
          workingCount += 1;
          streamCount += count;
          resolve();
        };
        if (asker === 'look') looks.push(start);
        else streams.push(asker, start);
        next();
      });
      try {
        return await work();
      } finally {
        workingCount -= 1;
        streamCount -= count;
        next();
      }
    },
    waitingCount: () => looks.count() + streams.count(),
  };
}

type StreamAsker = Exclude<FeedAsker, 'look'>;

interface FairWaiting extends Omit<Waiting, 'push'> {
  push(asker: StreamAsker, start: () => void): void;
}

/** Gives up one of each kind in turns, and of the other where one kind has none. */
function createFairWaiting(): FairWaiting {
  const books = createWaiting();
  const accounts = createWaiting();
  let order = [books, accounts] as const;
  return {
    push: (asker, start) => (asker === 'book_stream' ? books : accounts).push(start),
    shift: () => {
      const [first, second] = order;
      const start = first.shift();
      if (start === undefined) return second.shift();
      order = [second, first];
      return start;
    },
    count: () => books.count() + accounts.count(),
  };
}

interface Waiting {
  push(start: () => void): void;
  shift(): (() => void) | undefined;
  count(): number;
}

/** A set keeps the order of its members, and gives up the first at no cost. */
function createWaiting(): Waiting {
  const starts = new Set<() => void>();
  return {
    push: (start) => void starts.add(start),
    shift: () => {
      const [first] = starts;
      if (first !== undefined) starts.delete(first);
      return first;
    },
    count: () => starts.size,
  };
}
