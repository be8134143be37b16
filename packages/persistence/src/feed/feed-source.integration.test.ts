// The source of the feed on PostgreSQL passes the suite of sources.
import { createTestDatabase, describeFeedSource, jsonEventCodec } from '@scrip/testkit';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let other: Database;
let drop: () => Promise<void>;
let bookCount = 0;

beforeAll(async () => {
  const created = await createTestDatabase();
  drop = created.drop;
  const { connection } = created;
  const open = () => openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  [database, other] = await Promise.all([open(), open()]);
  await database.migrate();
});

afterAll(async () => {
  await Promise.all([database.close(), other.close()]);
  await drop();
});

describeFeedSource('PostgreSQL', async () => ({
  journal: database.journal,
  codec: jsonEventCodec,
  source: database.feedSource,
  other: other.feedSource,
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
