// Streams of events: where they begin, what they keep, how they end.
import { instantFromMs, parseCreateCoupon, parseIssueCustomerCredit } from '@scrip/kernel';
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

const kindsOf = (items: readonly FeedItem[]) => items.map(({ kind }) => kind);
const hasKind = (kind: FeedItem['kind']) => (items: readonly FeedItem[]) =>
  items.some((item) => item.kind === kind);
const reaches = (sequence: number) => (items: readonly FeedItem[]) =>
  (items.at(-1)?.position.sequence ?? 0) >= sequence;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a stream of events', () => {
  it('says that it has started, beats at once, gives the past, says that it is live', async () => {
    const world = createWatchedBook();
    const id = await world.create('a');
    await world.credit(id);
    const stream = watch(world);
    await stream.until(hasKind('caught_up'));
    expect(kindsOf(stream.items)).toEqual(['started', 'heartbeat', 'events', 'caught_up']);
    expect(sequencesOf(stream.items)).toEqual([1, 2]);
    await world.credit(id);
    await stream.until(reaches(3));
    expect(sequencesOf(stream.items)).toEqual([1, 2, 3]);
    expect(faultsOf(stream.items)).toEqual([]);
    await stream.stop();
  });

  it('gives all that was there when it began before it says that it is live', async () => {
    const world = createWatchedBook();
    const id = await world.create('a');
    const first = watch(world);
    await first.until(hasKind('caught_up'));
    for (let i = 0; i < 9; i++) await world.credit(id);
    await first.until(reaches(10));
    const kinds = new Set(['account_created'] as const);
    const filters: readonly FeedFilter[] = [wholeBook, { ...wholeBook, kinds }];
    for (const filter of filters) {
      const start: FeedStart = { kind: 'after', position: world.positionAt(4) };
      const second = watch(world, { filter, start });
      await second.until(hasKind('caught_up'));
      expect(second.items.at(-1)).toMatchObject({ kind: 'caught_up', position: { sequence: 10 } });
      expect(sequencesOf(second.items)).toEqual(filter === wholeBook ? [5, 6, 7, 8, 9, 10] : []);
      expect(faultsOf(second.items)).toEqual([]);
      await second.stop();
    }
    await first.stop();
  });

  it('is atomic: an event comes as its bytes are stored, with all its entries', async () => {
    const world = createWatchedBook();
    const [a, b] = [await world.create('a'), await world.create('b')];
    const stream = watch(world, { filter: { scope: { kind: 'accounts', accountIds: [b] } } });
    await stream.until(hasKind('caught_up'));
    await world.pay(a, b);
    await stream.until(reaches(3));
    const stored = world.journal.stored(world.book).events[2];
    const last = stream.items.at(-1);
    const [event] = last?.kind === 'events' ? last.events : [];
    expect(event?.bytes).toEqual(new Uint8Array(stored?.bytes ?? []));
    expect(event?.event).toEqual(stored?.event);
    await stream.stop();
  });

  it('tells a customer’s stream of their credits if it asks, live and from the past', async () => {
    const world = createWatchedBook();
    await world.create('a');
    const value = { kind: 'percentage', percentage: 5 } as const;
    const coupon = parseCreateCoupon({ terms: { name: 'Five percent', value } });
    const { change } = await world.submit(coupon);
    const couponId = change.kind === 'coupon_created' ? change.coupon.id : '';
    const issue = (customerId: string) => parseIssueCustomerCredit({ customerId, couponId });
    const customer = { kind: 'customer', customerId: 'a' } as const;
    const streams = {
      all: watch(world, { filter: { scope: { ...customer, withCoupons: true } } }),
      plain: watch(world, { filter: { scope: customer } }),
      created: watch(world, {
        filter: { scope: { ...customer, withCoupons: true }, kinds: new Set(['account_created']) },
      }),
    };
    await world.submit(issue('a'));
    await Promise.all(Object.values(streams).map((stream) => stream.until(hasKind('caught_up'))));
    await world.submit(issue('b'));
    await world.submit(issue('a'), world.there);
    const { sequence } = await world.create('a').then(() => world.submit(issue('a')));
    await streams.all.until(reaches(sequence));
    const late = watch(world, { filter: { scope: { ...customer, withCoupons: true } } });
    await late.until(hasKind('caught_up'));
    await world.create('a');
    await Promise.all(
      [...Object.values(streams), late].map((stream) => stream.until(reaches(sequence + 1))),
    );
    expect(sequencesOf(streams.all.items)).toEqual([1, 3, 5, 6, 7, 8]);
    expect(sequencesOf(late.items)).toEqual([1, 3, 5, 6, 7, 8]);
    expect(sequencesOf(streams.plain.items)).toEqual([1, 6, 8]);
    expect(sequencesOf(streams.created.items)).toEqual([1, 6, 8]);
    await Promise.all([...Object.values(streams), late].map((stream) => stream.stop()));
  });

  it('goes to equal streams as the same object, whoever committed it', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const filters: readonly FeedFilter[] = [
      wholeBook,
      { ...wholeBook, kinds: new Set(['transaction_posted']) },
      { scope: { kind: 'accounts', accountIds: [a] } },
      { scope: { kind: 'customer', customerId: 'a' } },
    ];
    for (const filter of filters) {
      const pair = [1, 2].map(() => watch(world, { filter, start: { kind: 'now' } }));
      await Promise.all(pair.map((stream) => stream.until(hasKind('caught_up'))));
      const { sequence } = await world.credit(a, world.here);
      const { sequence: second } = await world.credit(a, world.there);
      await Promise.all(pair.map((stream) => stream.until(reaches(second))));
      const [first, other] = pair.map(({ items }) =>
        items.filter((each) => each.kind === 'events'),
      );
      expect(sequencesOf(first ?? [])).toEqual([sequence, second]);
      expect(first?.every((item, i) => item === other?.[i])).toBe(true);
      await Promise.all(pair.map((stream) => stream.stop()));
    }
  });

  it('is resumable behind each of its positions, within batches as well', async () => {
    const world = createWatchedBook();
    const id = await world.create('a');
    await Promise.all(range(1, 8).map(() => world.credit(id)));
    for (const sequence of range(0, 9)) {
      const position = world.positionAt(sequence);
      for (const where of [world.here, world.there]) {
        const stream = watch(world, { start: { kind: 'after', position }, where });
        await stream.until(hasKind('caught_up'));
        expect(sequencesOf(stream.items)).toEqual(range(sequence + 1, 9));
        await stream.stop();
      }
    }
  });

  it('begins at the first event at or after an instant', async () => {
    const world = createWatchedBook();
    const id = await world.create('a');
    for (const _ of range(1, 5)) await world.credit(id);
    const instant = world.history()[2]?.createdAt ?? instantFromMs(0);
    const stream = watch(world, { start: { kind: 'from_time', instant } });
    await stream.until(hasKind('caught_up'));
    expect(sequencesOf(stream.items)).toEqual([3, 4, 5, 6]);
    expect(stream.items[0]).toMatchObject({ kind: 'started', position: { sequence: 2 } });
    await stream.stop();
  });

  it('begins with what is committed after it began, where that is asked for', async () => {
    const world = createWatchedBook();
    const id = await world.create('a', world.there);
    const stream = watch(world, { start: { kind: 'now' } });
    await stream.until(hasKind('caught_up'));
    await world.credit(id, world.there);
    await stream.until(reaches(2));
    expect(sequencesOf(stream.items)).toEqual([2]);
    await stream.stop();
  });

  it('keeps kinds, accounts and customers, those to come as well', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const kinds = new Set(['account_created'] as const);
    const created = watch(world, { filter: { ...wholeBook, kinds } });
    const ofCustomer = watch(world, { filter: { scope: { kind: 'customer', customerId: 'b' } } });
    const both = watch(world, {
      filter: { scope: { kind: 'customer', customerId: 'b' }, kinds },
    });
    const all = [created, ofCustomer, both];
    await Promise.all(all.map((stream) => stream.until(hasKind('caught_up'))));
    const b = await world.create('b');
    await world.credit(a);
    await world.pay(a, b);
    const last = await world.create('b', world.there);
    const { sequence } = await world.credit(last);
    await ofCustomer.until(reaches(sequence));
    await Promise.all([created.until(reaches(5)), both.until(reaches(5))]);
    expect(sequencesOf(created.items)).toEqual([1, 2, 5]);
    expect(sequencesOf(ofCustomer.items)).toEqual([2, 4, 5, 6]);
    expect(sequencesOf(both.items)).toEqual([2, 5]);
    await Promise.all(all.map((stream) => stream.stop()));
  });

  it('shares nothing with an equal stream that does not know all its accounts yet', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const { source } = world.here;
    const filter: FeedFilter = { scope: { kind: 'customer', customerId: 'a' } };
    const listing = Promise.withResolvers<void>();
    const isListing = Promise.withResolvers<void>();
    source.delay = async (call) => {
      if (call !== 'readAccounts') return;
      isListing.resolve();
      await listing.promise;
    };
    const late = watch(world, { filter, start: { kind: 'now' } });
    await isListing.promise;
    source.delay = () => Promise.resolve();
    const stream = watch(world, { filter, start: { kind: 'now' } });
    await stream.until(hasKind('caught_up'));
    await Promise.all([world.create('a'), world.credit(a), world.credit(a)]);
    await stream.until(reaches(4));
    listing.resolve();
    await late.until(hasKind('caught_up'));
    for (const each of [stream, late]) {
      expect(sequencesOf(each.items)).toEqual([2, 3, 4]);
      await each.stop();
    }
  });

  it('leaves nothing behind, whether it is returned, stopped or refused', async () => {
    const world = createWatchedBook({ timing: { lingerMs: 0 }, watcherCountMax: 40 });
    const a = await world.create('a');
    const { feed } = world.here;
    const filters: readonly FeedFilter[] = [
      wholeBook,
      { scope: { kind: 'accounts', accountIds: [a] } },
      { scope: { kind: 'customer', customerId: 'a' } },
    ];
    for (const filter of filters) {
      for (const itemCount of range(0, 4)) {
        const ending = new AbortController();
        const start: FeedStart = { kind: 'beginning' };
        const items = feed.watchHistory(world.book, { filter, start }, ending.signal);
        const iterator = items[Symbol.asyncIterator]();
        for (const _ of range(1, itemCount)) await iterator.next();
        // In odd cases the signal comes while the stream is being read, or is never read again.
        if (itemCount % 2 === 0) await iterator.return?.();
        else ending.abort(new Error('stopped'));
        expect(feed.watcherCount()).toBe(0);
        expect(feed.size().watchedCount).toBe(0);
      }
    }
    const ending = new AbortController();
    const reading = feed
      .watchHistory(world.book, { filter: wholeBook, start: { kind: 'now' } }, ending.signal)
      [Symbol.asyncIterator]()
      .next();
    ending.abort(new Error('stopped early'));
    await expect(reading).rejects.toThrow('stopped early');
    expect(feed.watcherCount()).toBe(0);
    await expect.poll(() => feed.size().bookCount).toBe(0);
  });

  it('is refused when there are as many as the process takes', async () => {
    const world = createWatchedBook({ watcherCountMax: 1 });
    const first = watch(world);
    await first.until(hasKind('caught_up'));
    const second = watch(world);
    expect(await second.ended()).toMatchObject({ kind: 'watches_full', retryAfterMs: 5000 });
    await first.stop();
    const third = watch(world);
    await third.until(hasKind('caught_up'));
    await third.stop();
  });
});

