// Reads on PostgreSQL: pages in both directions, points in time, and what does not exist.
import {
  JournalError,
  type Book,
  type Page,
  type PageRequest,
  type ReadAnswer,
} from '@scrip/engine';
import {
  accountIdsOf,
  assert,
  postingOf,
  type Account,
  type AccountId,
  type AccountRef,
  type Instant,
  type Sequence,
} from '@scrip/kernel';
import { createTestBook, createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';
import { referenceDigestOf, toBigint } from '../mapping/digest.ts';

type TestBook = ReturnType<typeof createTestBook>;

let database: Database;
/** A connection beside those of the database. */
let client: Client;
let drop: () => Promise<void>;
let book: Book;
let other: Book;
let empty: Book;
let made: TestBook;
let ids: { readonly main: AccountId; readonly gold: AccountId; readonly old: AccountId };

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  const { connection } = created;
  database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  await database.migrate();
  client = new Client({ ...connection });
  await client.connect();
  const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
  const { stores } = database;
  await stores.create({ storeId: 'a', name: 'A', idKeys: { test: key(1), prod: key(2) } });
  book = (await stores.findBook('a', 'test')) as Book;
  other = (await stores.findBook('a', 'prod')) as Book;
  await stores.create({ storeId: 'b', name: 'B', idKeys: { test: key(1), prod: key(3) } });
  empty = (await stores.findBook('b', 'test')) as Book;
  made = createTestBook();
  ids = fillBook(made);
  await writeAll(book, made);
});

afterAll(async () => {
  await client.end();
  await database.close();
  await drop();
});

/** Events 1 to 17: three accounts, ten credits, a transfer, a reversal, a closing. */
function fillBook({ createId, post, transfer, reverse, transactionId, status }: TestBook) {
  const main = createId({ customerId: 'ada', externalId: 'x-main', name: 'Main' });
  const old = createId({ customerId: 'ada', name: 'Old', initialBalance: '5' });
  const gold = createId({
    customerId: 'bob',
    unitLabel: 'gold',
    unitScale: 18,
    initialBalance: '99999999999999999999999999999999999999.000000000000000001',
  });
  for (let i = 1; i <= 10; i++) post('credit', main, String(i), `credit ${i}`);
  transfer(main, old, '3');
  reverse(transactionId(post('debit', main, '2', 'debit')));
  status('close_account', old);
  return { main, old, gold };
}

/** Writes the events of a test book, each as a batch of its own at its own instant. */
async function writeAll(to: Book, { events, state }: TestBook): Promise<void> {
  for (const event of events) {
    const touched = accountIdsOf(event);
    await database.journal.transact(to, async (unit) => {
      await unit.lockHead();
      await unit.append({
        events: [{ event, bytes: jsonEventCodec.encode(event), requestDigest: '0'.repeat(16) }],
        accounts: touched.map((id) => state.accounts.get(id) as Account),
        units: [...state.units.values()],
        instant: event.createdAt,
        lastSequence: event.sequence,
        chainHash: new Uint8Array(32).fill(event.sequence),
      });
    });
  }
}

const byId = (id: string): AccountRef => ({ kind: 'id', id });
const instantOf = (sequence: number): Instant => made.events[sequence - 1]?.createdAt as Instant;

function valueOf<T>(answer: ReadAnswer<T>): T {
  assert(answer.kind === 'read', 'the read was answered');
  return answer.value;
}

/** Walks a list from one end to the other. */
async function walk<T extends { readonly id: string }>(
  direction: 'after' | 'before',
  read: (page: PageRequest) => Promise<ReadAnswer<Page<T>>>,
  from?: string,
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let cursor = from;
  for (;;) {
    const page = { size: 4, ...(cursor ? { cursor: { direction, id: cursor } } : {}) };
    const { items, hasMore } = valueOf(await read(page));
    pages.push(items.map(({ id }) => id));
    cursor = (direction === 'after' ? items.at(-1) : items[0])?.id;
    if (!hasMore) return pages;
  }
}

