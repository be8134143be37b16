// A database that keeps books, open and migrated, for the tests of a file.
import type { Book } from '@scrip/engine';
import { assert } from '@scrip/kernel';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** What tests need of a database that keeps books. */
export interface BookDatabase {
  migrate(): Promise<unknown>;
  close(): Promise<void>;
  readonly stores: {
    create(store: {
      readonly storeId: string;
      readonly name: string;
      readonly idKeys: { readonly test: Uint8Array; readonly prod: Uint8Array };
    }): Promise<unknown>;
    findBook(storeId: string, mode: 'test'): Promise<Book | undefined>;
  };
}

export type OpenTestDatabase<D> = {
  readonly testDatabase: TestDatabase;
  readonly database: D;
  /** A connection beside those of the database. */
  readonly client: Client;
  /** The test book of a new store: the first one has the id key `1, 1, 1 …`. */
  readonly makeBook: () => Promise<Book>;
  readonly close: () => Promise<void>;
};

/** Opens a database of its own, and makes its tables. */
export async function openTestDatabase<D extends BookDatabase>(
  open: (testDatabase: TestDatabase) => Promise<D>,
): Promise<OpenTestDatabase<D>> {
  const testDatabase = await createTestDatabase();
  const database = await open(testDatabase);
  await database.migrate();
  const client = new Client({ ...testDatabase.connection });
  await client.connect();
  let storeCount = 0;
  return {
    testDatabase,
    database,
    client,
    makeBook: async () => {
      const storeId = `sto_${++storeCount}`;
      const idKeys = { test: new Uint8Array(32).fill(storeCount), prod: new Uint8Array(32) };
      await database.stores.create({ storeId, name: 'A store', idKeys });
      const book = await database.stores.findBook(storeId, 'test');
      assert(book !== undefined, 'the store has a book');
      return book;
    },
    close: async () => {
      await client.end();
      await database.close();
      await testDatabase.drop();
    },
  };
}
