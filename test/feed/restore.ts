// A database put back to an earlier state while servers run: copied, and later put in its place.
import { Client } from 'pg';
import type { PostgresConnection } from '@scrip/runtime';

export type Backup = {
  /** Puts the copy in the place of the database, whose later history is then gone. */
  readonly restore: () => Promise<void>;
};

/** Copies the database as it is now. Its connections are cut for that, and come back. */
export async function takeBackup(
  { database, ...rest }: PostgresConnection,
  name: string,
): Promise<Backup> {
  const server = { ...rest, database: 'postgres' };
  const copy = `${database}_${name}`;
  await withoutConnections(server, database, async (client) => {
    await client.query(`create database ${copy} template ${database}`);
  });
  return {
    restore: () =>
      withoutConnections(server, database, async (client) => {
        await client.query(`alter database ${database} rename to ${copy}_lost`);
        await client.query(`alter database ${copy} rename to ${database}`);
      }),
  };
}

async function withoutConnections(
  server: PostgresConnection,
  database: string,
  act: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ ...server });
  await client.connect();
  try {
    await client.query(`alter database ${database} allow_connections false`);
    await client.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1',
      [database],
    );
    await act(client);
    await client.query(`alter database ${database} allow_connections true`);
  } finally {
    await client.end();
  }
}
