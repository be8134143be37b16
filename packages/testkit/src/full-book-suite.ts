// A book that one statement fills, and what is read of it: which indexes, and how many rows.
import type { Book } from '@scrip/engine';
import { assert } from '@scrip/kernel';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import type { BookDatabase } from './open-test-database.ts';

/** A book, and how it is filled. */
export interface FullBookOptions<D extends BookDatabase> {
  readonly open: (testDatabase: TestDatabase) => Promise<D>;
  readonly idKey: Uint8Array;
  /** Those whose reads are counted. */
  readonly tables: readonly string[];
  /** Fills the book of the mode `test`, the only one of that mode. */
  readonly fill: (client: Client) => Promise<void>;
}

/** What a read may go through. */
interface ReadsAllowed {
  /** All of them, by name. */
  readonly indexes: readonly string[];
  /** Exclusive. No row may be read without an index. */
  readonly indexRowsMax: number;
}

/** A book that is filled, and nothing writes. */
export interface FullBook<D> {
  /** Answers what a read of it answers, and expects that it goes through what is allowed. */
  read<T>(act: (database: D, book: Book) => Promise<T>, allowed: ReadsAllowed): Promise<T>;
}

/** Describes reads of a full book twice: with the statistics of its tables, and without any. */
export function describeFullBook<D extends BookDatabase>(
  what: string,
  options: FullBookOptions<D>,
  describeReads: (fullBook: FullBook<D>) => void,
): void {
  describe.each([
    ['analysed', true],
    ['never analysed', false],
  ])(`${what}, %s,`, (_state, isAnalysed) => {
    let testDatabase: TestDatabase;
    let client: Client;

    beforeAll(async () => {
      testDatabase = await createTestDatabase();
      client = new Client({ ...testDatabase.connection });
      await client.connect();
      await fillDatabase(options, testDatabase, client);
      if (isAnalysed) await client.query('analyze');
    });

    afterAll(async () => {
      await client.end();
      await testDatabase.drop();
    });

    describeReads({
      read: async (act, { indexes, indexRowsMax }) => {
        // What was read before is counted by now: a connection that ends publishes that first.
        await expect.poll(() => countOthers(client)).toBe(0);
        const before = await countReads(client, options.tables);
        const answer = await inDatabase(options, testDatabase, async (database) => {
          const book = await database.stores.findBook('s', 'test');
          assert(book !== undefined, 'a store has a book');
          return act(database, book);
        });
        const used = async () => usedSince(before, await countReads(client, options.tables));
        // Counts are published when the connection ends.
        await expect.poll(async () => (await used()).indexes).toEqual(indexes);
        const { indexRows, scannedRows } = await used();
        expect(scannedRows).toBe(0);
        expect(indexRows).toBeLessThan(indexRowsMax);
        return answer;
      },
    });
  });
}

async function fillDatabase<D extends BookDatabase>(
  options: FullBookOptions<D>,
  testDatabase: TestDatabase,
  client: Client,
): Promise<void> {
  await inDatabase(options, testDatabase, async (database) => {
    await database.migrate();
    const idKeys = { test: options.idKey, prod: new Uint8Array(32).fill(2) };
    await database.stores.create({ storeId: 's', name: '', idKeys });
  });
  for (const table of options.tables) {
    await client.query(`alter table ${table} set (autovacuum_enabled = off)`);
  }
  await options.fill(client);
}

async function inDatabase<D extends BookDatabase, T>(
  { open }: FullBookOptions<D>,
  testDatabase: TestDatabase,
  act: (database: D) => Promise<T>,
): Promise<T> {
  const database = await open(testDatabase);
  try {
    return await act(database);
  } finally {
    await database.close();
  }
}

async function countOthers(client: Client): Promise<number> {
  const { rows } = await client.query<{ readonly count: number }>(
    `select count(*)::int4 as count from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return rows[0]?.count ?? 0;
}

interface Reads {
  readonly byIndex: ReadonlyMap<string, { readonly scans: number; readonly rows: number }>;
  readonly scannedRows: number;
}

async function countReads(client: Client, tables: readonly string[]): Promise<Reads> {
  const { rows } = await client.query<Record<'name' | 'scans' | 'rows', string>>(
    `select indexrelname as name, idx_scan as scans, idx_tup_read as rows
     from pg_stat_user_indexes where relname = any($1) order by indexrelname collate "C"`,
    [tables],
  );
  const scanned = await client.query<{ readonly rows: string }>(
    `select sum(seq_tup_read) as rows from pg_stat_user_tables where relname = any($1)`,
    [tables],
  );
  const byIndex = rows.map((row) => {
    return [row.name, { scans: Number(row.scans), rows: Number(row.rows) }] as const;
  });
  return { byIndex: new Map(byIndex), scannedRows: Number(scanned.rows[0]?.rows) };
}

function usedSince(before: Reads, after: Reads) {
  const grown = [...after.byIndex].map(([name, { scans, rows }]) => {
    const earlier = before.byIndex.get(name) ?? { scans: 0, rows: 0 };
    return { name, scans: scans - earlier.scans, rows: rows - earlier.rows };
  });
  return {
    indexes: grown.filter(({ scans }) => scans > 0).map(({ name }) => name),
    indexRows: grown.reduce((sum, { rows }) => sum + rows, 0),
    scannedRows: after.scannedRows - before.scannedRows,
  };
}
