// One open stream: it sleeps until there is something for it, and ends by its signal at once.
import type { BookFeed } from './book-feed.ts';
import type { FeedPosition } from './feed.ts';
import { createEnding, type Ending } from './ending.ts';
import { createSleeper, type Sleeper } from './sleeper.ts';

/** Nothing new, and up to where that is so. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly position: FeedPosition;
}

/** An open stream. */
export interface Watch extends Ending, Sleeper {
  /** Throws the signal's reason, or why the book's feed ended. */
  throwIfEnded(): void;
  /** Whether a heartbeat is due. Asked once for each. */
  takeHeartbeat(): boolean;
  /** Makes it hear of a book, and end with the book's feed. */
  follow(bookFeed: BookFeed): void;
  /** Hears no more of the book. */
  unfollow(): void;
  /** From now on heartbeats are due. */
  startHeartbeats(heartbeatMs: number): void;
}

/** Opens a stream that ends when `signal` is aborted. */
export function openWatch(signal: AbortSignal): Watch {
  const sleeper = createSleeper();
  const { onEnd, end } = createEnding(signal);
  let isHeartbeatDue = false;
  let bookFeed: BookFeed | undefined;
  let leave: (() => void) | undefined;

  const throwIfEnded = (): void => {
    signal.throwIfAborted();
    const error = bookFeed?.ended();
    if (error !== undefined) throw error;
  };
  onEnd(() => {
    leave?.();
    sleeper.wake();
  });
  return {
    ...sleeper,
    throwIfEnded,
    takeHeartbeat: () => {
      const isDue = isHeartbeatDue;
      isHeartbeatDue = false;
      return isDue;
    },
    follow: (followed) => {
      throwIfEnded();
      bookFeed = followed;
      leave = followed.streams.join(sleeper);
    },
    unfollow: () => {
      leave?.();
      leave = undefined;
      bookFeed = undefined;
    },
    startHeartbeats: (heartbeatMs) => {
      throwIfEnded();
      const timer = setInterval(() => {
        isHeartbeatDue = true;
        sleeper.wake();
      }, heartbeatMs).unref();
      onEnd(() => clearInterval(timer));
    },
    onEnd,
    end,
  };
}

/** Waits for some work of a stream; gives heartbeats meanwhile, once they have begun. */
export async function* during<T>(
  watch: Watch,
  work: Promise<T>,
  position: () => FeedPosition,
): AsyncGenerator<Heartbeat, T> {
  const isSettled = wakeWhenSettled(watch, work);
  while (!isSettled()) {
    await watch.sleep();
    watch.throwIfEnded();
    if (watch.takeHeartbeat()) {
      yield { kind: 'heartbeat', position: position() };
      watch.throwIfEnded();
    }
  }
  return work;
}

/** Waits for some work of a stream that has not begun its heartbeats, or for the stream's end. */
export async function finish<T>(watch: Watch, work: Promise<T>): Promise<T> {
  const isSettled = wakeWhenSettled(watch, work);
  while (!isSettled()) {
    await watch.sleep();
    watch.throwIfEnded();
  }
  return work;
}

function wakeWhenSettled(watch: Watch, work: Promise<unknown>): () => boolean {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
    watch.wake();
  };
  work.then(settle, settle);
  return () => isSettled;
}
