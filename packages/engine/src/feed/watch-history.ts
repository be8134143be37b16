// A stream of events: from any place of the past, then live, back to the past when it reads too
// slowly, and live again.
import type { Instant } from '@scrip/kernel';
import { catchUp } from './catch-up.ts';
import type { FeedItem, FeedPosition, FeedStart } from './feed.ts';
import { eventsUpTo, type Chunk } from './feed-events.ts';
import type { HistoryStream } from './history-stream.ts';
import { listAccountIds, type AccountsReader } from './list-accounts.ts';
import { createLiveAccounts } from './live-accounts.ts';
import { createLiveBook, type LiveEvents } from './live-events.ts';
import { resolveStart } from './resolve-start.ts';
import { finish } from './watch.ts';

/** Gives the items of a stream whose book is followed. Ends by throwing, or when it is returned. */
export async function* streamHistory(
  stream: HistoryStream,
  start: FeedStart,
  reader: AccountsReader,
): AsyncGenerator<FeedItem, void> {
  const { watch } = stream;
  const position = await finish(watch, resolveStart(stream, start));
  const live = await finish(watch, openLive(stream, reader));
  yield { kind: 'started', position };
  watch.startHeartbeats(stream.context.timing.heartbeatMs);
  yield { kind: 'heartbeat', position };
  const items = streamItems(stream, live, position);
  yield* start.kind === 'from_time' ? skipBefore(items, start.instant) : items;
}

async function openLive(stream: HistoryStream, reader: AccountsReader): Promise<LiveEvents> {
  const { bookFeed, watch, filter, book } = stream;
  const { scope, kinds } = filter;
  if (scope.kind === 'book') return createLiveBook(bookFeed, watch, kinds);
  const live = createLiveAccounts(stream, filter);
  const { registration } = live;
  if (scope.kind === 'accounts') registration.add(scope.accountIds);
  // Accounts that are made while they are listed are added by the events that make them.
  else registration.add(await listAccountIds(reader, book, scope.customerId));
  return live;
}

async function* streamItems(
  stream: HistoryStream,
  live: LiveEvents,
  start: FeedPosition,
): AsyncGenerator<FeedItem, never> {
  for (let position = start; ; position = live.position()) {
    yield* catchUp(stream, live, position);
    yield { kind: 'caught_up', position: live.position() };
    yield* streamLive(stream, live);
    yield { kind: 'fell_behind', position: live.position() };
  }
}

/** Ends when the stream has fallen behind. */
async function* streamLive(
  { watch }: HistoryStream,
  live: LiveEvents,
): AsyncGenerator<FeedItem, void> {
  for (;;) {
    watch.throwIfEnded();
    const next = live.next();
    if (next === 'fell_behind') return;
    if (next !== undefined) yield next;
    if (watch.takeHeartbeat()) yield { kind: 'heartbeat', position: live.position() };
    else if (next === undefined) await watch.sleep();
  }
}

/** Leaves out events before an instant: the head can lie before it. */
async function* skipBefore(
  items: AsyncIterable<FeedItem>,
  instant: Instant,
): AsyncGenerator<FeedItem, void> {
  let isReached = false;
  for await (const item of items) {
    if (isReached || item.kind !== 'events') {
      yield item;
      continue;
    }
    const events = item.events.filter(({ event }) => event.createdAt >= instant);
    isReached = events.length > 0;
    if (isReached) {
      yield events.length === item.events.length
        ? item
        : eventsUpTo(events, (item as Chunk).position);
    }
  }
}
