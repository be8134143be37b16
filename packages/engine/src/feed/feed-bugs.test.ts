// The bugs that other feeds had, each as a test that is named after the property it broke.
import { instantFromMs, type Sequence } from '@scrip/kernel';
import {
  createWatchedBook,
  faultsOf,
  recordStream,
  sequencesOf,
  type WatchedProcess,
  type WatchedBook,
} from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { FeedFilter } from '../port/feed-source.ts';
import type { FeedItem, FeedStart } from './feed.ts';

const wholeBook: FeedFilter = { scope: { kind: 'book' } };

/** Opens a stream of the whole book, from the beginning, here, unless something else is said. */
function watch(
  world: WatchedBook,
  more: { filter?: FeedFilter; start?: FeedStart; where?: WatchedProcess } = {},
) {
  const { filter = wholeBook, start = { kind: 'beginning' }, where = world.here } = more;
  const { feed } = where;
  return recordStream((signal) => feed.watchHistory(world.book, { filter, start }, signal));
}

const fromSequence = (sequence: number): FeedStart => ({
  kind: 'from_sequence',
  sequence: sequence as Sequence,
});

const kindsOf = (items: readonly FeedItem[]) => items.map(({ kind }) => kind);
const hasKind = (kind: FeedItem['kind']) => (items: readonly FeedItem[]) =>
  items.some((item) => item.kind === kind);