describe('the head', () => {
  it('of a book has its sequence, its hash and its last instant', async () => {
    const head = await database.reader.head(book);
    expect(head).toMatchObject({ kind: 'read', sequence: 17 });
    expect(valueOf(head)).toEqual({ chainHash: Buffer.alloc(32, 17), lastEventAt: instantOf(17) });
  });

  it('of an empty book has zeros and no instant', async () => {
    const head = await database.reader.head(other);
    expect(head).toEqual({ kind: 'read', sequence: 0, value: { chainHash: Buffer.alloc(32) } });
  });
});

describe('an account', () => {
  it('is read by id and by external id', async () => {
    const expected = made.state.accounts.get(ids.main);
    const answer = { kind: 'read', value: expected, sequence: 17 };
    expect(await database.reader.account(book, byId(ids.main))).toEqual(answer);
    const ref = { kind: 'external_id', externalId: 'x-main' } as const;
    expect(await database.reader.account(book, ref)).toEqual(answer);
  });

  it('of another book, or made up, is not found', async () => {
    const idOfNext = book.ids.accountId(1 as Sequence, (instantOf(1) + 1) as Instant);
    for (const id of [other.ids.accountId(1 as Sequence, instantOf(1)), idOfNext, 'cca_x', '']) {
      const answer = await database.reader.account(book, byId(id));
      const refusal = { reason: 'ACCOUNT_NOT_FOUND', metadata: { account: id } };
      expect(answer).toMatchObject({ kind: 'refused', sequence: 17, refusal });
    }
    // The empty book has the same key: the id decodes, and the row is not there.
    expect(await database.reader.account(empty, byId(ids.main))).toMatchObject({
      kind: 'refused',
      sequence: 0,
    });
  });
});

describe('accounts that are named', () => {
  it('come in the order asked for, with gaps where one is unknown', async () => {
    const refs = [byId(ids.gold), byId('cca_none'), { kind: 'external_id', externalId: 'x-main' }];
    const answer = await database.reader.findAccounts(book, refs as AccountRef[]);
    const { gold, main } = ids;
    expect(valueOf(answer).map((account) => account?.id)).toEqual([gold, undefined, main]);
    expect(answer.sequence).toBe(17);
  });

  it('are none where none is named, as are their balances', async () => {
    const none = { kind: 'read', value: [], sequence: 17 };
    expect(await database.reader.findAccounts(book, [])).toEqual(none);
    expect(await database.reader.balances(book, [])).toEqual(none);
  });
});

describe('accounts', () => {
  const page = { size: 10 };
  const query = { page, skip: 0, countTotal: false };
  const list = async (more: object) => valueOf(await database.reader.accounts(book, more as never));

  it('are listed newest first', async () => {
    const { items, hasMore, totalSize } = await list(query);
    expect(items.map(({ id }) => id)).toEqual([ids.gold, ids.old, ids.main]);
    expect([hasMore, totalSize]).toEqual([false, undefined]);
  });

  it.each([
    [{ customerId: 'ada' }, ['old', 'main'], 2],
    [{ customerId: 'ada', status: 'active' }, ['main'], 1],
    [{ name: 'oLD' }, ['old'], 1],
    [{ status: 'closed' }, ['old'], 1],
    [{ customerId: 'nobody' }, [], 0],
    [{ skip: 1 }, ['old', 'main'], 3],
    [{ skip: 5 }, [], 3],
    [{ page: { size: 1 } }, ['gold'], 3],
  ] as const)('are filtered, skipped and counted by %j', async (filter, names, total) => {
    const { items, totalSize } = await list({ ...query, countTotal: true, ...filter });
    expect(items.map(({ id }) => id)).toEqual(names.map((name) => ids[name]));
    expect(totalSize).toBe(total);
  });

  it('are paged from a cursor in both directions', async () => {
    const from = (direction: string, id: string, size = 1) =>
      list({ ...query, page: { size, cursor: { direction, id } } });
    expect(await from('after', ids.gold)).toMatchObject({
      items: [{ id: ids.old }],
      hasMore: true,
    });
    expect(await from('after', ids.old)).toMatchObject({
      items: [{ id: ids.main }],
      hasMore: false,
    });
    expect(await from('before', ids.main)).toMatchObject({
      items: [{ id: ids.old }],
      hasMore: true,
    });
    const newer = await from('before', ids.main, 2);
    expect(newer.items.map(({ id }) => id)).toEqual([ids.gold, ids.old]);
    expect(newer.hasMore).toBe(false);
  });
});

