// The sweeper of this server: what fails is counted each time, and logged once a minute at most.
import { startSweeper, type Sweeper, type SweeperOptions } from '@scrip/engine';
import type { Clock, Log } from '@scrip/runtime';

/** While a database is away every round fails: one line a minute says so. */
const logIntervalMs = 60_000;

export type SweepingOptions = Omit<SweeperOptions, 'onFailure'> & {
  readonly log: Pick<Log, 'warn'>;
  readonly clock: Clock;
  readonly countFailure: () => void;
};

/** Starts a sweeper that books what is due in all books, until it is stopped. */
export function startSweeping(options: SweepingOptions): Sweeper {
  const { log, clock, countFailure, ...sweeper } = options;
  let loggedAtMs = -Infinity;
  return startSweeper({
    ...sweeper,
    onFailure: (error) => {
      countFailure();
      const nowMs = clock.nowMs();
      // Either way: the clock may be put back.
      if (Math.abs(nowMs - loggedAtMs) < logIntervalMs) return;
      loggedAtMs = nowMs;
      log.warn({ err: error }, 'what is due could not be booked; it is tried again');
    },
  });
}
