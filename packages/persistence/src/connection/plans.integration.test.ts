// No statement reads a table, or a book, from end to end, whatever the statistics say about it: a
// plan made when a table was young is kept, or made again from what was counted then.
import {
  grantsOf,
  holdOf,
  parseCreateHold,
  parsePostOneSided,
  type Account,
  type AccountId,
  type BookEvent,
  type Instant,
  type Sequence,
} from '@scrip/kernel';
import type { Book, FeedSource, LedgerReader, TermsReader, UnitOfWork } from '@scrip/engine';
import { connectTestDatabase, createTestBook, jsonEventCodec } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

it.each([
  ['with true statistics', ['fill', 'analyze', 'use']],
  ['counted when it was empty', ['analyze', 'fill', 'use']],
  ['never counted', ['fill', 'use']],
  ['in use since it was empty', ['analyze', 'use', 'fill', 'use']],
] as const)('rows are found by key in a full book %s', async (_what, steps) => {
  const { connection, client } = await connectTestDatabase();
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  await database.migrate();
  await client.query(
    tables.map((table) => `alter table ${table} set (autovacuum_enabled = off)`).join('; '),
  );
  const idKey = new Uint8Array(32).fill(1);
  await database.stores.create({ storeId: 's', name: '', idKeys: { test: idKey, prod: idKey } });
  const book = (await database.stores.findBook('s', 'test')) as Book;
  expect(book.id).toBe(filledBookId);

  const made = createTestBook();
  let statementCount = 0;
  for (const step of steps) {
    if (step === 'fill') await fill(client);
    else if (step === 'analyze') await client.query('analyze');
    else statementCount += await use(made, book, { database, client });
  }
  // Counts are published at the latest when a connection ends.
  await database.close();
  await expect.poll(async () => (await countReads(client)).probes).toBeGreaterThan(statementCount);
  const { probedRows, scannedRows } = await countReads(client);
  expect(probedRows).toBeLessThan(10 * statementCount);
  expect(scannedRows).toBeLessThan(10 * statementCount);
});

async function use(
  made: TestBook,
  book: Book,
  { database, client }: { readonly database: Database; readonly client: Client },
): Promise<number> {
  const { journal } = database;
  const written = await writeAndLookUp(made, (work) => journal.transact(book, work));
  const expected = await writeExpecting(made, {
    setClock: async (instant) => void (await client.query(setClock, [book.id, instant])),
    transact: (work) => journal.transact(book, work),
  });
  await client.query('update book set clock_offset_ms = 0 where id = $1', [book.id]);
  const read = await readAll(made, book, database.reader);
  const terms = await readTerms(made, book, database.terms);
  // The holds that were made are long over; the accounts of the full book have time.
  const [due] = await database.dueSource.findDue(200);
  expect(due?.accountIds.length).toBeLessThan(3);
  return written + expected + read + terms + (await readFeed(made, book, database.feedSource)) + 1;
}

type TestBook = ReturnType<typeof createTestBook>;

/** Writes some batches, each after every kind of look-up. Answers the number of statements. */
async function writeAndLookUp(
  { createId, post, transactionId, reverse, submit, state, events }: TestBook,
  transact: (work: (unit: UnitOfWork) => Promise<void>) => Promise<void>,
): Promise<number> {
  const first = events.length;
  const name = `${first}`;
  const id = createId({ customerId: 'c', externalId: name, name, initialBalance: '5' });
  const credit = transactionId(post('credit', id, '1'));
  reverse(credit);
  const account = { kind: 'id', id } as const;
  const named = (key: string) => ({ reference: 'ref', idempotencyKey: `${key} ${name}` });
  const granted = { account, amount: '3', ...named('grant'), terms: { category: 'paid' } } as const;
  submit(parsePostOneSided('credit', granted));
  submit(parseCreateHold({ account, amount: '4', ...named('hold') }));
  post('debit', id, '2');
  const singles = events.slice(first).map((event) => [event]);
  const second = events.length;
  post('debit', id, '1');
  post('credit', id, '1');
  const batches = [...singles, events.slice(second)];
  for (const batch of batches) {
    const last = batch.at(-1) as BookEvent;
    await transact(async (unit) => {
      await unit.lockHead();
      await unit.findSeal(1 as Sequence);
      await unit.findEventsByKey(['key 1']);
      await unit.findEventsByTransactionId([credit]);
      await unit.findAccountIdsByExternalId(['0']);
      await unit.findAccountIdsByName([{ customerId: 'c', nameKey: '0' }]);
      await unit.loadAccounts([id]);
      await unit.findTerms(idsOf(events.slice(0, first)));
      await unit.loadUnits(['credits']);
      await unit.touchHead();
      await unit.append({
        events: batch.map(encode),
        accounts: [state.accounts.get(id) as Account],
        units: [...state.units.values()],
        instant: last.createdAt,
        lastSequence: last.sequence,
        chainHash: new Uint8Array(32),
      });
    });
  }
  return 11 * batches.length;
}

