// What the next unit of work on a book will find, as far as memory tells: the head as the last one
// left it, and the database's clock. A caller alone is decided on it before the lock is asked for.
import { instantFromMs, type Instant } from '@scrip/kernel';
import { expectationMsMax, expectationPauseMsMax, expectationPauseMsMin } from './limits.ts';
import type { LockedHead } from './port/journal.ts';

/** What is expected of a book. */
export interface Expectation {
  /** The head, with the database's clock as it must be by now; nothing if not enough is known. */
  head(): LockedHead | undefined;
  /** Notes how a unit of work left the book, with the database's clock as it was told. */
  note(left: LockedHead): void;
  /** Forgets everything, after any failure. */
  drop(): void;
  /** Hears that the head was as expected. */
  wasMet(): void;
  /**
   * Hears that it was not, since another process wrote, or a caller sent a key again. Nothing is
   * expected for a while then, and for twice as long from time to time.
   */
  wasMissed(): void;
}

/** Milliseconds that only go forward, as of `performance.now`. */
export type Clock = () => number;

interface Noted {
  readonly left: LockedHead;
  readonly at: number;
}

/** Makes an expectation that knows nothing yet; without a clock it never does. */
export function createExpectation(clock: Clock | undefined): Expectation {
  let noted: Noted | undefined;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseMs = expectationPauseMsMin;
  return {
    head: () => {
      if (clock === undefined || noted === undefined) return undefined;
      const at = clock();
      const elapsedMs = at - noted.at;
      if (at < pausedUntil || elapsedMs > expectationMsMax) return undefined;
      // What was told has been on its way since: so this is behind the database, never ahead.
      return { ...noted.left, now: laterBy(noted.left.now, elapsedMs) };
    },
    note: (left) => {
      if (clock !== undefined) noted = { left, at: clock() };
    },
    wasMet: () => {
      pauseMs = expectationPauseMsMin;
    },
    drop: () => {
      noted = undefined;
    },
    wasMissed: () => {
      if (clock === undefined) return;
      pausedUntil = clock() + pauseMs;
      pauseMs = Math.min(2 * pauseMs, expectationPauseMsMax);
    },
  };
}

function laterBy(instant: Instant, ms: number): Instant {
  return instantFromMs(instant + ms);
}
