// Which servers a ledger is kept on.
import { JournalError } from '@scrip/engine';
import {
  createTestDatabase,
  jsonEventCodec,
  startTestCluster,
  type TestDatabase,
} from '@scrip/testkit';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';
import { DatabaseUnfitError } from '../database-unfit-error.ts';

async function check(
  connection: TestDatabase['connection'],
  allowUnsafe = false,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);
  const options = { connection, codec: jsonEventCodec, allowUnsafe, onWarning };
  const database = await openDatabase(options);
  onTestFinished(() => database.close());
  await database.checkServer();
  return warnings;
}

it('refuses a server that may lose what it confirmed, unless that is allowed', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  await expect(check(connection)).rejects.toThrow(DatabaseUnfitError);
  await expect(check(connection)).rejects.toThrow(/^fsync is off[^\n]*$/);
  expect(await check(connection, true)).toEqual([expect.stringMatching(/^fsync is off/)]);
});

it('accepts a durable server, and refuses weaker settings of the database', async () => {
  const cluster = await startTestCluster({ durable: true });
  onTestFinished(cluster.stop);
  const { connection, drop } = await createTestDatabase(cluster.connection);
  expect(await check(connection)).toEqual([]);
  const client = new Client({ ...connection });
  await client.connect();
  for (const setting of ['off', 'local', 'remote_write']) {
    await client.query(`alter database ${connection.database} set synchronous_commit = ${setting}`);
    await expect(check(connection)).rejects.toThrow(`synchronous_commit is ${setting}`);
  }
  await client.end();
  await drop();
});

it('says in one line that the database does not exist', async () => {
  const { connection, drop } = await createTestDatabase();
  await drop();
  const line = `The database cannot be reached: database "${connection.database}" does not exist`;
  await expect(check(connection)).rejects.toThrow(line);
});

it('is asked again after the database was missing', async () => {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const missing = { ...connection, database: `${connection.database}_later` };
  const database = await openDatabase({
    connection: missing,
    codec: jsonEventCodec,
    allowUnsafe: true,
  });
  await expect(database.ping()).rejects.toThrow(JournalError);
  await runOn(connection, `create database ${missing.database}`);
  await expect(database.ping()).resolves.toBeUndefined();
  await database.close();
  await runOn(connection, `drop database ${missing.database} with (force)`);
});

async function runOn(connection: TestDatabase['connection'], statement: string): Promise<void> {
  const client = new Client({ ...connection });
  await client.connect();
  await client.query(statement);
  await client.end();
}
