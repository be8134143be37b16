// The memory of the rings of all books together: the book that was quiet for longest gives up.

/** Whatever holds memory and can do with less. */
interface Holder {
  /** Forgets the oldest that it holds; answers whether it had anything. */
  forgetOldest(): boolean;
}

/** Counts what all holders hold. */
export interface RingBudget {
  /** So many bytes more are held, or less. */
  add(bytes: number): void;
  /** This holder has just grown: it is the last to give up something for what is too much. */
  settle(grown: Holder): void;
  /** This holder holds nothing more. */
  leave(holder: Holder): void;
  /** What is held. */
  byteCount(): number;
}

/** Makes a budget of so many bytes. */
export function createRingBudget(bytesMax: number): RingBudget {
  // A set keeps the order in which its members came: the quietest is the first.
  const holders = new Set<Holder>();
  let byteCount = 0;
  return {
    add: (bytes) => {
      byteCount += bytes;
    },
    settle: (grown) => {
      holders.delete(grown);
      holders.add(grown);
      while (byteCount > bytesMax) {
        const [quietest] = holders;
        if (quietest === undefined) return;
        if (!quietest.forgetOldest()) holders.delete(quietest);
      }
    },
    leave: (holder) => {
      holders.delete(holder);
    },
    byteCount: () => byteCount,
  };
}
