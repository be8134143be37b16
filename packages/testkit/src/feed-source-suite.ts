// The suite that every source of the feed passes, in memory or on PostgreSQL.
import {
  accountIdsOf,
  customerIdOf,
  assert,
  instantFromMs,
  type AccountId,
  type BookEvent,
  type Sequence,
} from '@scrip/kernel';
import {
  genesisHash,
  type Book,
  type FeedFilter,
  type FeedSource,
  type HistoryPage,
  type HistoryQuery,
} from '@scrip/engine';
import { describe, expect, it } from 'vitest';
import { open, openFilled, queryOf, type FeedSourceUnderTest } from './feed-source-history.ts';

type Make = () => Promise<FeedSourceUnderTest>;

/** Describes what a source of the feed promises. `make` is called once for each test. */
export function describeFeedSource(name: string, make: Make): void {
  describe(`${name} as a source of the feed`, () => {
    describeHeads(make);
    describePages(make);
    describeWakes(make);
  });
}

function describeHeads(make: Make): void {
  it('starts a book at sequence 0 with the genesis hash', async () => {
    const { source, book } = await open(make);
    expect(await source.head(book)).toMatchObject({ sequence: 0 });
    expect(hex((await source.head(book)).chainHash)).toBe(hex(genesisHash));
    expect(hex(await source.findSeal(book, 0 as Sequence))).toBe(hex(genesisHash));
    const page = await source.readHistory(book, queryOf({ scope: { kind: 'book' } }));
    expect(page).toMatchObject({ events: [], scannedTo: 0, seal: { sequence: 0 } });
    expect(page.head.sequence).toBe(0);
  });

  it('finds the seals of batches, and none within a batch or beyond the head', async () => {
    const { source, book, history } = await openFilled(make);
    const head = await source.head(book);
    expect(head.sequence).toBe(history.length);
    expect(hex(await source.findSeal(book, head.sequence))).toBe(hex(head.chainHash));
    const found = await Promise.all(history.map(({ sequence }) => source.findSeal(book, sequence)));
    const hashes = found.filter((hash) => hash !== undefined);
    expect(hashes.length).toBeGreaterThan(3);
    expect(hashes.length).toBeLessThan(history.length);
    expect(new Set(hashes.map(hex)).size).toBe(hashes.length);
    expect(await source.findSeal(book, (head.sequence + 1) as Sequence)).toBeUndefined();
  });

  it('finds the last sequence before an instant', async () => {
    const { source, book, history } = await openFilled(make);
    const instants = [...new Set(history.map(({ createdAt }) => createdAt))];
    for (const instant of [...instants, instantFromMs((instants.at(-1) ?? 0) + 1)]) {
      const before = history.filter(({ createdAt }) => createdAt < instant);
      expect(await source.sequenceBefore(book, instant)).toBe(before.at(-1)?.sequence ?? 0);
    }
    expect(await source.sequenceBefore(book, instantFromMs(0))).toBe(0);
  });
}

