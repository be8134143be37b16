// The end of a book's feed, which comes once, and the failures that lead to it.
import { isPassing } from '../port/journal.ts';
import { FeedError } from './feed-error.ts';
import type { FeedContext } from './feed-context.ts';
import { createPatience } from './patience.ts';

/** Whether the feed of a book has ended, and what ends it. */
export interface BookEnd {
  /** Why it ended for all its streams, if it has. */
  ended(): Error | undefined;
  throwIfEnded(): void;
  /** Ends it. Only the first end counts. */
  end(error: FeedError): void;
  /** Ends it at a bug. */
  fail(cause: unknown): void;
  /** A look failed: ends it, unless the next look may do better. Answers what to throw. */
  failLook(cause: unknown): unknown;
  /** A look succeeded. */
  succeedLook(): void;
}

/** Makes the end that a feed has not come to yet. `onEnd` is what is then done. */
export function createBookEnd(
  { onBookFailure, onSourceFailure, timing }: FeedContext,
  onEnd: () => void,
): BookEnd {
  let ended: Error | undefined;
  const patience = createPatience(timing.patienceMs);
  const end = (error: FeedError): void => {
    if (ended !== undefined) return;
    ended = error;
    patience.rest();
    onEnd();
  };
  const fail = (cause: unknown): void => {
    if (ended !== undefined) return;
    onBookFailure(cause);
    end(new FeedError('failed', { cause }));
  };
  return {
    ended: () => ended,
    throwIfEnded: () => {
      if (ended !== undefined) throw ended;
    },
    end,
    fail,
    failLook: (cause) => {
      if (isPassing(cause)) onSourceFailure(cause);
      else fail(cause);
      // Streams that went on would say that nothing is new, and nobody here knows.
      if (ended === undefined && patience.fails()) end(new FeedError('unavailable', { cause }));
      return ended ?? cause;
    },
    succeedLook: () => patience.rest(),
  };
}