describe('balances', () => {
  const now = { kind: 'now' } as const;

  it('of now are those of the accounts', async () => {
    const balance = valueOf(await database.reader.balance(book, byId(ids.main), now));
    expect(balance).toEqual({
      accountId: ids.main,
      unit: { label: 'credits', scale: 0 },
      balance: 52n,
      held: 0n,
      updatedAt: instantOf(16),
      sequence: 17,
    });
  });

  it('of several accounts come in the order asked for, of one sequence', async () => {
    const refs = [byId(ids.gold), { kind: 'external_id', externalId: 'x-main' }, byId(ids.gold)];
    const answer = await database.reader.balances(book, refs as AccountRef[]);
    const gold = 10n ** 56n - 10n ** 18n + 1n;
    expect(valueOf(answer).map(({ balance }) => balance)).toEqual([gold, 52n, gold]);
    const unknown = await database.reader.balances(book, [byId(ids.main), byId('cca_none')]);
    expect(unknown).toMatchObject({ refusal: { metadata: { account: 'cca_none' } } });
  });

  it.each([
    [0, 0n],
    [1, 0n],
    [3, 0n],
    [4, 1n],
    [5, 3n],
    [13, 55n],
    [14, 52n],
    [15, 50n],
    [16, 52n],
    [17, 52n],
  ])('after sequence %d, and at its instant, are %d', async (sequence, balance) => {
    const point = { kind: 'at_sequence', sequence } as const;
    const then = valueOf(await database.reader.balance(book, byId(ids.main), point));
    expect(then).toMatchObject({ balance, sequence });
    const instant = sequence === 0 ? ((instantOf(1) - 1) as Instant) : instantOf(sequence);
    const at = { kind: 'at', instant } as const;
    expect(valueOf(await database.reader.balance(book, byId(ids.main), at))).toEqual(then);
    const moved = sequence >= 4;
    expect(then.updatedAt).toBe(instantOf(moved ? Math.min(sequence, 16) : 1));
  });

  it('at an instant beyond the head are those of now', async () => {
    const instants = [instantOf(17) + 1, Number.MAX_SAFE_INTEGER] as Instant[];
    for (const instant of instants) {
      const at = { kind: 'at', instant } as const;
      const view = valueOf(await database.reader.balance(book, byId(ids.main), at));
      expect(view).toMatchObject({ balance: 52n, sequence: 17 });
    }
  });

  it('beyond the head, or of no account, are refused', async () => {
    for (const sequence of [18, 2 ** 63]) {
      const point = { kind: 'at_sequence', sequence } as const;
      expect(await database.reader.balance(book, byId(ids.main), point)).toMatchObject({
        refusal: { reason: 'SEQUENCE_BEYOND_HEAD', metadata: { head_sequence: '17' } },
      });
    }
    const at = { kind: 'at', instant: instantOf(3) } as const;
    expect(await database.reader.balance(book, byId('cca_none'), at)).toMatchObject({
      refusal: { reason: 'ACCOUNT_NOT_FOUND' },
    });
  });
});

