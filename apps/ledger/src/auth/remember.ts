// A short memory of what was asked for, so that calls in a row do not ask for it again.
import type { Clock } from '@scrip/runtime';

/** Finds a thing by what names it. */
export type Find<Key, Value> = (key: Key) => Promise<Value | undefined>;

/** As `Find`, at once where the answer is known. */
export type Recall<Key, Value> = (key: Key) => Value | Promise<Value | undefined>;

/** How old an answer may be. What ends is refused within a second: the look-up has the rest. */
const ageMsMax = 500;
/** Answers that are remembered; beyond it all are forgotten, which costs one look-up each. */
const rememberedMax = 10_000;

type Remembered<Value> = {
  readonly askedAtMs: number;
  /** The answer, or the promise of one that is not here yet. */
  value: Value | Promise<Value | undefined>;
};

/**
 * Asks for each thing at most twice a second. An answer is as old as its question. What was not
 * found, and failures, are not remembered.
 */
export function remember<Key, Value>(
  find: Find<Key, Value>,
  { nameOf, clock }: { readonly nameOf: (key: Key) => string; readonly clock: Clock },
): Recall<Key, Value> {
  const rememberedByName = new Map<string, Remembered<Value>>();
  return (key) => {
    const name = nameOf(key);
    const nowMs = clock.nowMs();
    const remembered = rememberedByName.get(name);
    if (remembered !== undefined && isFresh(remembered.askedAtMs, nowMs)) return remembered.value;
    if (rememberedByName.size >= rememberedMax) rememberedByName.clear();
    const asked = find(key);
    const fresh: Remembered<Value> = { askedAtMs: nowMs, value: asked };
    rememberedByName.set(name, fresh);
    const forget = (): void => {
      if (rememberedByName.get(name) === fresh) rememberedByName.delete(name);
    };
    return asked.then(
      (value) => {
        if (value === undefined) forget();
        else fresh.value = value;
        return value;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  };
}

function isFresh(askedAtMs: number, nowMs: number): boolean {
  return nowMs >= askedAtMs && nowMs - askedAtMs < ageMsMax;
}
