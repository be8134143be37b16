// Sleeping until there is something to do: a wake-up before the sleep is not lost.

/** Somebody who sleeps and is woken. */
export interface SleepingStream {
  /** Ends the sleep, or the next one if nobody sleeps. */
  wake(): void;
  /** Resolves when woken: at once if that happened since the last sleep. */
  sleep(): Promise<void>;
}

/** Makes a sleeper for one stream: only one sleep at a time. */
export function createSleeper(): SleepingStream {
  let isWoken = false;
  let end: (() => void) | undefined;
  return {
    wake: () => {
      isWoken = true;
      end?.();
      end = undefined;
    },
    sleep: async () => {
      if (!isWoken) {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      }
      isWoken = false;
    },
  };
}
