// A book that was written before its rows took fewer bytes is, after the migration, as if it had
// been written since: row by row, and to callers who come with old keys.
import { hash } from 'node:crypto';
import { createEngine, verifyBook, type Book } from '@scrip/engine';
import {
  assert,
  instantFromMs,
  parseChangeAccountStatus,
  parseCreateAccount,
  parseReverseTransaction,
  parseUpdateAccount,
  postingOf,
  type BookEvent,
  type Command,
  type Ids,
  type Instant,
} from '@scrip/kernel';
import {
  connectTestDatabase,
  couponCommandOf,
  couponPrograms,
  couponStepMs,
  createTestBook,
  jsonEventCodec as codec,
  noRecordsSeen,
  noteRecordsSeen,
  noteSeen,
  nothingSeen,
  openTestDatabase,
  runBatches,
  termsCommandOf,
  termsPrograms,
  waitedMs,
} from '@scrip/testkit';
import fc from 'fast-check';
import type { Client } from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../database.ts';
import { changedAccountOf } from '../mapping/event-row.ts';
import { migrateTo } from './migrate-to.ts';
import { migrationNames } from './migrations-list.ts';

const before = '0004-keeps-coupons-credits-and-memberships';
const kindCount = 34;
/** Commands that share an instant. */
const batchLength = 8;
/** In the future, so that the book's clock stands still at its last event. */
const start = instantFromMs(Date.UTC(2100, 0));

const tables = [
  'store',
  'book',
  'unit',
  'account',
  'entry',
  'seal',
  'account_term',
  'term_change',
  'coupon_record',
  'customer_event',
] as const;

type Row = Readonly<Record<string, unknown>>;
type World = { readonly database: Database; readonly client: Client; readonly book: Book };

let history: ReturnType<typeof writeHistory>;

beforeAll(() => {
  history = writeHistory();
});

describe('a book of events of all kinds, after the migration', () => {
  it('is as if it had been written since, and answers old keys', { timeout: 120_000 }, async () => {
    const since = await openSince();
    await runBatches({ journal: since.database.journal, book: since.book }, history.batches);
    const upgraded = await openUpgraded(since);

    for (const table of [...tables, 'event']) {
      const rows = await readRows(upgraded.client, table);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows).toEqual(await readRows(since.client, table));
    }
    const verified = await verifyBook(upgraded.book, {
      source: upgraded.database.auditSource,
      codec,
    });
    expect(verified).toMatchObject({ kind: 'intact', sequence: history.events.length });
    await expectReplays(upgraded);
    await expectLists(upgraded);
  });
});

/** Every request that was accepted with a key is replayed; another one under its key is refused. */
async function expectReplays({ database, book }: World): Promise<void> {
  const engine = createEngine({ journal: database.journal, codec });
  const accepted = history.accepted.filter(({ command }) => 'idempotencyKey' in command);
  expect(accepted.length).toBeGreaterThan(200);
  const commands = accepted.map(({ command }) => command);
  const replays = await engine.submitBatch(book, { commands, mode: 'independent' });
  expect(replays).toMatchObject(accepted.map(({ event }) => ({ kind: 'replayed', event })));
  const other = { kind: 'advance_clock', byMs: 7 } as const;
  const others = await engine.submitBatch(book, {
    commands: accepted.map(({ event: { idempotencyKey = '' } }) => ({ ...other, idempotencyKey })),
    mode: 'independent',
  });
  const reused = { kind: 'refused', refusal: { reason: 'IDEMPOTENCY_KEY_REUSED' } };
  expect(others).toMatchObject(accepted.map(() => reused));
}

/** References, reversals and the changes of accounts are found as the events tell them. */
async function expectLists({ database, book }: World): Promise<void> {
  const engine = createEngine({ journal: database.journal, codec });
  const transactions = history.events.flatMap((event) => postingOf(event)?.transaction ?? []);
  const references = new Set(transactions.map(({ reference }) => reference));
  for (const reference of references) {
    const read = await database.reader.transactions(book, { reference, page: { size: 1_000 } });
    assert(read.kind === 'read', 'the transactions are read');
    const expected = transactions.filter((each) => each.reference === reference);
    expect(read.value.items).toEqual(expected.toReversed());
  }
  const reversals = transactions.filter(({ reversalOf }) => reversalOf !== undefined);
  expect(reversals.length).toBeGreaterThan(3);
  for (const { id, reversalOf: transactionId = '' } of reversals) {
    const command = parseReverseTransaction({ transactionId });
    assert(command.kind === 'parsed', 'the reversal is well-formed');
    const again = await engine.submit(book, command.value);
    assert(again.kind === 'replayed', 'a transaction is reversed once');
    expect(postingOf(again.event)?.transaction.id).toBe(id);
  }
  for (const id of history.accountIds) {
    const own = transactions.filter(({ entries }) => entries.some((e) => e.accountId === id));
    const entries = await database.reader.entries(book, { kind: 'id', id }, { size: 1_000 });
    assert(entries.kind === 'read', 'the entries are read');
    const expected = own.map(({ id: transactionId, sequence, createdAt }) => {
      return { transactionId, sequence, createdAt };
    });
    expect(entries.value.items).toMatchObject(expected.toReversed());
  }
}

async function openSince(): Promise<World> {
  const opened = await openTestDatabase(({ connection }) =>
    openDatabase({ connection, codec, allowUnsafe: true }),
  );
  onTestFinished(() => opened.close());
  return { ...opened, book: await opened.makeBook() };
}