describe('entries', () => {
  const read = (page: PageRequest) => database.reader.entries(book, byId(ids.main), page);

  it('are the history of the account, newest first', async () => {
    const { items, hasMore } = valueOf(await read({ size: 2 }));
    const postings = made.events.map(postingOf).filter((posting) => posting !== undefined);
    const expected = postings.slice(-2).map(({ transaction }) => {
      const { id: transactionId, unit, sequence, createdAt } = transaction;
      return { ...transaction.entries[0], unit, transactionId, sequence, createdAt };
    });
    expect(items).toEqual(expected.toReversed());
    expect(hasMore).toBe(true);
  });

  it('are paged in both directions without a gap', async () => {
    const pages = await walk('after', read);
    const all = pages.flat();
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 1]);
    expect(new Set(all).size).toBe(13);
    const back = await walk('before', read, all.at(-1) ?? '');
    expect(back.toReversed().flat()).toEqual(all.slice(0, -1));
  });

  it('have a line of their own in a transaction of several', async () => {
    const [entry] = valueOf(await database.reader.entries(book, byId(ids.old), { size: 1 })).items;
    const transaction = made.events.map(postingOf)[13]?.transaction;
    expect(entry).toEqual({
      ...transaction?.entries[1],
      unit: transaction?.unit,
      transactionId: book.ids.transactionId(14 as Sequence, instantOf(14)),
      sequence: 14,
      createdAt: instantOf(14),
    });
  });

  it('of an account without any are an empty page', async () => {
    const key = new Uint8Array(32).fill(1);
    const idKeys = { test: key, prod: key };
    await database.stores.create({ storeId: 'c', name: 'C', idKeys });
    const fresh = (await database.stores.findBook('c', 'test')) as Book;
    const young = createTestBook();
    const id = young.createId({ customerId: 'eve' });
    await writeAll(fresh, young);
    const answer = await database.reader.entries(fresh, byId(id), { size: 1 });
    expect(answer).toEqual({ kind: 'read', sequence: 1, value: { items: [], hasMore: false } });
  });

  it('refuse a cursor of another account or list, and an unknown account', async () => {
    const gold = valueOf(await database.reader.entries(book, byId(ids.gold), { size: 1 })).items[0];
    const cursors = [gold?.id ?? '', ids.main, 'cce_00000000000', ''];
    for (const id of cursors) {
      const after = await read({ size: 1, cursor: { direction: 'after', id } });
      const refusal = { reason: 'CURSOR_INVALID', metadata: { field: 'starting_after' } };
      expect(after).toMatchObject({ kind: 'refused', refusal });
      const before = await read({ size: 1, cursor: { direction: 'before', id } });
      expect(before).toMatchObject({ refusal: { metadata: { field: 'ending_before' } } });
    }
    const unknown = await database.reader.entries(other, byId(ids.main), { size: 1 });
    expect(unknown).toMatchObject({ refusal: { reason: 'ACCOUNT_NOT_FOUND' } });
  });
});