function describePages(make: Make): void {
  const book: FeedFilter = { scope: { kind: 'book' } };
  const kinds = new Set(['account_frozen', 'account_updated'] as const);
  const filters: readonly (readonly [string, (ids: readonly AccountId[]) => FeedFilter])[] = [
    ['the book', () => book],
    ['kinds of the book', () => ({ ...book, kinds })],
    ['an account', (ids) => ({ scope: { kind: 'accounts', accountIds: ids.slice(0, 1) } })],
    ['accounts', (ids) => ({ scope: { kind: 'accounts', accountIds: ids.slice(1, 4) } })],
    ['kinds of accounts', (ids) => ({ scope: { kind: 'accounts', accountIds: ids }, kinds })],
    ['a customer', () => ({ scope: { kind: 'customer', customerId: 'c 1' } })],
    [
      'a customer with their credits',
      () => ({ scope: { kind: 'customer', customerId: 'c 1', withCoupons: true } }),
    ],
    [
      'kinds of a customer with credits',
      () => ({
        scope: { kind: 'customer', customerId: 'c 1', withCoupons: true },
        kinds: new Set(['membership_created', 'account_updated'] as const),
      }),
    ],
    [
      'the credits of a customer without accounts',
      () => ({ scope: { kind: 'customer', customerId: 'coupons only', withCoupons: true } }),
    ],
    ['kinds of a customer', () => ({ scope: { kind: 'customer', customerId: 'c 1' }, kinds })],
    ['a customer without accounts', () => ({ scope: { kind: 'customer', customerId: 'none' } })],
    ['an unknown account', () => ({ scope: { kind: 'accounts', accountIds: [unknownId] } })],
  ];

  describe.each(filters)('reads %s', (_name, filterOf) => {
    it.each([1, 3, 500])('in pages of %d: all that is kept, in order, once', async (countMax) => {
      const { source, book: where, history, ids, codec } = await openFilled(make);
      const filter = filterOf(ids);
      for (const after of [0, 1, 7, history.length - 1]) {
        const pages = await readAll(source, where, {
          ...queryOf(filter),
          after: after as Sequence,
          countMax,
        });
        const events = pages.flatMap((page) => page.events);
        const kept = keptOf(history, filter).filter(({ sequence }) => sequence > after);
        expect(events.map(({ bytes }) => codec.decode(bytes))).toEqual(kept);
        expect(events.map(({ sequence }) => sequence)).toEqual(kept.map((each) => each.sequence));
      }
    });
  });

  it('ends a page with the event that passes its bytes', async () => {
    const { source, book: where, history, codec } = await openFilled(make);
    const bytesMax = 2 * Math.max(...history.map((event) => codec.encode(event).length));
    const pages = await readAll(source, where, { ...queryOf(book), bytesMax });
    expect(pages.length).toBeGreaterThan(3);
    for (const { events } of pages) {
      const sizes = events.map(({ bytes }) => bytes.length);
      expect(sizes.slice(0, -1).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytesMax);
    }
    expect(pages.flatMap((page) => page.events)).toHaveLength(history.length);
  });

  it('seals every page with the first seal at or after what it scanned', async () => {
    const { source, book: where, history } = await openFilled(make);
    const sealed: number[] = [0];
    for (const { sequence } of history) {
      if ((await source.findSeal(where, sequence)) !== undefined) sealed.push(sequence);
    }
    const pages = await readAll(source, where, { ...queryOf(book), countMax: 2 });
    for (const { scannedTo, seal, head } of pages) {
      expect(seal.sequence).toBe(sealed.find((sequence) => sequence >= scannedTo));
      expect(hex(seal.chainHash)).toBe(hex(await source.findSeal(where, seal.sequence)));
      expect(head.sequence).toBe(history.length);
    }
  });

  it('reads nothing at the head and beyond it', async () => {
    const { source, book: where, history } = await openFilled(make);
    for (const after of [history.length, history.length + 5]) {
      const query = { ...queryOf(book), after: after as Sequence };
      const page = await source.readHistory(where, query);
      expect(page.events).toEqual([]);
      expect(page.head.sequence).toBe(history.length);
    }
  });

  it('reads nothing of another book', async () => {
    const { source, makeBook, ids } = await openFilled(make);
    const strange = await makeBook();
    const filter = { scope: { kind: 'accounts', accountIds: ids } } as const;
    const page = await source.readHistory(strange, queryOf(filter));
    expect(page).toMatchObject({ events: [], scannedTo: 0, head: { sequence: 0 } });
  });
}

function describeWakes(make: Make): void {
  it('tells another process of a book, until it stops listening', async () => {
    const { source, other, book, makeBook } = await open(make);
    const second = await makeBook();
    const heard: (number | undefined)[] = [];
    const stop = other.listen((id) => heard.push(id));
    const heardOf = async () => {
      await source.wakeOthers([book.id, second.id]);
      return heard;
    };
    await expect.poll(heardOf).toEqual(expect.arrayContaining([book.id, second.id]));
    stop();
    const count = heard.length;
    await source.wakeOthers([book.id]);
    await source.head(book);
    expect(heard).toHaveLength(count);
  });
}

const unknownId = 'cca_00000000000' as AccountId;

async function readAll(source: FeedSource, book: Book, query: HistoryQuery) {
  const pages: HistoryPage[] = [];
  for (let { after } = query; ;) {
    const page = await source.readHistory(book, { ...query, after });
    pages.push(page);
    expect(page.events.length).toBeLessThanOrEqual(query.countMax);
    if (page.scannedTo >= page.head.sequence) return pages;
    assert(page.scannedTo > after, 'a page goes on or is the last');
    after = page.scannedTo;
  }
}

function keptOf(history: readonly BookEvent[], filter: FeedFilter): readonly BookEvent[] {
  const { scope, kinds } = filter;
  const customerIds = new Map(
    history.flatMap(({ change }) =>
      change.kind === 'account_created' ? [[change.account.id, change.account.customerId]] : [],
    ),
  );
  return history.filter((event) => {
    if (kinds !== undefined && !kinds.has(event.change.kind)) return false;
    const ids = accountIdsOf(event);
    if (scope.kind === 'accounts') return scope.accountIds.some((id) => ids.includes(id));
    if (scope.kind === 'customer' && customerIdOf(event) === scope.customerId) {
      return scope.withCoupons === true;
    }
    return scope.kind === 'book' || ids.some((id) => customerIds.get(id) === scope.customerId);
  });
}

function hex(hash: Uint8Array | undefined): string | undefined {
  return hash && Buffer.from(hash).toString('hex');
}
