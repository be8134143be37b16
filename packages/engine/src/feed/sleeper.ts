// Sleeping until there is something to do: a wake-up before the sleep is not lost.

/** Whoever is woken. */
export interface Wakeable {
  /** Ends the sleep, or the next one if nobody sleeps. */
  wake(): void;
}

/** Somebody who sleeps and is woken. */
export interface Sleeper extends Wakeable {
  /** Resolves when woken: at once if that happened since the last sleep. */
  sleep(): Promise<void>;
}

/** Makes a sleeper for one stream: only one sleep at a time. */
export function createSleeper(): Sleeper {
  let isWoken = false;
  let end: (() => void) | undefined;
  return {
    wake: () => {
      if (end === undefined) isWoken = true;
      else end();
      end = undefined;
    },
    sleep: () =>
      new Promise((resolve) => {
        if (isWoken) resolve();
        else end = resolve;
        isWoken = false;
      }),
  };
}