describe('transactions', () => {
  const transactions = () => made.events.flatMap((event) => postingOf(event)?.transaction ?? []);
  const read = (page: PageRequest, filter = {}) =>
    database.reader.transactions(book, { page, ...filter });

  it('are read as they were posted, by id and by key', async () => {
    for (const transaction of transactions()) {
      const answer = await database.reader.transaction(book, transaction.id);
      expect(answer).toEqual({ kind: 'read', value: transaction, sequence: 17 });
    }
    const byKey = await database.reader.transactionByKey(book, 'credit 3');
    expect(valueOf(byKey)).toEqual(transactions()[4]);
  });

  it('are not found by ids of others, nor by keys that posted nothing', async () => {
    const [first] = transactions();
    const foreign = other.ids.transactionId(2 as Sequence, instantOf(2));
    const closing = book.ids.transactionId(17 as Sequence, instantOf(17));
    const shifted = book.ids.transactionId(2 as Sequence, (instantOf(2) + 1) as Instant);
    for (const id of [foreign, closing, shifted, ids.main, '']) {
      expect(await database.reader.transaction(book, id)).toMatchObject({
        refusal: { reason: 'TRANSACTION_NOT_FOUND', metadata: { transaction: id } },
      });
    }
    for (const key of ['credit 99', first?.idempotencyKey ?? '']) {
      expect(await database.reader.transactionByKey(book, key)).toMatchObject({
        refusal: { reason: 'TRANSACTION_NOT_FOUND' },
      });
    }
  });

  it('are paged in both directions without a gap', async () => {
    const pages = await walk('after', read);
    const all = transactions().map(({ id }) => id);
    expect(pages.flat()).toEqual(all.toReversed());
    const back = await walk('before', read, all[0]);
    expect(back.toReversed().flat()).toEqual(all.slice(1).toReversed());
  });

  it.each([
    ['account', () => ({ account: byId(ids.old) }), [14, 2]],
    [
      'external id and start',
      () => ({
        account: { kind: 'external_id', externalId: 'x-main' },
        createdFrom: instantOf(13),
      }),
      [16, 15, 14, 13],
    ],
    ['reference', () => ({ reference: 'opening' }), [3, 2]],
    ['reference and account', () => ({ reference: 'opening', account: byId(ids.old) }), [2]],
    ['unknown reference', () => ({ reference: 'Opening' }), []],
    ['start', () => ({ createdFrom: instantOf(15) }), [16, 15]],
    ['end', () => ({ createdBefore: instantOf(4) }), [3, 2]],
    ['both', () => ({ createdFrom: instantOf(4), createdBefore: instantOf(6) }), [5, 4]],
    ['start and account', () => ({ createdFrom: instantOf(3), account: byId(ids.old) }), [14]],
    ['an end before the start', () => ({ createdBefore: instantOf(1) }), []],
  ] as const)('are filtered by %s', async (_what, filter, expected) => {
    const { items, hasMore } = valueOf(await read({ size: 100 }, filter()));
    expect(items.map(({ sequence }) => sequence)).toEqual(expected);
    expect(hasMore).toBe(false);
  });

  it.each([
    ['all', () => ({}), [16, 15], 15],
    ['all but the first', () => ({ skip: 14 }), [2], 15],
    ['more than there are', () => ({ skip: 15 }), [], 15],
    ['those of an account', () => ({ account: byId(ids.old), skip: 1 }), [2], 2],
    ['those of a reference', () => ({ reference: 'opening', skip: 1 }), [2], 2],
    ['those since an instant', () => ({ createdFrom: instantOf(15), skip: 1 }), [15], 2],
  ] as const)('are skipped and counted: %s', async (...[, filter, expected, totalSize]) => {
    const answer = await read({ size: 2 }, { ...filter(), countTotal: true });
    const { items, ...rest } = valueOf(answer);
    expect(items.map(({ sequence }) => sequence)).toEqual(expected);
    expect(rest).toMatchObject({ totalSize });
  });

  it('go on behind one whose reference has the same digest and another text', async () => {
    const shared = `update event set reference_digest = $2 where book_id = $1 and sequence = 10`;
    try {
      await client.query(shared, [book.id, toBigint(referenceDigestOf('opening'))]);
      const readOne = (cursor?: { readonly direction: 'after'; readonly id: string }) =>
        database.reader.transactions(book, {
          reference: 'opening',
          page: { size: 1, ...(cursor ? { cursor } : {}) },
        });
      const first = valueOf(await readOne());
      expect(first).toMatchObject({ items: [{ sequence: 3 }], hasMore: true });
      const id = first.items[0]?.id ?? '';
      expect(valueOf(await readOne({ direction: 'after', id }))).toMatchObject({
        items: [{ sequence: 2 }],
        hasMore: false,
      });
    } finally {
      await client.query(shared, [book.id, toBigint(referenceDigestOf('ref'))]);
    }
  });

  it('refuse an unknown cursor and an unknown account', async () => {
    const closing = book.ids.transactionId(17 as Sequence, instantOf(17));
    for (const id of [closing, other.ids.transactionId(2 as Sequence, instantOf(2)), 'x']) {
      const answer = await read({ size: 1, cursor: { direction: 'before', id } });
      expect(answer).toMatchObject({
        refusal: { reason: 'CURSOR_INVALID', metadata: { field: 'ending_before' } },
      });
    }
    const answer = await read({ size: 1 }, { account: byId('cca_none') });
    expect(answer).toMatchObject({ refusal: { reason: 'ACCOUNT_NOT_FOUND' } });
  });
});

it('throws an error of the port when a text cannot be stored', async () => {
  const ref = { kind: 'external_id', externalId: 'a\u0000b' } as const;
  await expect(database.reader.account(book, ref)).rejects.toThrow(JournalError);
});
