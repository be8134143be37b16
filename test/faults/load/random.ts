// Random numbers that a seed repeats.

export type Random = {
  /** At least 0 and below 1. */
  readonly next: () => number;
  /** A whole number from 0 to below the count. */
  readonly below: (count: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of the items; nothing of an empty list. */
  readonly pick: <T>(items: readonly T[]) => T | undefined;
};

/** A small generator (mulberry32): good enough to choose what to do next. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)],
  };
}
