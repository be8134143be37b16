// Looks at something that changes: one look at a time, and never too few.

/** Looks when it is told to. */
export interface Looking {
  /** There may be something new: a look begins now, or as soon as the one under way has ended. */
  nudge(): void;
  /** Resolves after a look that began after this call; rejects when that look fails. */
  fresh(): Promise<void>;
}

/** Makes a looking. What `look` throws is told to those who wait for it, and to nobody else. */
export function createLooking(look: () => Promise<void>): Looking {
  let isWanted = false;
  let isLooking = false;
  let waiting: PromiseWithResolvers<void>[] = [];

  const run = async (): Promise<void> => {
    isLooking = true;
    while (isWanted) {
      isWanted = false;
      const served = waiting;
      waiting = [];
      try {
        await look();
        for (const { resolve } of served) resolve();
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    isLooking = false;
  };
  const nudge = (): void => {
    isWanted = true;
    if (!isLooking) void run();
  };
  return {
    nudge,
    fresh: () => {
      const waiter = Promise.withResolvers<void>();
      waiting.push(waiter);
      nudge();
      return waiter.promise;
    },
  };
}