describe('a stream of events that reads too slowly', () => {
  it('reads what the ring has forgotten from the source', async () => {
    const world = createWatchedBook({ bounds: { ringEventCountMax: 20 } });
    const a = await world.create('a');
    const kinds = new Set(['transaction_posted'] as const);
    const streams = [watch(world), watch(world, { filter: { ...wholeBook, kinds } })];
    await Promise.all(streams.map((stream) => stream.until(hasKind('caught_up'))));
    for (const count of [19, 60]) {
      for (const stream of streams) stream.pause();
      for (const _ of range(1, count)) await world.credit(a);
      const last = world.history().length;
      for (const stream of streams) stream.resume();
      for (const stream of streams) {
        await stream.until(reaches(last));
        expect(kindsOf(stream.items).includes('fell_behind')).toBe(count > 20);
        expect(sequencesOf(stream.items).slice(-last + 1)).toEqual(range(2, last));
        expect(faultsOf(stream.items)).toEqual([]);
      }
    }
    for (const stream of streams) await stream.stop();
  });

  it('falls behind, reads the rest from the source, and is live again', async () => {
    const world = createWatchedBook();
    const a = await world.create('a');
    const scopes = [
      { kind: 'accounts', accountIds: [a] },
      { kind: 'customer', customerId: 'a' },
    ] as const;
    const streams = scopes.map((scope) => watch(world, { filter: { scope } }));
    await Promise.all(streams.map((stream) => stream.until(hasKind('caught_up'))));
    for (const stream of streams) stream.pause();
    for (const _ of range(1, 4)) await Promise.all(range(1, 90).map(() => world.credit(a)));
    for (const stream of streams) stream.resume();
    for (const stream of streams) {
      await stream.until(reaches(361));
      await world.credit(a);
      await stream.until(reaches(362));
      expect(kindsOf(stream.items)).toContain('fell_behind');
      expect(sequencesOf(stream.items).slice(0, 361)).toEqual(range(1, 361));
      expect(faultsOf(stream.items)).toEqual([]);
      await stream.stop();
    }
  });
});
