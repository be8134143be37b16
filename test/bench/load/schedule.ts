// When calls are due at a fixed rate, as they come from callers who do not know of each other.
// Nothing that the server does moves the schedule: a call that waits for a free place, or for a
// server that stands still, is late by as much.

/** Gives the milliseconds from the beginning at which the next call is due; they never go back. */
export function createSchedule(callsPerSecond: number, random: () => number): () => number {
  const meanGapMs = 1_000 / callsPerSecond;
  let dueMs = 0;
  return () => (dueMs -= Math.log(1 - random()) * meanGapMs);
}
