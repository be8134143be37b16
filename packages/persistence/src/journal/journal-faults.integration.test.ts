// The journal when something breaks: statements, connections, backends, and the answer to COMMIT.
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { JournalError, type Batch, type Book, type UnitOfWork } from '@scrip/engine';
import type { Account, AccountId, Instant, Sequence } from '@scrip/kernel';
import {
  createTestBook,
  createTestDatabase,
  jsonEventCodec,
  type TestDatabase,
} from '@scrip/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let created: TestDatabase;
let database: Database;
let observer: Client;
let book: Book;
let bookCount = 0;

beforeAll(async () => {
  created = await createTestDatabase();
  database = await open(created.connection);
  await database.migrate();
  observer = new Client({ ...created.connection });
  await observer.connect();
});

afterAll(async () => {
  await observer.end();
  await database.close();
  await created.drop();
});

beforeEach(async () => {
  const storeId = `sto_${++bookCount}`;
  const idKey = new Uint8Array(32).fill(1);
  await database.stores.create({ storeId, name: '', idKeys: { test: idKey, prod: idKey } });
  book = (await database.stores.findBook(storeId, 'test')) as Book;
});

const open = (connection: Parameters<typeof openDatabase>[0]['connection']) =>
  openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });

function makeBatch(key = 'k'): Batch {
  const { createId, post, state, events } = createTestBook();
  const id = createId({ customerId: 'a', initialBalance: '5' });
  post('credit', id, '1', key);
  const sequence = events.length as Sequence;
  return {
    events: events.map((event) => ({
      event,
      bytes: jsonEventCodec.encode(event),
      requestDigest: '0'.repeat(16),
    })),
    accounts: [state.accounts.get(id) as Account],
    units: [...state.units.values()],
    instant: state.instant,
    lastSequence: sequence,
    chainHash: new Uint8Array(32).fill(7),
  };
}

/** The second event of such a batch again, at a later sequence. */
function makeLaterBatch(key = 'k', sequence = 4): Batch {
  const batch = makeBatch(key);
  const events = batch.events.slice(1).map((encoded) => ({
    ...encoded,
    event: { ...encoded.event, sequence: sequence as Sequence },
  }));
  return { ...batch, events, lastSequence: sequence as Sequence, accounts: [] };
}

/** An account with an id of the book that was never made. */
function makeStrangers(): readonly Account[] {
  const { createId, state } = createTestBook();
  createId({ customerId: 'a' });
  const id = createId({ customerId: 'b' });
  return [...state.accounts.values()].filter((account) => account.id === id);
}

async function write(unit: UnitOfWork, batch = makeBatch()): Promise<void> {
  await unit.lockHead();
  await unit.append(batch);
}

const headSequence = async (): Promise<number> =>
  (await database.journal.transact(book, (unit) => unit.lockHead())).sequence;

const writers = `from pg_stat_activity
  where datname = current_database() and application_name = 'scrip writer'`;

/** How many connections of writers satisfy a condition right now. */
async function countWriters(condition = 'true'): Promise<number> {
  const { rowCount } = await observer.query(`select 1 ${writers} and ${condition}`);
  return rowCount ?? 0;
}

async function failureOf(attempt: Promise<unknown>): Promise<JournalError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(JournalError);
  return error as JournalError;
}

describe('a unit of work whose content is refused', () => {
  it.each([
    ['a text that cannot be stored', { customerId: 'a\u0000b' }],
    ['a balance below what is held', { held: 100n }],
  ])('writes nothing and blames the content: %s', async (_what, change) => {
    const batch = makeBatch();
    const accounts = batch.accounts.map((account) => ({ ...account, ...change }));
    const failure = await failureOf(
      database.journal.transact(book, (unit) => write(unit, { ...batch, accounts })),
    );
    expect(failure).toMatchObject({ outcome: 'not_committed', fault: 'content' });
    expect(await headSequence()).toBe(0);
  });

  it('is not committed even if the work hides the error', async () => {
    await database.journal.transact(book, write);
    const attempt = database.journal.transact(book, async (unit) => {
      await unit.lockHead();
      await unit.append(makeLaterBatch()).catch(() => undefined);
      return 'done';
    });
    expect(await failureOf(attempt)).toMatchObject({ outcome: 'not_committed', fault: 'content' });
    expect(await headSequence()).toBe(2);
  });

  it('keeps a second event of one key out by the unique index', async () => {
    await database.journal.transact(book, write);
    const attempt = database.journal.transact(book, (unit) => write(unit, makeLaterBatch()));
    expect(await failureOf(attempt)).toMatchObject({ fault: 'content' });
    expect(await headSequence()).toBe(2);
  });
});

