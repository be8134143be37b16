// The feed hub of a process: one for all books, and what it stands on.
import type { EventCodec } from '../port/event-codec.ts';
import type { FeedSink } from '../port/feed-sink.ts';
import type { FeedSource } from '../port/feed-source.ts';
import type { LedgerReader } from '../port/reader.ts';
import type { Feed } from './feed.ts';
import type { FeedTiming } from './feed-limits.ts';

/** Hears of what the feed lives through. */
export interface FeedObserver {
  /** The source failed; it is asked again. */
  onSourceFailure(error: unknown): void;
}

/** What a feed stands on. */
export interface FeedOptions {
  readonly source: FeedSource;
  readonly reader: Pick<LedgerReader, 'accounts' | 'balances'>;
  readonly codec: EventCodec;
  readonly observer?: FeedObserver;
  /** Other times than usual, for tests. */
  readonly timing?: Partial<FeedTiming>;
  /** Streams that may be open at a time. Default 50,000. */
  readonly watcherCountMax?: number;
}

/** The feed as its streams see it, and as the engine that feeds it does. */
export interface FeedHub extends Feed, FeedSink {}

/** Makes the feed of a process. It does nothing until somebody watches. */
export function createFeed(_options: FeedOptions): FeedHub {
  const notBuilt = (): never => {
    throw new Error('The feed is being built.');
  };
  return {
    watchHistory: notBuilt,
    watchBalances: notBuilt,
    watcherCount: () => 0,
    close: () => undefined,
    publish: () => undefined,
    nudge: () => undefined,
  };
}
