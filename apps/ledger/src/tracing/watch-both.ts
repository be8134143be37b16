// Two who watch the same: figures and traces know nothing of each other.
import type { EngineObserver } from '@scrip/engine';

type Watch<T> = (watched: T) => void;

/** Lets both watch, or the one that is there. */
export function watchBoth<T>(one?: Watch<T>, other?: Watch<T>): Watch<T> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (watched) => {
    one(watched);
    other(watched);
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
