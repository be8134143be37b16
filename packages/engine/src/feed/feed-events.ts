// Events of the feed, made once and shared by all streams.
import type { EventCodec } from '../port/event-codec.ts';
import type { CommittedBatch } from '../port/feed-sink.ts';
import type { HistoryPage } from '../port/feed-source.ts';
import type { BookEvent, Sequence } from '@scrip/kernel';
import type { FeedEvent, FeedEvents } from './feed.ts';
import type { FeedBounds } from './feed-limits.ts';
import type { SealedPosition } from './sealed-position.ts';

/** Events that lie together in the history, with the position behind them. */
export interface Chunk extends FeedEvents {
  readonly position: SealedPosition;
}

/** Cuts a committed batch into chunks, none larger than a message may be. */
export function chunksOf(
  { events, seal }: CommittedBatch,
  { pageEventCountMax, pageBytesMax }: FeedBounds,
): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let chunk: FeedEvent[] = [];
  let byteCount = 0;
  for (const { event, bytes } of events) {
    // A few events that are kept must not keep the memory of all that were written beside them.
    chunk.push({ sequence: event.sequence, bytes: new Uint8Array(bytes), event });
    byteCount += bytes.length;
    if (chunk.length < pageEventCountMax && byteCount <= pageBytesMax) continue;
    chunks.push(eventsUpTo(chunk, { sequence: event.sequence, seal }));
    chunk = [];
    byteCount = 0;
  }
  if (chunk.length > 0) chunks.push(eventsUpTo(chunk, { sequence: seal.sequence, seal }));
  return chunks;
}

/** The events of a page of the source. */
export function feedEventsOf(page: HistoryPage, codec: EventCodec): readonly FeedEvent[] {
  return page.events.map(({ sequence, bytes }) => createFeedEvent(sequence, bytes, codec));
}

/** Events as they are sent. The position is that of the last of them. */
export function eventsUpTo(events: readonly FeedEvent[], position: SealedPosition): Chunk {
  return { kind: 'events', events, position };
}

/** The events of a chunk behind a sequence: the chunk itself when they are all. */
export function eventsAfter(chunk: Chunk, sequence: Sequence): Chunk | undefined {
  const [first] = chunk.events;
  if (first !== undefined && first.sequence > sequence) return chunk;
  const events = chunk.events.filter((event) => event.sequence > sequence);
  return events.length === 0 ? undefined : eventsUpTo(events, chunk.position);
}

function createFeedEvent(sequence: Sequence, bytes: Uint8Array, codec: EventCodec): FeedEvent {
  let event: BookEvent | undefined;
  return {
    sequence,
    bytes,
    get event() {
      event ??= codec.decode(bytes);
      return event;
    },
  };
}