describe('a batch that does not change what it is to change', () => {
  it.each([
    ['an account that is not there', [{ ...makeLaterBatch('k 2'), accounts: makeStrangers() }]],
    ['a head that has moved', [makeLaterBatch('k 2'), makeLaterBatch('k 3', 6)]],
  ])('is not committed, and may be tried again: %s', async (_what, batches) => {
    await database.journal.transact(book, write);
    const attempt = database.journal.transact(book, async (unit) => {
      await unit.lockHead();
      for (const batch of batches) await unit.append(batch);
    });
    expect(await failureOf(attempt)).toMatchObject({
      outcome: 'not_committed',
      fault: 'collision',
      cause: { message: expect.stringMatching(/^The write found another head/) as string },
    });
    expect(await headSequence()).toBe(2);
  });
});

describe('a batch on a book that is expected', () => {
  it('is not committed where it does not change the accounts that it names', async () => {
    await database.journal.transact(book, write);
    const head = await database.journal.transact(book, (unit) => unit.lockHead());
    const attempt = database.journal.transact(book, async (unit) => {
      const batch = { ...makeLaterBatch('k 2', 3), accounts: makeStrangers() };
      void unit.appendExpecting({ head, ...asLateAsIt }, batch).catch(() => undefined);
    });
    expect(await failureOf(attempt)).toMatchObject({ outcome: 'not_committed' });
    expect(await headSequence()).toBe(2);
  });

  it('waits for the database once', async () => {
    const proxy = await startProxy('nothing');
    onTestFinished(proxy.stop);
    const through = await open({ ...created.connection, host: '127.0.0.1', port: proxy.port });
    onTestFinished(() => through.close());
    await through.journal.transact(book, write);
    const head = await through.journal.transact(book, (unit) => unit.lockHead());
    const before = proxy.packetCount();
    let clock: Promise<Instant | undefined> | undefined;
    await through.journal.transact(book, async (unit) => {
      clock = unit.appendExpecting({ head, ...asLateAsIt }, makeLaterBatch('k 2', 3));
    });
    expect(proxy.packetCount() - before).toBe(1);
    expect(await clock).toBeGreaterThan(head.lastInstant);
    expect(await headSequence()).toBe(3);
  });
});

/** The instants of these batches are years ago. */
const asLateAsIt = { newKey: 'k 2', latenessMsMax: Number.MAX_SAFE_INTEGER };

describe('a write that cannot be sent', () => {
  it('fails the unit of work: nothing is taken for written', async () => {
    const batch = makeBatch();
    const accounts = batch.accounts.map((each) => ({
      ...each,
      id: 'not_of_the_book' as AccountId,
    }));
    const attempt = database.journal.transact(book, (unit) => write(unit, { ...batch, accounts }));
    await expect(attempt).rejects.toThrow('an account that is written is one of the book');
    expect(await headSequence()).toBe(0);
  });
});

describe('a flush', () => {
  it('waits for the database twice: for lock and keys, and for write and COMMIT', async () => {
    const proxy = await startProxy('nothing');
    onTestFinished(proxy.stop);
    const through = await open({ ...created.connection, host: '127.0.0.1', port: proxy.port });
    onTestFinished(() => through.close());
    const flush = (batch: Batch) =>
      through.journal.transact(book, async (unit) => {
        await Promise.all([unit.lockHead(), unit.findEventsByKey(['k'])]);
        await unit.append(batch);
      });
    await flush(makeBatch());
    const before = proxy.packetCount();
    await flush(makeLaterBatch('k 2'));
    expect(proxy.packetCount() - before).toBe(2);
    expect(await headSequence()).toBe(4);
  });
});

