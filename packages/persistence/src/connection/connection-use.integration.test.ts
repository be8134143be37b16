// What the pools tell about their connections.
import { assert, type Sequence } from '@scrip/kernel';
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';

it('counts connections that are busy, idle and waited for, by role', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  const reader = () => database.connectionUse().find(({ role }) => role === 'reader');
  await database.migrate();
  expect(database.connectionUse()).toEqual([
    { role: 'writer', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 10 },
    { role: 'reader', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 8 },
    { role: 'accounts', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 4 },
    { role: 'keys', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 2 },
    { role: 'feed', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 4 },
    { role: 'wake', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 1 },
    { role: 'listen', busyCount: 0, idleCount: 0, waitingCount: 0, countMax: 1 },
  ]);
  const reads = Promise.all(Array.from({ length: 20 }, () => database.status()));
  await expect.poll(reader, { interval: 1 }).toMatchObject({ busyCount: 8, waitingCount: 12 });
  await reads;
  expect(reader()).toMatchObject({ busyCount: 0, idleCount: 8, waitingCount: 0 });
});

it('finds keys and answers pings while every reader waits', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  await database.migrate();
  const idKeys = { test: new Uint8Array(32).fill(1), prod: new Uint8Array(32).fill(2) };
  await database.stores.create({ storeId: 's', name: '', idKeys });
  const book = await database.stores.findBook('s', 'test');
  assert(book !== undefined, 'a store has a book');
  const client = new Client({ ...connection });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin; lock table account');
  const query = { page: { size: 50 }, skip: 0, countTotal: false };
  const lists = Array.from({ length: 16 }, () => database.reader.accounts(book, query));
  const reader = () => database.connectionUse().find(({ role }) => role === 'reader');
  await expect.poll(reader, { interval: 1 }).toMatchObject({ busyCount: 8, waitingCount: 8 });
  await database.ping();
  expect(await database.apiKeys.findByDigest(new Uint8Array(32))).toBeUndefined();
  expect(await database.stores.findBook('s', 'prod')).toBeDefined();
  expect(reader()).toMatchObject({ busyCount: 8, waitingCount: 8 });
  await client.query('rollback');
  await Promise.all(lists);
});

it('looks at a book at once, however many streams wait for the feed', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  await database.migrate();
  const idKeys = { test: new Uint8Array(32).fill(1), prod: new Uint8Array(32).fill(2) };
  await database.stores.create({ storeId: 's', name: '', idKeys });
  const book = await database.stores.findBook('s', 'test');
  assert(book !== undefined, 'a store has a book');
  const window = { after: 0 as Sequence, countMax: 500, bytesMax: 1_000 };
  const filter = { scope: { kind: 'customer', customerId: 'c' } } as const;
  let doneCount = 0;
  const pages = Array.from({ length: 200 }, async () => {
    await database.feedSource.readHistory(book, { filter, ...window });
    doneCount++;
  });
  const feed = () => database.connectionUse().find(({ role }) => role === 'feed');
  expect(feed()).toMatchObject({ countMax: 4, waitingCount: 197 });
  await database.feedSource.head(book);
  expect(doneCount).toBeLessThan(20);
  await Promise.all(pages);
  expect(feed()).toMatchObject({ busyCount: 0, waitingCount: 0 });
});
