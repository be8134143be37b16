// The database that a test file gets.

import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestCluster } from './test-cluster.ts';

async function query(config: ConstructorParameters<typeof Client>[0], text: string) {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function create(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  return database;
}

describe('a test database', () => {
  it('is empty, of its own, and speaks UTF-8 in the order of code points', async () => {
    const [one, other] = [await create(), await create()];
    await query({ ...one.connection }, 'create table here (n int)');
    const tables = `select count(*)::int as n from pg_tables where schemaname = 'public'`;
    expect(await query({ ...one.connection }, tables)).toEqual([{ n: 1 }]);
    expect(await query({ ...other.connection }, tables)).toEqual([{ n: 0 }]);
    const locale = `select pg_encoding_to_char(encoding) as encoding, datlocprovider, datlocale
      from pg_database where datname = current_database()`;
    const expected = { encoding: 'UTF8', datlocprovider: 'b', datlocale: 'C.UTF-8' };
    expect(await query({ ...one.connection }, locale)).toEqual([expected]);
  });

  it('can be reached by its URL', async () => {
    const { url, connection } = await create();
    expect(URL.canParse(url)).toBe(true);
    const rows = await query({ connectionString: url }, 'select current_database() as name');
    expect(rows).toEqual([{ name: connection.database }]);
  });

  it('is gone once dropped, even while someone is connected', async () => {
    const { connection, drop } = await createTestDatabase();
    const client = new Client({ ...connection });
    client.on('error', () => undefined);
    await client.connect();
    await drop();
    await expect(query({ ...connection }, 'select 1')).rejects.toThrow(/does not exist/);
  });
});

describe('a test cluster', () => {
  it('is durable only when asked', async () => {
    const durability = `select string_agg(setting, ' ' order by name) as settings from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')`;
    const database = await create();
    const [fast] = await query({ ...database.connection }, durability);
    expect(fast).toEqual({ settings: 'on off off off' });
    const cluster = await startTestCluster({ durable: true });
    onTestFinished(cluster.stop);
    const [durable] = await query({ ...cluster.connection }, durability);
    expect(durable).toEqual({ settings: 'on on on on' });
    await cluster.stop();
    expect(existsSync(cluster.connection.host)).toBe(false);
  });
});
