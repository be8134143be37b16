// A short memory of what was asked for, so that calls in a row do not ask for it again.
import type { Clock } from '@scrip/runtime';

/** Finds a thing by its name: at once where the answer is known. */
export type Recall<Value> = (name: string) => Value | Promise<Value | undefined>;

/** How old an answer may be. What ends is refused within a second: the look-up has the rest. */
const ageMsMax = 500;
/** Answers that are remembered; beyond it all are forgotten, which costs one look-up each. */
const rememberedMax = 10_000;

/**
 * Asks for each thing about twice a second: what is asked for half a second after a beginning makes
 * it forget all, names included. What was not found, and failures, are not remembered.
 */
export function remember<Value>(
  find: (name: string) => Promise<Value | undefined>,
  clock: Clock,
): Recall<Value> {
  /** The answers, and promises of those that are not here yet. */
  const answersByName = new Map<string, Value | Promise<Value | undefined>>();
  let sinceMs = -Infinity;
  return (name) => {
    const nowMs = clock.nowMs();
    const isOld = nowMs < sinceMs || nowMs - sinceMs >= ageMsMax;
    if (isOld || answersByName.size >= rememberedMax) {
      answersByName.clear();
      sinceMs = nowMs;
    }
    const known = answersByName.get(name);
    if (known !== undefined) return known;
    const isStill = (): boolean => answersByName.get(name) === asked;
    const asked = find(name).then(
      (value) => {
        if (isStill() && value === undefined) answersByName.delete(name);
        else if (isStill() && value !== undefined) answersByName.set(name, value);
        return value;
      },
      (error: unknown) => {
        if (isStill()) answersByName.delete(name);
        throw error;
      },
    );
    answersByName.set(name, asked);
    return asked;
  };
}