const setClock = `
  update book set clock_offset_ms = $2 - (extract(epoch from clock_timestamp()) * 1000)::int8
  where id = $1`;

/** Writes a post, and a grant, on a book that is expected. Answers the number of statements. */
async function writeExpecting(
  { post, submit, state, events }: TestBook,
  on: {
    readonly setClock: (instant: Instant) => Promise<void>;
    readonly transact: <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>;
  },
): Promise<number> {
  const first = events.length;
  const id = [...state.accounts.keys()].at(-1) as AccountId;
  post('credit', id, '1');
  const account = { kind: 'id', id } as const;
  const named = { reference: 'ref', idempotencyKey: `expected ${first}` };
  submit(
    parsePostOneSided('credit', { account, amount: '3', ...named, terms: { category: 'paid' } }),
  );
  for (const event of events.slice(first)) {
    const head = await on.transact((unit) => unit.lockHead());
    await on.setClock(event.createdAt);
    const clock = await on.transact((unit) =>
      unit.appendExpecting(
        { head, newKey: event.idempotencyKey, latenessMsMax: 1_000 },
        {
          events: [encode(event)],
          accounts: [state.accounts.get(id) as Account],
          units: [...state.units.values()],
          instant: event.createdAt,
          lastSequence: event.sequence,
          chainHash: new Uint8Array(32),
        },
      ),
    );
    expect(clock).toBeGreaterThanOrEqual(event.createdAt);
  }
  return 6;
}

function idsOf(events: readonly BookEvent[]) {
  const grants = events.flatMap(grantsOf).slice(0, 2);
  const holds = events.flatMap((event) => holdOf(event) ?? []).slice(0, 2);
  return {
    grantIds: grants.map(({ id }) => id),
    holdIds: holds.map(({ id }) => id),
    scheduleIds: [],
  };
}

/** Reads one thing of each kind. Answers the number of statements. */
async function readAll(
  { state, events }: TestBook,
  book: Book,
  reader: LedgerReader,
): Promise<number> {
  const [account] = state.accounts.values();
  const ref = { kind: 'id', id: account?.id ?? '' } as const;
  const at = events[1]?.createdAt ?? state.instant;
  const page = { size: 2 };
  const list = { page, skip: 0, countTotal: false };
  const answers = await Promise.all([
    reader.head(book),
    reader.account(book, ref),
    reader.account(book, { kind: 'external_id', externalId: '0' }),
    reader.accounts(book, list),
    reader.accounts(book, { ...list, customerId: 'c', countTotal: true }),
    reader.balances(book, [ref]),
    reader.balance(book, ref, { kind: 'at', instant: at }),
    reader.balance(book, ref, { kind: 'at_sequence', sequence: 2 }),
    reader.entries(book, ref, page),
    reader.transaction(book, book.ids.transactionId(2 as Sequence, at)),
    reader.transactionByKey(book, 'key 1'),
    reader.transactions(book, { page }),
    reader.transactions(book, { page, account: ref }),
    reader.transactions(book, { page, reference: 'ref' }),
    reader.transactions(book, { page, createdFrom: at }),
    reader.transactions(book, { page, createdBefore: state.instant, account: ref }),
  ]);
  expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'read'));
  return answers.length;
}

