// What the feeds of all books stand on.
import type { EventCodec } from '../port/event-codec.ts';
import type { FeedSource } from '../port/feed-source.ts';
import type { FeedBounds, FeedTiming } from './feed-limits.ts';
import type { RingBudget } from './ring-budget.ts';

/** Given to every part of a feed that looks into history. */
export interface FeedContext {
  readonly source: FeedSource;
  readonly codec: EventCodec;
  readonly timing: FeedTiming;
  readonly bounds: FeedBounds;
  readonly ringBudget: RingBudget;
  /** Hears of failures of the source that streams live through. Never throws. */
  readonly onSourceFailure: (error: unknown) => void;
  /** Hears why all streams of a book ended, where that is a bug. Never throws. */
  readonly onBookFailure: (error: unknown) => void;
}
