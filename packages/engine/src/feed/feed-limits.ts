// The bounds of the feed. Each keeps one thing from growing without end, or from being late.

/** Streams of one process at most: each takes about 110 KB of it. Servers take fewer. */
export const watcherCountMax = 50_000;
/** What a caller is told to wait when there are too many streams. */
export const watchesFullRetryAfterMs = 5_000;
/** What a caller is told to wait whose stream ended because the source stayed away. */
export const sourceAwayRetryAfterMs = 1_000;
/** Accounts of one read, and of a stream of balances: these are read at once. */
export const accountPageSize = 1_000;

/** How much a feed holds and moves at a time. */
export interface FeedBounds {
  /** Events of one message and of one read: enough to share a round trip, few enough to hold. */
  readonly pageEventCountMax: number;
  /** Bytes of one message and of one read; the event that passes them is the last. */
  readonly pageBytesMax: number;
  /** Events kept of a book for those who read a little late: over a second at full load. */
  readonly ringEventCountMax: number;
  /** Memory for what is kept of a book for those who read a little late, in bytes. */
  readonly ringBytesMax: number;
  /** Memory for what is kept of all books together, in bytes. */
  readonly ringsBytesMax: number;
  /** Events that wait for a stream of some accounts; beyond it, it reads them from the source. */
  readonly pendingEventCountMax: number;
  /** Bytes that wait for a stream of some accounts: all streams together must fit a server. */
  readonly pendingBytesMax: number;
}

/** The bounds where nothing else is said. */
export const feedBoundsDefault: FeedBounds = {
  pageEventCountMax: 500,
  pageBytesMax: 256 * 1024,
  ringEventCountMax: 20_000,
  ringBytesMax: 32 * 1024 * 1024,
  ringsBytesMax: 64 * 1024 * 1024,
  pendingEventCountMax: 128,
  pendingBytesMax: 64 * 1024,
};

/**
 * The memory that an event takes, about: its bytes, and beside them what was made of it for the
 * writer or for a stream, which measures five times as much in all, and at least half a KiB.
 */
export function heldBytesOf(bytes: Uint8Array): number {
  return 512 + 5 * bytes.length;
}

/** The times of a feed, in milliseconds. */
export interface FeedTiming {
  /** Between two heartbeats: proxies cut a silent connection after 30 to 60 seconds. */
  readonly heartbeatMs: number;
  /** Between two looks at a watched book: a lost wake-up is noticed no later than this. */
  readonly pollMs: number;
  /** Between two wake-ups of other processes: PostgreSQL takes a lock for each. */
  readonly wakeMs: number;
  /** Before a stream asks a source again that failed; it doubles from try to try. */
  readonly retryMsMin: number;
  /** The longest wait before a source is asked again. */
  readonly retryMsMax: number;
  /** The longest that a source may fail without a break before the streams that need it end. */
  readonly patienceMs: number;
  /** How long a book is followed after its last stream ended: most of them come back. */
  readonly lingerMs: number;
}

/** The times where nothing else is said. */
export const feedTimingDefault: FeedTiming = {
  heartbeatMs: 15_000,
  pollMs: 1_000,
  wakeMs: 20,
  retryMsMin: 20,
  retryMsMax: 1_000,
  patienceMs: 60_000,
  lingerMs: 5_000,
};