/** Reads grants and holds in every way. Answers the number of statements. */
async function readTerms({ state }: TestBook, book: Book, terms: TermsReader): Promise<number> {
  const [grant] = state.grants.values();
  const [hold] = state.holds.values();
  const account = { kind: 'id', id: grant?.accountId ?? '' } as const;
  const after = (id = '') => ({ size: 2, cursor: { direction: 'before', id } as const });
  const answers = await Promise.all([
    terms.grant(book, grant?.id ?? ''),
    terms.hold(book, hold?.id ?? ''),
    terms.grants(book, { account, liveOnly: false, page: { size: 2 } }),
    terms.grants(book, { account, liveOnly: true, page: { size: 2 } }),
    terms.holds(book, { account, liveOnly: false, page: after(hold?.id) }),
    terms.schedules(book, { account, liveOnly: false, page: { size: 2 } }),
    terms.balanceParts(book, account),
    terms.balanceParts(book, account, 5),
  ]);
  expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'read'));
  return answers.length;
}

/** Reads a page of the feed of each kind. A page of accounts makes five probes and more. */
async function readFeed({ state }: TestBook, book: Book, source: FeedSource): Promise<number> {
  const accountIds = [...state.accounts.keys()].slice(0, 2);
  const scopes = [
    { kind: 'book' },
    { kind: 'accounts', accountIds },
    { kind: 'customer', customerId: 'c' },
  ] as const;
  const kinds = new Set(['transaction_posted', 'account_updated'] as const);
  const filters = scopes.flatMap((scope) => [{ scope }, { scope, kinds }]);
  const window = { after: 0 as Sequence, countMax: 2, bytesMax: 1_000 };
  for (const filter of filters) {
    const page = await source.readHistory(book, { filter, ...window });
    expect(page.events).toHaveLength(2);
  }
  await source.head(book);
  await source.findSeal(book, 1 as Sequence);
  await source.sequenceBefore(book, state.instant);
  return filters.length + 3;
}

function encode(event: BookEvent) {
  return { event, bytes: jsonEventCodec.encode(event), requestDigest: '0'.repeat(16) };
}

const tables = [
  'account',
  'account_term',
  'event',
  'entry',
  'seal',
  'term_change',
  'unit',
  'book',
] as const;

async function countReads(client: Client) {
  const { rows } = await client.query<Record<'probes' | 'probed_rows' | 'scanned_rows', string>>(
    `select sum(idx_scan) as probes, sum(seq_tup_read) as scanned_rows,
       (select sum(idx_tup_read) from pg_stat_user_indexes where relname = any($1)) as probed_rows
     from pg_stat_user_tables where relname = any($1)`,
    [tables],
  );
  return {
    probes: Number(rows[0]?.probes),
    probedRows: Number(rows[0]?.probed_rows),
    scannedRows: Number(rows[0]?.scanned_rows),
  };
}

const filledBookId = 1;

/** 20,000 rows in each table, on sequences that the test does not reach. */
async function fill(client: Client): Promise<void> {
  const rows = `from generate_series(1000, 20999) n`;
  await client.query(`
    insert into event (book_id, sequence, kind, key_digest, reference_digest, body)
    select 1, n, 6, sha256(int4send(n)), n, '{}' ${rows};
    insert into account (book_id, id, customer_id, external_id, name, name_key, unit_label, status,
      balance, last_sequence, created_at, updated_at, balance_updated_at, term_count, next_due_at)
    select 1, n, 'c' || n, 'x' || n, 'n', 'n', 'credits', 'active', 0, n, now(), now(), now(), 1,
      timestamptz '2100-01-01'
    ${rows};
    insert into account_term (book_id, id, account_id, kind, is_live, last_sequence)
    select 1, n, n % 100 + 1000, n % 3 + 1, n % 2 = 0, n ${rows};
    insert into term_change (book_id, term_id, sequence, is_live)
    select 1, n, n, true ${rows};
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select 1, n % 100 + 1000, n, 0, 1, n ${rows};
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select 1, n, now() + n * interval '1 second', '' ${rows}`);
}
