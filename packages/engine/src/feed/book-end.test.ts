// Failures of the source: which of them streams live through, and which end them.
import { createWatchedBook, recordStream, type WatchedBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { FeedAsker, FeedFilter } from '../port/feed-source.ts';
import { JournalError } from '../port/journal.ts';
import { sourceAwayRetryAfterMs } from './feed-limits.ts';
import type { FeedItem } from './feed.ts';

const filters: readonly FeedFilter[] = [
  { scope: { kind: 'book' } },
  { scope: { kind: 'customer', customerId: 'a' } },
];
const isCaughtUp = (items: readonly FeedItem[]) => items.some(({ kind }) => kind === 'caught_up');

function watch({ here, book }: WatchedBook, filter: FeedFilter) {
  const start = { kind: 'beginning' } as const;
  return recordStream((signal) => here.feed.watchHistory(book, { filter, start }, signal));
}

async function openWatched(patienceMs: number) {
  const bugs: unknown[] = [];
  const failures: unknown[] = [];
  const world = createWatchedBook({
    timing: { pollMs: 5, patienceMs, retryMsMin: 1, retryMsMax: 5 },
    observer: {
      onSourceFailure: (error) => failures.push(error),
      onBookFailure: (error) => bugs.push(error),
    },
  });
  await world.create('a');
  const streams = filters.map((filter) => watch(world, filter));
  for (const stream of streams) await stream.until(isCaughtUp);
  return { world, streams, bugs, failures };
}

/** Makes the source fail for those who ask as one of these. */
function fail({ here: { source } }: WatchedBook, fault: JournalError['fault'], of: FeedAsker[]) {
  const error = new JournalError('not_committed', fault, {
    cause: new Error('An injected fault.'),
  });
  const whole = { ...source };
  source.readHistory = (book, query) =>
    of.includes(query.asker ?? 'account_stream')
      ? Promise.reject(error)
      : whole.readHistory(book, query);
  source.head = (book) => (of.includes('look') ? Promise.reject(error) : whole.head(book));
  const mend = () => {
    source.readHistory = (book, query) => whole.readHistory(book, query);
    source.head = (book) => whole.head(book);
  };
  return { error, mend };
}

describe('a book whose looks fail', () => {
  it('ends its streams when that goes on for too long, and begins again', async () => {
    const { world, streams, bugs, failures } = await openWatched(30);
    const { error, mend } = fail(world, 'unavailable', ['look']);
    for (const stream of streams) {
      expect(await stream.ended()).toMatchObject({
        kind: 'unavailable',
        cause: error,
        retryAfterMs: sourceAwayRetryAfterMs,
      });
    }
    expect(failures.length).toBeGreaterThan(1);
    expect(bugs).toEqual([]);
    expect(world.here.feed.watcherCount()).toBe(0);
    mend();
    const again = watch(world, { scope: { kind: 'book' } });
    await again.until(isCaughtUp);
    await again.stop();
  });

  it('forgets failures that passed', async () => {
    const { world, streams, failures } = await openWatched(200);
    const { source } = world.here;
    // Every second look fails, for longer than all in a row might.
    let lookCount = 0;
    const whole = { ...source };
    source.head = (book) => {
      source.isDown = ++lookCount % 2 === 0;
      return whole.head(book);
    };
    await expect.poll(() => failures.length).toBeGreaterThan(40);
    source.head = (book) => whole.head(book);
    source.isDown = false;
    for (const stream of streams) {
      expect(stream.error).toBeUndefined();
      await stream.stop();
    }
  });

  it('ends its streams at once when trying again is no use, and tells of it once', async () => {
    const { world, streams, bugs } = await openWatched(60_000);
    const { error } = fail(world, 'content', ['look']);
    for (const stream of streams) {
      expect(await stream.ended()).toMatchObject({ kind: 'failed', cause: error });
    }
    expect(bugs).toEqual([error]);
  });
});

describe('a stream whose own reads fail', () => {
  const scope = { kind: 'book' } as const;

  it('ends when that goes on for too long, and others go on', async () => {
    const { world, streams, bugs } = await openWatched(30);
    const { error } = fail(world, 'collision', ['book_stream']);
    const stream = watch(world, { scope });
    expect(await stream.ended()).toMatchObject({ kind: 'unavailable', cause: error });
    expect(stream.items.map(({ kind }) => kind)).toEqual(['started', 'heartbeat']);
    expect(bugs).toEqual([]);
    for (const other of streams) {
      expect(other.error).toBeUndefined();
      await other.stop();
    }
  });

  it('ends at once with what trying again would not mend, and others go on', async () => {
    const { world, streams, bugs, failures } = await openWatched(60_000);
    const { error } = fail(world, 'content', ['book_stream']);
    expect(await watch(world, { scope }).ended()).toBe(error);
    expect([bugs, failures]).toEqual([[], []]);
    for (const other of streams) {
      expect(other.error).toBeUndefined();
      await other.stop();
    }
  });
});
