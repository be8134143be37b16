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

/** Opens a stream whose book is followed. Its items end by throwing, or when it is returned. */
export async function openHistory(
  stream: HistoryStream,
  start: FeedStart,
  reader: AccountsReader,
): Promise<AsyncGenerator<FeedItem, void>> {
  const position = await finish(stream.watch, resolveStart(stream, start));
  const live = await finish(stream.watch, openLive(stream, reader));
  const items = streamItems(stream, live, position);
  return start.kind === 'from_time' ? skipBefore(items, start.instant) : items;
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
  const { watch, context } = stream;
  yield { kind: 'started', position: start };
  watch.startHeartbeats(context.timing.heartbeatMs);
  yield { kind: 'heartbeat', position: start };
  for (let position = start; ; position = live.position()) {
    yield* catchUp(stream, live, position);
    if (!(yield* giveKnown(stream, live))) continue;
    yield { kind: 'caught_up', position: live.position() };
    for (;;) {
      watch.throwIfEnded();
      const next = live.next();
      if (next === 'fell_behind') break;
      if (next !== undefined) yield next;
      if (watch.takeHeartbeat()) yield { kind: 'heartbeat', position: live.position() };
      else if (next === undefined) await watch.sleep();
    }
    yield { kind: 'fell_behind', position: live.position() };
  }
}

/**
 * Gives the live events that are there already: whoever joins them may be far behind the tail.
 * Answers whether it came to where the tail was.
 */
async function* giveKnown(
  { watch, bookFeed }: HistoryStream,
  live: LiveEvents,
): AsyncGenerator<FeedItem, boolean> {
  const { sequence } = bookFeed.tail();
  while (live.position().sequence < sequence) {
    watch.throwIfEnded();
    const next = live.next();
    if (next === 'fell_behind') return false;
    if (next === undefined) break;
    yield next;
    if (watch.takeHeartbeat()) yield { kind: 'heartbeat', position: live.position() };
  }
  watch.throwIfEnded();
  return true;
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
