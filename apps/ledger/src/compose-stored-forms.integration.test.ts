// A book whose events are stored in both forms: those of older releases say a key twice.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { eventCodec } from '@scrip/codec';
import { EventSchema, type Event, type WatchHistoryResponse } from '@scrip/contract';
import { createEngine, verifyBook, type Book, type EventCodec } from '@scrip/engine';
import { assert, parsePostOneSided } from '@scrip/kernel';
import { openDatabase, type Database } from '@scrip/persistence';
import { createTestDatabase, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedgers, type LedgersOnPostgres } from './compose-for-tests.ts';

/** Stores events as older releases did: whole. */
const olderCodec: EventCodec = {
  encode: (event) => {
    const message = fromBinary(EventSchema, eventCodec.encode(event));
    if (event.idempotencyKey !== undefined) message.idempotencyKey = event.idempotencyKey;
    return toBinary(EventSchema, message);
  },
  decode: (bytes) => eventCodec.decode(bytes),
};

let testDatabase: TestDatabase;
let ledgers: LedgersOnPostgres;
let database: Database;
let book: Book;
let accountId = '';

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { connection } = testDatabase;
  ledgers = await openLedgers(connection);
  database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  const found = await database.stores.findBook('sto_00000000001', 'test');
  assert(found !== undefined, 'the store has a book');
  book = found;
  const request = { customerId: 'c', initialBalance: '5' };
  const { account } = await ledgers.here.ledger.createAccount(request, ledgers.asTest);
  accountId = account?.id ?? '';
  const older = createEngine({ journal: database.journal, codec: olderCodec });
  for (const turn of [1, 2]) {
    await older.submit(book, commandOf(`older ${turn}`));
    await credit(`newer ${turn}`);
  }
  await older.close();
});

afterAll(async () => {
  await ledgers.close();
  await database.close();
  await testDatabase.drop();
});

const keys = ['older 1', 'newer 1', 'older 2', 'newer 2'];
const account = () => ({ ref: { case: 'id' as const, value: accountId } });
const factsOf = (idempotencyKey: string) => ({ amount: '1', reference: 'order', idempotencyKey });

function commandOf(key: string) {
  const parsed = parsePostOneSided('credit', {
    account: { kind: 'id', id: accountId },
    ...factsOf(key),
  });
  assert(parsed.kind === 'parsed', 'the command is well-formed');
  return parsed.value;
}

function credit(key: string) {
  return ledgers.here.ledger.credit({ account: account(), ...factsOf(key) }, ledgers.asTest);
}

async function storedEvents(): Promise<readonly Event[]> {
  const stored: Event[] = [];
  await database.auditSource.readSnapshot(book, async (snapshot) => {
    for await (const { bytes } of snapshot.events()) stored.push(fromBinary(EventSchema, bytes));
  });
  return stored;
}

async function toldEvents(): Promise<readonly Event[]> {
  const start = { case: 'beginning', value: {} } as const;
  const leave = new AbortController();
  const options = { ...ledgers.asTest, signal: leave.signal };
  const messages: AsyncIterable<WatchHistoryResponse> = ledgers.here.ledger.watchHistory(
    { start },
    options,
  );
  const told: Event[] = [];
  for await (const { message } of messages) {
    if (message.case === 'events') told.push(...message.value.events);
    if (message.case === 'caughtUp') break;
  }
  leave.abort();
  return told;
}

describe('a book with events of older releases', () => {
  it('has events of both forms', async () => {
    const stored = (await storedEvents()).slice(1);
    expect(stored.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      'older 1',
      '',
      'older 2',
      '',
    ]);
  });

  it('is told the same way whatever the form', async () => {
    const told = (await toldEvents()).slice(1);
    expect(told.map(({ idempotencyKey }) => idempotencyKey)).toEqual(keys);
    expect(told).toMatchObject(
      keys.map((idempotencyKey) => ({
        change: { case: 'transactionPosted', value: { transaction: { idempotencyKey } } },
      })),
    );
  });

  it('answers each key with what it did first', async () => {
    for (const [index, idempotencyKey] of keys.entries()) {
      const again = await credit(idempotencyKey);
      expect(again.sequence).toBe(BigInt(index + 2));
      const found = await ledgers.there.ledger.getTransactionByKey(
        { idempotencyKey },
        ledgers.asTest,
      );
      expect(found.transaction).toEqual(again.transaction);
    }
  });

  it('is verified from its first event', async () => {
    const source = database.auditSource;
    expect(await verifyBook(book, { source, codec: eventCodec })).toMatchObject({
      kind: 'intact',
      sequence: 5,
    });
  });
});
