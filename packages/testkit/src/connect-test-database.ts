// A database of a test's own, and a connection to it.
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** Makes an empty database, and connects to it. Both end with the test that asks for them. */
export async function connectTestDatabase(): Promise<{
  readonly connection: TestDatabase['connection'];
  readonly client: Client;
}> {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const client = new Client({ ...connection });
  await client.connect();
  onTestFinished(() => client.end());
  return { connection, client };
}
