// A gate that a session's streams go through: shut while nobody looks at the page.

export type Gate = {
  readonly shut: () => void;
  readonly open: () => void;
  /** Waits until the gate is open. */
  readonly opened: () => Promise<void>;
  /** Is aborted when the gate is shut the next time; aborted already while it is. */
  readonly shutting: () => AbortSignal;
};

/** Makes a gate that is open. */
export function createGate(): Gate {
  let shutting = new AbortController();
  let opening = Promise.withResolvers<void>();
  opening.resolve();
  return {
    shut: () => {
      if (shutting.signal.aborted) return;
      opening = Promise.withResolvers();
      shutting.abort();
    },
    open: () => {
      if (shutting.signal.aborted) shutting = new AbortController();
      opening.resolve();
    },
    opened: () => opening.promise,
    shutting: () => shutting.signal,
  };
}
