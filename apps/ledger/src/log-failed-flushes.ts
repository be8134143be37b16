// What keeps flushes from being written, in the log: figures count them, and only the cause tells
// what to mend.
import { isPassing, type EngineObserver } from '@scrip/engine';
import type { Clock, Log } from '@scrip/runtime';

/** While a database takes no writes every flush fails: one line a minute says so. */
const logIntervalMs = 60_000;

export type FailedFlushLogOptions = {
  readonly log: Pick<Log, 'warn'>;
  readonly clock: Clock;
};

/** Logs why the database did not take a flush. A bug is logged under the request it belongs to. */
export function logFailedFlushes({ log, clock }: FailedFlushLogOptions): EngineObserver {
  let loggedAtMs = -Infinity;
  return {
    onFlush: () => (end) => {
      if (end.kind === 'committed' || !isPassing(end.error)) return;
      const nowMs = clock.nowMs();
      // Either way: the clock may be put back.
      if (Math.abs(nowMs - loggedAtMs) < logIntervalMs) return;
      loggedAtMs = nowMs;
      log.warn({ err: end.error, in_doubt: end.isInDoubt }, 'the database did not take a flush');
    },
  };
}
