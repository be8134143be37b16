// The journal on PostgreSQL passes the suite of journals.
import { createTestDatabase, describeJournal, jsonEventCodec } from '@scrip/testkit';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let drop: () => Promise<void>;
let bookCount = 0;

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  database = await openDatabase({
    connection: created.connection,
    codec: jsonEventCodec,
    allowUnsafe: true,
  });
  await database.migrate();
});

afterAll(async () => {
  await database.close();
  await drop();
});

describeJournal('PostgreSQL', async () => ({
  journal: database.journal,
  codec: jsonEventCodec,
  clock: () => performance.now(),
  makeBook: async () => {
    bookCount++;
    const storeId = `sto_${bookCount}`;
    const idKeys = {
      test: new Uint8Array(32).fill(bookCount),
      prod: new Uint8Array(32).fill(bookCount + 100),
    };
    await database.stores.create({ storeId, name: 'A store', idKeys });
    const book = await database.stores.findBook(storeId, 'test');
    if (book === undefined) throw new Error('The book was made and is not there.');
    return book;
  },
}));
