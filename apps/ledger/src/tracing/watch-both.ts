// Two who watch the same: figures and traces know nothing of each other.
import type { EngineObserver } from '@scrip/engine';
import type { WatchCall } from '../call/watch-call.ts';

/** Lets both watch calls, or the one that is there. */
export function watchBoth(one?: WatchCall, other?: WatchCall): WatchCall | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (call) => {
    const tells = [one(call), other(call)];
    return (reason) => {
      for (const tell of tells) tell(reason);
    };
  };
}

/** As `watchBoth`, for the flushes of an engine. */
export function observeBoth(
  one?: EngineObserver,
  other?: EngineObserver,
): EngineObserver | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    onFlush: (start) => {
      const tells = [one.onFlush(start), other.onFlush(start)];
      return (end) => {
        for (const tell of tells) tell(end);
      };
    },
  };
}