const reaches = (sequence: number) => (items: readonly FeedItem[]) =>
  (items.at(-1)?.position.sequence ?? 0) >= sequence;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the eight bugs of other feeds', () => {
  it('bookmarked: a heartbeat is never ahead of delivered events', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 1 } });
    const [a, b] = [await world.create('a'), await world.create('b')];
    const stream = watch(world, { filter: { scope: { kind: 'accounts', accountIds: [a] } } });
    for (const i of range(1, 66)) {
      if (i % 20 === 0) stream.pause();
      await Promise.all([world.credit(a), world.credit(b, world.there)]);
      if (i % 20 === 5) stream.resume();
    }
    const last = world.history().length;
    const { sequence } = await world.credit(a);
    expect(sequence).toBe(last + 1);
    await stream.until((items) => sequencesOf(items).at(-1) === sequence);
    await stream.until((items) => items.filter(({ kind }) => kind === 'heartbeat').length > 5);
    expect(faultsOf(stream.items)).toEqual([]);
    await stream.stop();
  });

  it('bookmarked: a quiet stream moves on to the tail, so that a resume is short', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 1 } });
    const [a, b] = [await world.create('a'), await world.create('b')];
    const stream = watch(world, { filter: { scope: { kind: 'accounts', accountIds: [a] } } });
    await stream.until(hasKind('caught_up'));
    await world.credit(b);
    await stream.until(reaches(3));
    expect(stream.items.at(-1)).toMatchObject({
      kind: 'heartbeat',
      position: world.positionAt(3),
    });
    expect(sequencesOf(stream.items)).toEqual([1]);
    await stream.stop();
  });

  it('ordered: a position never goes back, on a resume at another process either', async () => {
    const world = createWatchedBook({ timing: { pollMs: 5 } });
    const id = await world.create('a');
    world.here.source.losesWakes = true;
    await Promise.all(range(1, 20).map(() => world.credit(id)));
    const first = watch(world);
    await first.until(reaches(21));
    const position = first.items.at(-1)?.position ?? world.positionAt(0);
    await first.stop();
    const second = watch(world, { start: { kind: 'after', position }, where: world.there });
    await second.until(hasKind('caught_up'));
    await world.credit(id);
    await second.until(reaches(22));
    expect(second.items.every((item) => item.position.sequence >= 21)).toBe(true);
    expect(sequencesOf(second.items)).toEqual([22]);
    await second.stop();
  });

  it('unique: an event that is read and published at once comes once', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const streams = [
      watch(world, { filter: { scope: { kind: 'accounts', accountIds: [a] } } }),
      watch(world),
    ];
    // Each commit is woken for, polled for and published, while the streams still catch up.
    for (const i of range(1, 40)) {
      const where = i % 3 === 0 ? world.there : world.here;
      await Promise.all([world.credit(a, where), world.credit(a, where)]);
      world.here.source.reconnect();
    }
    for (const stream of streams) {
      await stream.until(reaches(81));
      expect(sequencesOf(stream.items)).toEqual(range(1, 81));
      await stream.stop();
    }
  });

  it('complete: no event is lost while another stream is starved', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const filters: readonly FeedFilter[] = [
      wholeBook,
      { scope: { kind: 'accounts', accountIds: [a] } },
    ];
    const starved = filters.map((filter) => watch(world, { filter }));
    const reading = filters.map((filter) => watch(world, { filter }));
    const all = [...starved, ...reading];
    await Promise.all(all.map((stream) => stream.until(hasKind('caught_up'))));
    for (const stream of starved) stream.pause();
    for (const _ of range(1, 5)) {
      await Promise.all(range(1, 80).map(() => world.credit(a)));
      const last = world.history().length;
      await Promise.all(reading.map((stream) => stream.until(reaches(last))));
    }
    for (const stream of starved) stream.resume();
    for (const stream of all) {
      await stream.until(reaches(401));
      expect(sequencesOf(stream.items)).toEqual(range(1, 401));
      await stream.stop();
    }
  });

  it('complete: a stream is never dropped in silence: it falls behind aloud, or ends', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 5 } });
    const a = await world.create('a');
    const filter: FeedFilter = { scope: { kind: 'accounts', accountIds: [a] } };
    const stream = watch(world, { filter });
    await stream.until(hasKind('caught_up'));
    stream.pause();
    for (const _ of range(1, 4)) await Promise.all(range(1, 90).map(() => world.credit(a)));
    world.here.source.isDown = true;
    stream.resume();
    await stream.until(hasKind('fell_behind'));
    const count = stream.items.length;
    await stream.until((items) => items.length > count + 3);
    const reached = stream.items.findLast(({ kind }) => kind !== 'heartbeat')?.position;
    expect(kindsOf(stream.items.slice(-3))).toEqual(['heartbeat', 'heartbeat', 'heartbeat']);
    expect(stream.items.at(-1)?.position).toEqual(reached);
    world.here.source.isDown = false;
    await stream.until(reaches(361));
    expect(sequencesOf(stream.items)).toEqual(range(1, 361));
    await stream.stop();
  });

  it('complete: the event at the very boundary of a resume or of a filter is there', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    await world.credit(a);
    const b = await world.create('b');
    await world.pay(a, b);
    await world.credit(a);
    const ofB: FeedFilter = { scope: { kind: 'accounts', accountIds: [b] } };
    const starts: readonly (readonly [FeedStart, FeedFilter, readonly number[]])[] = [
      [fromSequence(3), wholeBook, [3, 4, 5]],
      [fromSequence(3), ofB, [3, 4]],
      [fromSequence(4), ofB, [4]],
      [fromSequence(5), ofB, []],
      [fromSequence(5), wholeBook, [5]],
      [fromSequence(0), wholeBook, [1, 2, 3, 4, 5]],
      [{ kind: 'after', position: world.positionAt(3) }, ofB, [4]],
      [{ kind: 'after', position: world.positionAt(4) }, wholeBook, [5]],
    ];
    for (const [start, filter, expected] of starts) {
      for (const where of [world.here, world.there]) {
        const stream = watch(world, { start, filter, where });
        await stream.until(hasKind('caught_up'));
        expect(sequencesOf(stream.items)).toEqual(expected);
        await stream.stop();
      }
    }
  });

  it.each(['here', 'there'] as const)(
    'ordered: a start in the future gives no event below it that is committed %s',
    async (writer) => {
      const world = createWatchedBook();
      const a = await world.create('a');
      const filters: readonly FeedFilter[] = [
        wholeBook,
        { scope: { kind: 'accounts', accountIds: [a] } },
        { scope: { kind: 'customer', customerId: 'a' } },
      ];
      const streams = filters.map((filter) => watch(world, { filter, start: fromSequence(7) }));
      for (const stream of streams) {
        await stream.until(hasKind('caught_up'));
        expect(stream.items[0]).toEqual({ kind: 'started', position: { sequence: 6 } });
      }
      // Alone, then together with the awaited one in a batch.
      await world.credit(a, world[writer]);
      await Promise.all(range(1, 6).map(() => world.credit(a, world[writer])));
      for (const stream of streams) {
        await stream.until(reaches(8));
        expect(sequencesOf(stream.items)).toEqual([7, 8]);
        expect(faultsOf(stream.items)).toEqual([]);
        await stream.stop();
      }
    },
  );

  it('ordered: a position beyond its seal and the head is a start in the future', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    await world.credit(a);
    const { seal } = world.positionAt(1);
    const position = { sequence: 4 as Sequence, ...(seal && { seal }) };
    const start: FeedStart = { kind: 'after', position };
    const filter: FeedFilter = { scope: { kind: 'accounts', accountIds: [a] } };
    const streams = [watch(world, { start }), watch(world, { start, filter })];
    await Promise.all(streams.map((stream) => stream.until(hasKind('caught_up'))));
    for (const _ of range(3, 6)) await world.credit(a);
    for (const stream of streams) {
      expect(stream.items[0]).toEqual({ kind: 'started', position: { sequence: 4 } });
      await stream.until(reaches(6));
      expect(sequencesOf(stream.items)).toEqual([5, 6]);
      await stream.stop();
    }
  });

  it('ordered: after a heartbeat or a fall behind, a start in the future still holds', async () => {
    const world = createWatchedBook({ timing: { heartbeatMs: 2 } });
    const a = await world.create('a');
    const filter: FeedFilter = { scope: { kind: 'accounts', accountIds: [a] } };
    const streams = [
      watch(world, { start: fromSequence(300) }),
      watch(world, { filter, start: fromSequence(300) }),
    ];
    for (const stream of streams) await stream.until(hasKind('caught_up'));
    for (const stream of streams) stream.pause();
    for (const _ of range(1, 3)) await Promise.all(range(1, 80).map(() => world.credit(a)));
    for (const stream of streams) stream.resume();
    for (const stream of streams) {
      const count = stream.items.length;
      await stream.until((items) => items.length > count + 3);
      expect(stream.items.at(-1)?.position).toEqual({ sequence: 299 });
    }
    await Promise.all(range(1, 70).map(() => world.credit(a)));
    const position = { ...streams[0]?.items.at(-1)?.position, sequence: 299 as Sequence };
    for (const stream of [...streams, watch(world, { start: { kind: 'after', position } })]) {
      await stream.until(reaches(311));
      expect(sequencesOf(stream.items)).toEqual(range(300, 311));
      expect(faultsOf(stream.items)).toEqual([]);
      await stream.stop();
    }
  });

  it('ordered: a start at an instant in the future gives no event before it', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const instant = instantFromMs(world.journal.now + 3);
    const stream = watch(world, { start: { kind: 'from_time', instant } });
    await stream.until(hasKind('caught_up'));
    for (const _ of range(1, 5)) await world.credit(a);
    await stream.until(reaches(6));
    expect(sequencesOf(stream.items)).toEqual([4, 5, 6]);
    await stream.stop();
  });
});
