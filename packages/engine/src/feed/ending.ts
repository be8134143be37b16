// The end of a stream, which comes once: what is then undone.

/** What is done when a stream ends. */
export interface Ending {
  /** Does this at the end: now if it has been. */
  readonly onEnd: (work: () => void) => void;
  /** Ends. A second time does nothing. */
  readonly end: () => void;
}

/** Makes the end of a stream, which also comes when `signal` is aborted. */
export function createEnding(signal: AbortSignal): Ending {
  let works: (() => void)[] | undefined = [];
  const end = (): void => {
    const ending = works ?? [];
    works = undefined;
    signal.removeEventListener('abort', end);
    for (const work of ending) work();
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    onEnd: (work) => {
      if (works === undefined) work();
      else works.push(work);
    },
    end,
  };
}
