// What is done when all that came together was taken in and the answers to it are on their way:
// for many calls at once, which costs each of them less, and without keeping their callers.
import type { Log } from '@scrip/runtime';

/** Does work at the end of this turn of the event loop, in the order in which it was asked for. */
export type AfterTurn = (work: () => void) => void;

/** Makes what keeps work for the end of the turn. */
export function createAfterTurn(log: Log): AfterTurn {
  let kept: (() => void)[] = [];
  const doAll = (): void => {
    const all = kept;
    kept = [];
    for (const work of all) {
      try {
        work();
      } catch (err) {
        log.error({ err }, 'a bug: work was not done');
      }
    }
  };
  return (work) => {
    if (kept.length === 0) setImmediate(doAll);
    kept.push(work);
  };
}
