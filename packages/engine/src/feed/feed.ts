// The feed: what streams ask for and what they are told.
import type { BookEvent, Instant, Sequence } from '@scrip/kernel';
import type { Book } from '../port/book.ts';
import type { FeedFilter, FeedScope, Seal } from '../port/feed-source.ts';
import type { BalanceView } from '../port/reader.ts';

/**
 * A place in a history: everything up to it was delivered, filtered out or not asked for. The seal
 * lies at or after it and proves, on a resume, that the history is the same.
 */
export interface FeedPosition {
  readonly sequence: Sequence;
  readonly seal?: Seal;
}

/** Where a stream of events begins. */
export type FeedStart =
  | { readonly kind: 'after'; readonly position: FeedPosition }
  /** The first event wanted. Beyond the head the stream waits for it. */
  | { readonly kind: 'from_sequence'; readonly sequence: Sequence }
  /** The first event at or after an instant. */
  | { readonly kind: 'from_time'; readonly instant: Instant }
  | { readonly kind: 'now' }
  | { readonly kind: 'beginning' };

/** An event in the feed. The same object goes to all its streams, so that views can be kept. */
export interface FeedEvent {
  readonly sequence: Sequence;
  /** As stored and hashed. */
  readonly bytes: Uint8Array;
  /** Decoded when it is first asked for. */
  readonly event: BookEvent;
}

/** Events in order, with the position of the last. The same object goes to equal streams. */
export interface FeedEvents {
  readonly kind: 'events';
  readonly events: readonly FeedEvent[];
  readonly position: FeedPosition;
}

/** What a stream of events is told: `started` first, once. */
export type FeedItem =
  | FeedEvents
  | {
      readonly kind: 'started' | 'caught_up' | 'fell_behind' | 'heartbeat';
      readonly position: FeedPosition;
    };

/** What a stream of balances is told: balances of one moment, `snapshot_end`, then changes. */
export type BalanceItem =
  | { readonly kind: 'balance'; readonly view: BalanceView }
  | { readonly kind: 'snapshot_end' | 'heartbeat'; readonly position: FeedPosition };

/** The live history of all books. */
export interface Feed {
  /**
   * Streams events: ordered, each once, none missing that the filter keeps. Ends when `signal` is
   * aborted, with its reason. Throws a `FeedError`.
   */
  watchHistory(
    book: Book,
    watch: { readonly filter: FeedFilter; readonly start: FeedStart },
    signal: AbortSignal,
  ): AsyncIterable<FeedItem>;
  /** Streams balances; under pressure the latest of each account. Ends and throws as above. */
  watchBalances(
    book: Book,
    scope: Exclude<FeedScope, { readonly kind: 'book' }>,
    signal: AbortSignal,
  ): AsyncIterable<BalanceItem>;
  /** Streams that are open. */
  watcherCount(): number;
  /** Ends what runs by itself. Streams are ended by their signals. */
  close(): void;
}
