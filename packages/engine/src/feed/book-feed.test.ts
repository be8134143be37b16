// The hub under everything that can come between a commit and a stream.
import type { AccountId, Sequence } from '@scrip/kernel';
import { createWatchedBook, recordStream, sequencesOf, type WatchedBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { CommittedBatch } from '../port/feed-sink.ts';
import type { FeedFilter } from '../port/feed-source.ts';
import type { FeedError } from './feed-error.ts';
import type { FeedItem, FeedPosition, FeedStart } from './feed.ts';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const hasKind = (kind: FeedItem['kind']) => (items: readonly FeedItem[]) =>
  items.some((item) => item.kind === kind);
const reaches = (sequence: number) => (items: readonly FeedItem[]) =>
  (items.at(-1)?.position.sequence ?? 0) >= sequence;

function watch(world: WatchedBook, filter: FeedFilter, start: FeedStart = { kind: 'beginning' }) {
  const { feed } = world.here;
  return recordStream((signal) => feed.watchHistory(world.book, { filter, start }, signal));
}

const filtersOf = (id: AccountId): readonly FeedFilter[] => [
  { scope: { kind: 'book' } },
  { scope: { kind: 'accounts', accountIds: [id] } },
  { scope: { kind: 'customer', customerId: 'a' } },
];

/** A world with one account, and live streams of it of each kind. */
async function openWatched(options: Parameters<typeof createWatchedBook>[0] = {}) {
  const world = createWatchedBook(options);
  const id = await world.create('a');
  const streams = filtersOf(id).map((filter) => watch(world, filter));
  await Promise.all(streams.map((stream) => stream.until(hasKind('caught_up'))));
  return { ...world, world, id, streams };
}

type Opened = Awaited<ReturnType<typeof openWatched>>;

/** Stops the streams when they are at the head; what each of them was given. */
async function givenTo({ streams, world }: Opened): Promise<readonly (readonly number[])[]> {
  const last = world.history().length;
  for (const stream of streams) {
    await stream.until(reaches(last));
    await stream.stop();
  }
  return streams.map(({ items }) => sequencesOf(items));
}

const everything = ({ streams, world }: Opened) =>
  streams.map(() => range(1, world.history().length));

/** The batches that made the history after the first event, as a writer publishes them. */
function batchesOf({ journal, book }: WatchedBook): readonly CommittedBatch[] {
  const { events, seals } = journal.stored(book);
  const sealed = [...seals].map(([sequence, chainHash]) => ({ sequence, chainHash }));
  return sealed.slice(1).map((seal, i) => {
    const previous = sealed[i] ?? seal;
    return { previous, seal, events: events.slice(previous.sequence, seal.sequence) };
  });
}

describe('a feed', () => {
  it('takes its own commits from memory and asks the source nothing', async () => {
    const opened = await openWatched({ timing: { wakeMs: 60_000 } });
    opened.here.source.losesWakes = true;
    const before = opened.here.source.calls.filter((call) => call !== 'wakeOthers').length;
    for (const _ of range(1, 10)) await opened.world.credit(opened.id);
    expect(await givenTo(opened)).toEqual(everything(opened));
    const calls = opened.here.source.calls.filter((call) => call !== 'wakeOthers');
    expect(calls).toHaveLength(before);
  });

  it('reads the commits of another process when it is woken', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    for (const _ of range(1, 10)) await opened.world.credit(opened.id, opened.there);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('notices the commits of another process though every wake-up was lost', async () => {
    const opened = await openWatched({ timing: { pollMs: 5 } });
    opened.there.source.losesWakes = true;
    for (const _ of range(1, 10)) await opened.world.credit(opened.id, opened.there);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('looks at once when anything may have been missed', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    opened.there.source.losesWakes = true;
    await opened.world.credit(opened.id, opened.there);
    opened.here.source.reconnect();
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('finds its own commit that was in doubt', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    opened.here.source.losesWakes = true;
    opened.journal.faults.push('commit_done_answer_lost');
    await opened.world.credit(opened.id);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('wakes others at once, and then together', async () => {
    const opened = await openWatched({ timing: { wakeMs: 30 } });
    const { calls } = opened.here.source;
    const wakeCount = () => calls.filter((call) => call === 'wakeOthers').length;
    const before = wakeCount();
    await opened.world.credit(opened.id);
    expect(wakeCount() - before).toBeLessThanOrEqual(1);
    for (const _ of range(1, 20)) await opened.world.credit(opened.id);
    expect(wakeCount() - before).toBeLessThan(10);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('wakes others of a book that nobody watches here', async () => {
    const world = createWatchedBook({ timing: { pollMs: 60_000 } });
    const id = await world.create('a');
    const stream = watch(world, { scope: { kind: 'book' } });
    await stream.until(hasKind('caught_up'));
    await world.credit(id, world.there);
    await stream.until(reaches(2));
    expect(world.there.feed.size()).toMatchObject({ bookCount: 0, watchedCount: 0 });
    await stream.stop();
  });

  it('takes batches twice, late and out of order, and gives each event once', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    const { here, there, book, world, id } = opened;
    there.source.losesWakes = true;
    for (const i of range(1, 12)) {
      await Promise.all(range(0, i % 3).map(() => world.credit(id, there)));
    }
    const batches = batchesOf(world);
    const [first, second, third, ...rest] = batches;
    const shuffled = [first, first, third, second, second, ...rest.toReversed(), ...batches];
    for (const batch of shuffled) if (batch !== undefined) here.feed.publish(book, batch);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('shares a large commit in messages of bounded size', async () => {
    const opened = await openWatched();
    await Promise.all(range(1, 1200).map(() => opened.world.credit(opened.id)));
    const [stream] = opened.streams;
    await stream?.until(reaches(1201));
    const sizes = stream?.items.flatMap((item) =>
      item.kind === 'events' ? [item.events.length] : [],
    );
    expect(Math.max(...(sizes ?? []))).toBe(500);
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('lets a book go some time after its last stream, and begins again', async () => {
    const opened = await openWatched({ timing: { lingerMs: 1 } });
    const { feed } = opened.here;
    await opened.world.credit(opened.id);
    expect(await givenTo(opened)).toEqual(everything(opened));
    expect(feed.size().ringByteCount).toBeGreaterThan(0);
    await expect.poll(() => feed.size()).toMatchObject({ bookCount: 0, ringByteCount: 0 });
    await opened.world.credit(opened.id);
    const stream = watch(opened.world, { scope: { kind: 'book' } });
    await stream.until(reaches(3));
    await opened.world.credit(opened.id);
    await stream.until(reaches(4));
    await stream.stop();
  });
});

describe('a feed whose source fails', () => {
  it('goes on with its streams, says so, and has lost nothing when it is back', async () => {
    const failures: unknown[] = [];
    const opened = await openWatched({
      timing: { pollMs: 5, heartbeatMs: 5 },
      observer: {
        onSourceFailure: (error) => {
          failures.push(error);
          throw new Error('an observer that fails');
        },
      },
    });
    opened.here.source.isDown = true;
    for (const _ of range(1, 5)) await opened.world.credit(opened.id, opened.there);
    for (const stream of opened.streams) {
      const count = stream.items.length;
      await stream.until((items) => items.length > count + 3);
      expect(stream.items.at(-1)).toMatchObject({ kind: 'heartbeat', position: { sequence: 1 } });
    }
    expect(failures.length).toBeGreaterThan(0);
    opened.here.source.isDown = false;
    expect(await givenTo(opened)).toEqual(everything(opened));
  });

  it('refuses a stream that cannot begin, and keeps nothing of it', async () => {
    const world = createWatchedBook();
    const id = await world.create('a');
    world.here.source.isDown = true;
    for (const filter of filtersOf(id)) {
      expect(await watch(world, filter).ended()).toMatchObject({ fault: 'unavailable' });
    }
    expect(world.here.feed.watcherCount()).toBe(0);
    expect(world.here.feed.size().watchedCount).toBe(0);
    world.here.source.isDown = false;
    const stream = watch(world, { scope: { kind: 'book' } });
    await stream.until(reaches(1));
    await stream.stop();
  });

  it('ends its streams at a bug that it tells of once, and begins again', async () => {
    const bugs: unknown[] = [];
    const observer = {
      onSourceFailure: () => undefined,
      onBookFailure: (error: unknown) => bugs.push(error),
    };
    const opened = await openWatched({ observer });
    const { here, book } = opened;
    const [seal] = opened.journal.stored(book).seals;
    const [sequence, chainHash] = seal ?? [1 as Sequence, new Uint8Array(32)];
    const previous = { sequence, chainHash };
    const broken = { previous, seal: previous, events: [{}] } as unknown as CommittedBatch;
    expect(() => here.feed.publish(book, broken)).not.toThrow();
    for (const stream of opened.streams) {
      expect(await stream.ended()).toMatchObject({ kind: 'failed', cause: bugs[0] });
    }
    expect(bugs).toEqual([expect.any(TypeError)]);
    const stream = watch(opened.world, { scope: { kind: 'book' } });
    await stream.until(hasKind('caught_up'));
    await stream.stop();
  });
});

describe('a feed whose book was restored to an earlier state', () => {
  const silent = { timing: { pollMs: 60_000 } };

  /** A backup at sequence 3, a history that went on to 6, and then the restore. */
  async function restored(options: Parameters<typeof createWatchedBook>[0] = {}) {
    const opened = await openWatched({ timing: { pollMs: 5 }, ...options });
    const { world, id } = opened;
    for (const _ of range(1, 2)) await world.credit(id);
    const restore = opened.journal.backUp(opened.book);
    for (const _ of range(1, 3)) await world.credit(id);
    const lost = world.positionAt(6);
    for (const stream of opened.streams) await stream.until(reaches(6));
    restore();
    return { ...opened, lost };
  }

  const endsOf = (opened: Opened) =>
    Promise.all(
      opened.streams.map(async (stream) => [await stream.ended(), sequencesOf(stream.items)]),
    );
  const diverged = ({ streams }: Opened) =>
    streams.map(() => [{ kind: 'history_diverged' }, range(1, 6)]);

  it('ends its streams when it polls', async () => {
    const opened = await restored();
    expect(await endsOf(opened)).toMatchObject(diverged(opened));
    const error = (await opened.streams[0]?.ended()) as FeedError;
    expect(error.headSequence).toBeLessThan(6);
  });

  it.each([0, 1, 3, 5])('ends its streams after %d other commits elsewhere', async (count) => {
    const opened = await restored(silent);
    for (const { source } of [opened.here, opened.there]) source.losesWakes = true;
    for (const _ of range(1, count)) await opened.world.credit(opened.id, opened.there);
    opened.here.source.reconnect();
    expect(await endsOf(opened)).toMatchObject(diverged(opened));
  });

  it.each([0, 1, 3, 5])('ends its streams at its own commit after %d elsewhere', async (count) => {
    const opened = await restored(silent);
    for (const { source } of [opened.here, opened.there]) source.losesWakes = true;
    for (const _ of range(1, count)) await opened.world.credit(opened.id, opened.there);
    // One that lies before the tail tells nothing yet, the next ones do.
    for (const _ of range(1, 5)) await opened.world.credit(opened.id);
    expect(await endsOf(opened)).toMatchObject(diverged(opened));
  });

  it('refuses a resume behind what was lost, and takes one before it', async () => {
    const opened = await restored();
    expect(await endsOf(opened)).toMatchObject(diverged(opened));
    const kept = opened.world.positionAt(3);
    for (const count of [0, 5]) {
      for (const _ of range(1, count)) await opened.world.credit(opened.id, opened.there);
      for (const filter of filtersOf(opened.id)) {
        const resume = (position: FeedPosition) =>
          watch(opened.world, filter, { kind: 'after', position });
        const refused = resume(opened.lost);
        expect(await refused.ended()).toMatchObject({
          kind: 'history_diverged',
          headSequence: 3 + count,
        });
        expect(refused.items).toEqual([]);
        const stream = resume(kept);
        await stream.until(hasKind('caught_up'));
        expect(sequencesOf(stream.items)).toEqual(range(4, 3 + count));
        await stream.stop();
      }
    }
    expect(opened.here.feed.watcherCount()).toBe(0);
  });

  it('lets a stream begin that is the first to find out', async () => {
    const opened = await restored({ timing: { pollMs: 60_000 } });
    const stream = watch(opened.world, { scope: { kind: 'book' } });
    await stream.until(hasKind('caught_up'));
    expect(sequencesOf(stream.items)).toEqual([1, 2, 3]);
    expect(await endsOf(opened)).toMatchObject(diverged(opened));
    await opened.world.credit(opened.id);
    await stream.until(reaches(4));
    await stream.stop();
  });

  it('never mixes histories in a stream that catches up meanwhile', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    const { world, id, journal, book } = opened;
    const restore = journal.backUp(book);
    for (const _ of range(1, 2)) await Promise.all(range(1, 600).map(() => world.credit(id)));
    for (const stream of opened.streams) await stream.until(reaches(1201));
    const slow = filtersOf(id).map((filter) => watch(world, filter));
    for (const stream of slow) {
      await stream.until(hasKind('events'));
      stream.pause();
    }
    const lost = world.history();
    restore();
    for (const _ of range(1, 2))
      await Promise.all(range(1, 700).map(() => world.credit(id, opened.there)));
    for (const stream of slow) {
      stream.resume();
      expect(await stream.ended()).toMatchObject({ kind: 'history_diverged' });
      const given = stream.items.flatMap((item) => (item.kind === 'events' ? item.events : []));
      expect(
        given.every(({ event, sequence }) => lost[sequence - 1]?.createdAt === event.createdAt),
      ).toBe(true);
    }
  });

  it('gives nothing of a page beyond what was proved', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    const { world, id, here, there, streams } = opened;
    there.source.losesWakes = true;
    const restore = world.journal.backUp(world.book);
    let stepCount = 0;
    // Commits before the page is read, and a restore after it.
    here.source.delay = async (call) => {
      if (call !== 'readHistory') return;
      stepCount++;
      if (stepCount === 1) for (const _ of range(1, 2)) await world.credit(id, there);
      if (stepCount === 2) restore();
    };
    const stream = watch(world, { scope: { kind: 'accounts', accountIds: [id] } });
    await stream.until(hasKind('caught_up'));
    expect(sequencesOf(stream.items)).toEqual([1]);
    expect(stepCount).toBeGreaterThan(1);
    for (const _ of range(1, 3)) await world.credit(id, there);
    here.source.reconnect();
    for (const each of [...streams, stream]) {
      await each.until(reaches(4));
      const given = each.items.flatMap((item) => (item.kind === 'events' ? item.events : []));
      expect(given.map(({ event }) => event)).toEqual(world.history());
      await each.stop();
    }
  });

  it('lets no stream join a ring of the lost history', async () => {
    const opened = await openWatched({ timing: { pollMs: 60_000 } });
    const { world, id, here, there, streams } = opened;
    there.source.losesWakes = true;
    for (const _ of range(1, 2)) await world.credit(id);
    const restore = world.journal.backUp(world.book);
    for (const _ of range(1, 3)) await world.credit(id);
    for (const stream of streams) await stream.until(reaches(6));
    let isRestored = false;
    here.source.delay = async (call) => {
      if (call !== 'readHistory' || isRestored) return;
      isRestored = true;
      restore();
      await world.credit(id, there);
    };
    const stream = watch(world, { scope: { kind: 'book' } });
    expect(await stream.ended()).toMatchObject({ kind: 'history_diverged', headSequence: 4 });
    expect(sequencesOf(stream.items)).not.toContain(5);
    for (const each of streams)
      expect(await each.ended()).toMatchObject({ kind: 'history_diverged' });
  });
});
