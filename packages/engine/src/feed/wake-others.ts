// Wakes other processes after commits: the first at once, those after it together.
import type { FeedSource } from '../port/feed-source.ts';
import { pause } from './pause.ts';

/** Tells other processes of books that have new events. */
export interface Waker {
  tell(bookId: number): void;
  stop(): void;
}

/** What a waker stands on. */
export interface WakerOptions {
  readonly source: Pick<FeedSource, 'wakeOthers'>;
  /** The least time between two wake-ups, in milliseconds. */
  readonly wakeMs: number;
  /** Hears of a wake-up that failed. It is not sent again: the others poll. */
  readonly onFailure: (error: unknown) => void;
}

/** Makes a waker. */
export function createWaker({ source, wakeMs, onFailure }: WakerOptions): Waker {
  const bookIds = new Set<number>();
  let isSending = false;
  let isStopped = false;

  const send = async (): Promise<void> => {
    isSending = true;
    while (bookIds.size > 0 && !isStopped) {
      const ids = [...bookIds];
      bookIds.clear();
      await Promise.all([wake(ids), pause(wakeMs)]);
    }
    isSending = false;
  };
  const wake = async (ids: readonly number[]): Promise<void> => {
    try {
      await source.wakeOthers(ids);
    } catch (error) {
      onFailure(error);
    }
  };
  return {
    tell: (bookId) => {
      bookIds.add(bookId);
      if (!isSending) void send();
    },
    stop: () => {
      isStopped = true;
    },
  };
}
