// The status tells of every book where it stands and how much happened lately.
import { assert, parseCreateAccount } from '@scrip/kernel';
import { createEngine } from '@scrip/engine';
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase } from '../database.ts';

it('counts the events of the last minute and no older ones', async () => {
  const { connection, drop } = await createTestDatabase();
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  try {
    await database.migrate();
    const idKeys = { test: new Uint8Array(32).fill(1), prod: new Uint8Array(32).fill(2) };
    await database.stores.create({ storeId: 'sto_1', name: 'A store', idKeys });
    const book = await database.stores.findBook('sto_1', 'test');
    assert(book !== undefined, 'the store has a book');
    const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
    for (const customerId of ['a', 'b', 'c']) {
      const command = parseCreateAccount({ customerId });
      assert(command.kind === 'parsed', 'the command is well-formed');
      await engine.submit(book, command.value);
      if (customerId === 'a') await makeOlder(connection);
    }
    const { books, serverVersion, sizeBytes } = await database.status();
    expect(serverVersion).toMatch(/^\d+\.\d+$/);
    expect(sizeBytes).toBeGreaterThan(1_000_000);
    expect(books).toMatchObject([
      { storeId: 'sto_1', mode: 'prod', sequence: 0, eventsLastMinute: 0 },
      { storeId: 'sto_1', mode: 'test', sequence: 3, eventsLastMinute: 2 },
    ]);
    expect(books[1]?.lastEventAt).toBeGreaterThan(0);
  } finally {
    await database.close();
    await drop();
  }
});

/** Moves what has been sealed so far into the past, as waiting would. */
async function makeOlder(connection: object): Promise<void> {
  const client = new Client(connection);
  await client.connect();
  await client.query(`update seal set created_at = created_at - interval '2 minutes'`);
  await client.end();
}
