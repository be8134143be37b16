// Which servers a ledger is kept on.
import { createServer, type AddressInfo } from 'node:net';
import { JournalError } from '@scrip/engine';
import {
  createTestDatabase,
  jsonEventCodec,
  startTestCluster,
  type TestDatabase,
} from '@scrip/testkit';
import { Client } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
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

it('says in one line that a server asks for a password and none is given', async () => {
  // Nor does the environment.
  vi.stubEnv('PGPASSWORD', undefined);
  vi.stubEnv('PGPASSFILE', '/dev/null');
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await listenForPasswords();
  const line = 'The database cannot be reached: it asks for a password, and none is given';
  await expect(check({ ...server, user: 'ada', database: 'books' })).rejects.toThrow(line);
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

/** A server that asks every client for a password. */
async function listenForPasswords(): Promise<{ readonly host: string; readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const [, nonce] = /n=\*,r=(.+)$/.exec(bytes.toString('latin1')) ?? [];
      const begins = nonce === undefined;
      const text = begins ? 'SCRAM-SHA-256\0\0' : `r=${nonce}0,s=c2FsdA==,i=4096`;
      const head = Buffer.from('R\0\0\0\0\0\0\0\0', 'latin1');
      head.writeInt32BE(8 + text.length, 1);
      head.writeInt32BE(begins ? 10 : 11, 5);
      socket.write(Buffer.concat([head, Buffer.from(text)]));
    });
  });
  const host = '127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return { host, port: (server.address() as AddressInfo).port };
}
