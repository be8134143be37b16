// A fresh, empty database for one test file.

import './provided-context.ts';
import { randomToken, type PostgresConnection } from '@scrip/runtime';
import { Client } from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  readonly connection: PostgresConnection;
  /** The same connection in the form of `DATABASE_URL`. */
  readonly url: string;
  /** Ends what is still connected, and removes the database. */
  readonly drop: () => Promise<void>;
};

/** Makes a database on the cluster of the test run, or on the one given. */
export async function createTestDatabase(
  cluster: PostgresConnection = inject('postgres'),
): Promise<TestDatabase> {
  const name = `test_${randomToken(9).toLowerCase().replaceAll('-', '_')}`;
  await execute(cluster, `create database ${name}`);
  const connection = { ...cluster, database: name };
  const drop = (): Promise<void> =>
    execute(cluster, `drop database if exists ${name} with (force)`);
  return { connection, url: urlOf(connection), drop };
}

function urlOf({ host, port, user, database }: PostgresConnection): string {
  return `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
}

async function execute(connection: PostgresConnection, statement: string): Promise<void> {
  const client = new Client({ ...connection });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
