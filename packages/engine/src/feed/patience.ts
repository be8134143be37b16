// How long failures may go on before whoever asks gives up.

/** Hears of failures and of successes. */
export interface Patience {
  /** It failed once more. Answers whether it has failed for too long, since its last success. */
  fails(): boolean;
  /** It succeeded, or nobody asks any longer. */
  rest(): void;
}

/** Makes a patience of so many milliseconds. */
export function createPatience(ms: number): Patience {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    fails: () => {
      timer ??= setTimeout(() => {
        isOver = true;
      }, ms).unref();
      return isOver;
    },
    rest: () => {
      clearTimeout(timer);
      timer = undefined;
      isOver = false;
    },
  };
}
