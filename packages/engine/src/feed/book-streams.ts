// The streams of one book: whom to wake, and for how long the book is looked at.
import type { FeedTiming } from './feed-limits.ts';
import type { Wakeable } from './sleeper.ts';

/** The streams that are open on a book. */
export interface BookStreams {
  /** Adds a stream of any kind. The answer takes it out. */
  join(stream: Wakeable): () => void;
  /** Adds a stream that is woken by every event. The answer takes it out. */
  joinBook(stream: Wakeable): () => void;
  hasBookStreams(): boolean;
  wakeAll(): void;
  wakeBookStreams(): void;
  /** Looks no more. */
  stop(): void;
}

/** What is done for streams while they are there. */
export interface BookStreamsOptions {
  readonly timing: Pick<FeedTiming, 'pollMs' | 'lingerMs'>;
  /** Looks for what nobody told of. */
  readonly poll: () => void;
  /** No stream has been there for a while. */
  readonly onIdle: () => void;
}

/** Makes an empty set of streams. */
export function createBookStreams({ timing, poll, onIdle }: BookStreamsOptions): BookStreams {
  const streams = new Set<Wakeable>();
  const bookStreams = new Set<Wakeable>();
  let isStopped = false;
  // One timer: it polls while there are streams, and lets the book go when there are none.
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    if (isStopped) return;
    timer =
      streams.size > 0 ? setInterval(poll, timing.pollMs) : setTimeout(onIdle, timing.lingerMs);
    timer.unref();
  };
  return {
    join: (stream) => {
      streams.add(stream);
      if (streams.size === 1) schedule();
      return () => {
        if (streams.delete(stream) && streams.size === 0) schedule();
      };
    },
    joinBook: (stream) => {
      bookStreams.add(stream);
      return () => {
        bookStreams.delete(stream);
      };
    },
    hasBookStreams: () => bookStreams.size > 0,
    wakeAll: () => {
      for (const stream of streams) stream.wake();
    },
    wakeBookStreams: () => {
      for (const stream of bookStreams) stream.wake();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
