// The real clock. Everything else is handed one.

/** Tells the time in whole milliseconds since 1970. */
export type Clock = {
  readonly nowMs: () => number;
};

/** The clock of the machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };
