// The writer reads no table from end to end, whatever the statistics say about it.
import type { Account, BookEvent, Sequence } from '@scrip/kernel';
import type { Book, UnitOfWork } from '@scrip/engine';
import { createTestBook, createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';

it.each([
  ['an empty, analysed database', 0],
  ['an analysed book of 20,000 events', 20_000],
])('goes by index on %s', async (_what, eventCount) => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const client = new Client({ ...connection });
  await client.connect();
  onTestFinished(() => client.end());
  const options = { connection, codec: jsonEventCodec, allowUnsafe: true };
  const database = await openDatabase(options);
  await database.migrate();
  const idKey = new Uint8Array(32).fill(1);
  await database.stores.create({ storeId: 's', name: '', idKeys: { test: idKey, prod: idKey } });
  const book = (await database.stores.findBook('s', 'test')) as Book;
  await fill(client, book, eventCount);
  await client.query('analyze');
  await database.close();

  const scansBefore = await countScans(client);
  const writing = await openDatabase(options);
  await writeAndLookUp((work) => writing.journal.transact(book, work));
  // Counts are published at the latest when a connection ends.
  await writing.close();
  await expect
    .poll(async () => (await countScans(client)).byIndex)
    .toBeGreaterThanOrEqual(scansBefore.byIndex + 12);
  expect((await countScans(client)).whole).toBe(scansBefore.whole);
});

async function writeAndLookUp(
  transact: (work: (unit: UnitOfWork) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { createId, post, transactionId, reverse, state, events } = createTestBook();
  const id = createId({ customerId: 'c', externalId: 'x', initialBalance: '5' });
  const credit = transactionId(post('credit', id, '1', 'k'));
  reverse(credit);
  for (const event of events) {
    await transact(async (unit) => {
      await unit.lockHead();
      await unit.findSeal(1 as Sequence);
      await unit.findEventsByKey(['k']);
      await unit.findEventsByTransactionId([credit]);
      await unit.findAccountIdsByExternalId(['x']);
      await unit.findAccountIdsByName([{ customerId: 'c', nameKey: 'default' }]);
      await unit.loadAccounts([id]);
      await unit.loadUnits(['credits']);
      await unit.touchHead();
      await unit.append({
        events: [encode(event)],
        accounts: [state.accounts.get(id) as Account],
        units: [...state.units.values()],
        instant: event.createdAt,
        lastSequence: event.sequence,
        chainHash: new Uint8Array(32),
      });
    });
  }
}

function encode(event: BookEvent) {
  return { event, bytes: jsonEventCodec.encode(event), requestDigest: '0'.repeat(32) };
}

async function countScans(client: Client) {
  const { rows } = await client.query<{ readonly whole: number; readonly by_index: number }>(`
    select sum(seq_scan)::int as whole, sum(idx_scan)::int as by_index from pg_stat_user_tables
    where relname in ('book', 'unit', 'account', 'event', 'entry', 'seal')`);
  return { whole: rows[0]?.whole, byIndex: rows[0]?.by_index ?? 0 };
}

/** Rows as other writers would have left them, beyond the sequences of the test. */
async function fill(client: Client, book: Book, count: number): Promise<void> {
  const numbers = 'generate_series(1000, 999 + $2::int) n';
  await client.query(
    `insert into event (book_id, sequence, kind, created_at, key_digest, entry_count, body)
     select $1, n, 6, now(), md5(n::text)::uuid, 1, '' from ${numbers}`,
    [book.id, count],
  );
  await client.query(
    `insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
       last_sequence, created_at, updated_at, balance_updated_at)
     select $1, n, 'c' || n, 'n', 'n', 'u', 'active', 0, n, now(), now(), now() from ${numbers}`,
    [book.id, count],
  );
}