describe('a backend that is killed', () => {
  it('before COMMIT has committed nothing, and its connection is not used again', async () => {
    const { rows } = await observer.query(`select pid ${writers}`);
    const attempt = database.journal.transact(book, async (unit) => {
      await write(unit);
      await observer.query(`select pg_terminate_backend(pid) ${writers}`);
      await unit.findSeal(1 as Sequence);
    });
    expect(await failureOf(attempt)).toMatchObject({
      outcome: 'not_committed',
      fault: 'unavailable',
    });
    expect(await headSequence()).toBe(0);
    const { rows: after } = await observer.query(`select pid ${writers}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(after).not.toEqual(expect.arrayContaining(rows));
  });

  it('during COMMIT leaves the outcome unknown', async () => {
    await observer.query(`
      create function wait_long() returns trigger language plpgsql as
        $$ begin perform pg_sleep(9); return null; end $$;
      create constraint trigger slow_commit after insert on seal
        initially deferred for each row execute function wait_long()`);
    onTestFinished(async () => {
      await observer.query('drop trigger slow_commit on seal; drop function wait_long');
    });
    const attempt = failureOf(database.journal.transact(book, (unit) => write(unit)));
    const committing = `state = 'active' and query = 'commit'`;
    await expect.poll(() => countWriters(committing)).toBe(1);
    await observer.query(`select pg_terminate_backend(pid) ${writers} and ${committing}`);
    expect(await attempt).toMatchObject({ outcome: 'unknown', fault: 'unavailable' });
    expect(await headSequence()).toBe(0);
  });

  it('while nobody uses its connection goes unnoticed', async () => {
    await headSequence();
    await observer.query(`select pg_terminate_backend(pid) ${writers}`);
    await expect.poll(() => countWriters()).toBe(0);
    // The pool hears of it by an event of its own, which may come after this query's answer.
    await expect.poll(() => headSequence().catch(() => 'not yet')).toBe(0);
  });
});

describe('an answer to COMMIT that is lost', () => {
  it.each([
    ['on its way back', 'answer', 2],
    ['because COMMIT never arrived', 'question', 0],
  ] as const)('is unknown to the caller: %s', async (_what, dropped, sequence) => {
    const proxy = await startProxy(dropped);
    onTestFinished(proxy.stop);
    const through = await open({ ...created.connection, host: '127.0.0.1', port: proxy.port });
    onTestFinished(() => through.close());
    const attempt = through.journal.transact(book, (unit) => write(unit));
    expect(await failureOf(attempt)).toMatchObject({ outcome: 'unknown' });
    // The lock waits for the lost backend, and shows what became of it.
    expect(await headSequence()).toBe(sequence);
    const seal = await database.journal.transact(book, async (unit) => {
      await unit.lockHead();
      return unit.findSeal(2 as Sequence);
    });
    expect(seal?.[0]).toBe(sequence === 2 ? 7 : undefined);
  });
});

describe('a book that is held', () => {
  it('gives the instant at which the lock was granted, not asked for', async () => {
    const holder = new Client({ ...created.connection });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('begin');
    await holder.query('select from book where id = $1 for update', [book.id]);
    const waiting = database.journal.transact(book, (unit) => unit.lockHead());
    await expect.poll(() => countWriters(`wait_event_type = 'Lock'`)).toBe(1);
    const { rows } = await holder.query<{ readonly ms: string }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::int8 as ms',
    );
    await holder.query('rollback');
    expect((await waiting).now).toBeGreaterThanOrEqual(Number(rows[0]?.ms) - 1);
  });

  it('is let go when the process that holds it pauses', async () => {
    const attempt = database.journal.transact(book, async (unit) => {
      await write(unit);
      await expect.poll(() => countWriters('xact_start is not null')).toBe(0);
    });
    expect(await failureOf(attempt)).toMatchObject({
      outcome: 'not_committed',
      fault: 'collision',
    });
    expect(await headSequence()).toBe(0);
  });

  it('moves with the clock offset of the book', async () => {
    const dayMs = 86_400_000;
    const before = await database.journal.transact(book, (unit) => unit.lockHead());
    await observer.query('update book set clock_offset_ms = $1 where id = $2', [dayMs, book.id]);
    const after = await database.journal.transact(book, (unit) => unit.lockHead());
    expect(after.now).toBeGreaterThanOrEqual(before.now + dayMs);
    expect(after.now).toBeLessThan(before.now + 2 * dayMs);
  });
});

describe('a database that cannot be reached', () => {
  it('is unavailable, and nothing was committed', async () => {
    const elsewhere = await open({ host: '127.0.0.1', port: 1, database: 'none' });
    onTestFinished(() => elsewhere.close());
    const failure = await failureOf(elsewhere.journal.transact(book, (unit) => unit.lockHead()));
    expect(failure).toMatchObject({ outcome: 'not_committed', fault: 'unavailable' });
    const read = await failureOf(elsewhere.reader.head(book));
    expect(read).toMatchObject({ fault: 'unavailable' });
    await failureOf(elsewhere.ping());
  });
});

/** A way to the database that may lose COMMIT, or its answer, and break the connection. */
async function startProxy(dropped: 'question' | 'answer' | 'nothing') {
  const { host, port } = created.connection;
  let packetCount = 0;
  const server: Server = createServer((near) => {
    const far = connect(`${host}/.s.PGSQL.${port}`);
    let isCommitting = false;
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => {
      packetCount++;
      isCommitting ||= dropped !== 'nothing' && bytes.includes('commit\u0000');
      if (isCommitting && dropped === 'question') end();
      else far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isCommitting) end();
      else near.write(bytes);
    });
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    stop,
    /** Packets that were sent to the database so far. */
    packetCount: () => packetCount,
  };
}
