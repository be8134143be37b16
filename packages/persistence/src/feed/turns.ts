// Turns at a few connections, so that ten thousand streams which fell behind at once wait in order
// and in memory, and what keeps all others live does not wait behind them.

/** Who goes before whom. */
export type Rank = 'whole_book' | 'some_accounts';

/** Turns for work, so much of it at a time. */
export interface Turns {
  /** Does the work when it is its turn: a whole book's before that of some accounts. */
  take<T>(rank: Rank, work: () => Promise<T>): Promise<T>;
  /** Work that waits for its turn. */
  waitingCount(): number;
}

/** Makes turns for so much work at a time. */
export function createTurns(countMax: number): Turns {
  const waiting: Readonly<Record<Rank, Waiting>> = {
    whole_book: createWaiting(),
    some_accounts: createWaiting(),
  };
  let workingCount = 0;
  const next = (): void => {
    if (workingCount === countMax) return;
    const start = waiting.whole_book.shift() ?? waiting.some_accounts.shift();
    if (start === undefined) return;
    workingCount++;
    start();
  };
  return {
    take: async (rank, work) => {
      await new Promise<void>((start) => {
        waiting[rank].push(start);
        next();
      });
      try {
        return await work();
      } finally {
        workingCount--;
        next();
      }
    },
    waitingCount: () => waiting.whole_book.count() + waiting.some_accounts.count(),
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