/** Copies a book into tables of before, and applies the migration. */
async function openUpgraded(since: World): Promise<World> {
  const { connection, client } = await connectTestDatabase();
  await migrateTo(connection, codec, before);
  for (const table of tables) await insertRows(client, table, await readRows(since.client, table));
  const rows = await readRows(since.client, 'event');
  await insertRows(
    client,
    'event',
    rows.map((row) => toOldRow(row, since.book.ids)),
  );
  const database = await openDatabase({ connection, codec, allowUnsafe: true });
  onTestFinished(() => database.close());
  const later = migrationNames.slice(migrationNames.indexOf(before) + 1);
  expect(await database.migrate()).toEqual(later);
  return { client, database, book: since.book };
}

/** The row of an event as it was written before, from its event alone but for the request. */
function toOldRow(row: Row, ids: Ids): Row {
  const event = codec.decode(Buffer.from(String(row['body']).slice(2), 'hex'));
  const { idempotencyKey: key, createdAt } = event;
  const transaction = postingOf(event)?.transaction;
  const reversed = transaction?.reversalOf;
  return {
    book_id: row['book_id'],
    sequence: event.sequence,
    kind: row['kind'],
    created_at: new Date(createdAt).toISOString(),
    key_digest: key === undefined ? null : half(key),
    request_digest: row['request_digest'] === null ? null : oldRequestDigest(row),
    reference_digest: transaction === undefined ? null : half(transaction.reference),
    reversal_of: reversed === undefined ? null : ids.transactionPlace(reversed)?.sequence,
    entry_count: transaction?.entries.length ?? 0,
    body: row['body'],
    account_id: changedAccountOf(event, ids),
  };
}

function half(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** What is kept of it was its first half. */
function oldRequestDigest(row: Row): string {
  const kept = Buffer.alloc(8);
  kept.writeBigInt64BE(BigInt(String(row['request_digest'])));
  return `${kept.toString('hex')}0123456789abcdef`;
}

/** All rows of a table, with whole numbers of any size as texts. */
async function readRows(client: Client, table: string): Promise<readonly Row[]> {
  const { rows: columns } = await client.query<{ readonly name: string; readonly type: string }>(
    `select attname as name, atttypid::regtype::text as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  const parts = columns.map(({ name, type }) => (type === 'bigint' ? `${name}::text` : name));
  const { rows } = await client.query<{ readonly row: Row }>(
    `select to_json(t) as row from (select ${parts.join(', ')} from ${table}) t
     order by to_json(t)::text`,
  );
  return rows.map(({ row }) => row);
}

async function insertRows(client: Client, table: string, rows: readonly Row[]): Promise<void> {
  await client.query(
    `insert into ${table} overriding system value
     select * from json_populate_recordset(null::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Programs on accounts, grants, holds and schedules, then on coupons and memberships. */
function writeHistory() {
  const book = createTestBook();
  const batches: { readonly now: Instant; readonly commands: Command[] }[] = [];
  const accepted: { readonly command: Command; readonly event: BookEvent }[] = [];
  let now = start;
  const submit = (command: Command | undefined, waitMs: number): readonly BookEvent[] => {
    const isFull = (batches.at(-1)?.commands.length ?? batchLength) === batchLength;
    if (isFull || waitMs > 0) {
      now = instantFromMs(now + 10 + waitMs);
      batches.push({ now, commands: [] });
    }
    if (command === undefined) return [];
    // The book moves its clock with every command.
    book.state.instant = instantFromMs(now - 1);
    const first = book.events.length;
    const decision = book.submit({ kind: 'parsed', value: command });
    batches.at(-1)?.commands.push(command);
    if (decision.kind === 'accepted') accepted.push({ command, event: decision.event });
    return book.events.slice(first);
  };
  const names = ['a', 'b', 'c'];
  for (const customerId of names) {
    const unchecked = { customerId, externalId: customerId, initialBalance: '100' };
    const created = parseCreateAccount(unchecked);
    submit(created.kind === 'parsed' ? created.value : undefined, 0);
  }
  const ids = [...book.state.accounts.keys()];
  const terms = nothingSeen();
  const steps = fc.sample(termsPrograms(150), { seed: 1, numRuns: 16 }).flat();
  for (const [index, step] of steps.entries()) {
    const command = termsCommandOf(step, { index, ids, now, seen: terms });
    for (const event of submit(command, waitedMs(step))) noteSeen(terms, event);
    const id = ids[index % 3];
    assert(id !== undefined, 'there are three accounts');
    if (index % 9 === 0) submit({ kind: 'book_due_moves', account: { kind: 'id', id } }, 0);
  }
  const records = noRecordsSeen();
  const couponSteps = fc.sample(couponPrograms(150), { seed: 5, numRuns: 4 }).flat();
  for (const [step, couponStep] of couponSteps.entries()) {
    const index = steps.length + step;
    const command = couponCommandOf(couponStep, { index, now, seen: records });
    const events = submit(command, couponStepMs(couponStep));
    for (const event of events) noteRecordsSeen(records, event);
  }
  const account = { kind: 'external_id', externalId: 'c' } as const;
  for (const last of [
    parseUpdateAccount({ account, displayName: 'C', idempotencyKey: 'update' }),
    parseChangeAccountStatus('close_account', { account }),
  ]) {
    submit(last.kind === 'parsed' ? last.value : undefined, 0);
  }
  submit({ kind: 'advance_clock', byMs: 1 }, 0);
  const kinds = new Set(book.events.map(({ change }) => change.kind));
  assert(kinds.size === kindCount, `the events are of ${kinds.size} kinds`);
  return { batches, accepted, events: book.events, accountIds: ids };
}
