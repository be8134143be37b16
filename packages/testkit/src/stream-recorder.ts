// Reads a stream to its end and remembers what it gave.

/** What a stream gave so far, and how it ended. */
export interface StreamRecord<T> {
  readonly items: readonly T[];
  /** What it threw; undefined while it goes on, and when it was stopped. */
  readonly error: unknown;
  /** Resolves when the items are as wanted; rejects when the stream ends before. */
  until(isReached: (items: readonly T[]) => boolean): Promise<void>;
  /** Resolves with what it threw, when it has. */
  ended(): Promise<unknown>;
  /** Reads no more until it is told to. */
  pause(): void;
  resume(): void;
  /** Ends the stream by its signal; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Opens a stream and reads it. */
export function recordStream<T>(open: (signal: AbortSignal) => AsyncIterable<T>): StreamRecord<T> {
  const ending = new AbortController();
  const items: T[] = [];
  const waiting = new Set<() => void>();
  let failure: { readonly error: unknown } | undefined;
  let paused: PromiseWithResolvers<void> | undefined;
  const tell = (): void => {
    for (const look of waiting) look();
  };
  const read = async (): Promise<void> => {
    try {
      for await (const item of open(ending.signal)) {
        items.push(item);
        tell();
        await paused?.promise;
      }
      failure = { error: new Error('The stream ended without an error.') };
    } catch (error) {
      failure = { error };
    }
    tell();
  };
  const waitFor = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const isDone = isReached();
        if (!isDone && failure === undefined) return;
        waiting.delete(look);
        if (isDone) resolve();
        else reject(new Error('The stream has ended.', { cause: failure?.error }));
      };
      waiting.add(look);
      look();
    });
  const reading = read();
  return {
    items,
    get error() {
      return ending.signal.aborted ? undefined : failure?.error;
    },
    until: (isReached) => waitFor(() => isReached(items)),
    ended: async () => {
      await reading;
      return failure?.error;
    },
    pause: () => {
      paused ??= Promise.withResolvers();
    },
    resume: () => {
      paused?.resolve();
      paused = undefined;
    },
    stop: async () => {
      ending.abort(new Error('Stopped by the test.'));
      paused?.resolve();
      await reading;
    },
  };
}
