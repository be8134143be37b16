// Migrations: applied once however many start at the same time, and equal to the entities.
import { createTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openOrm } from '../connection/orm.ts';
import { DatabaseUnfitError } from '../database-unfit-error.ts';
import { openDatabase, type Database } from '../database.ts';
import { migrationNames } from './migrations-list.ts';

async function open(): Promise<TestDatabase & { readonly database: Database }> {
  const created = await createTestDatabase();
  onTestFinished(created.drop);
  const { connection } = created;
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  return { ...created, database };
}

describe('migrations', () => {
  it('are each applied once when several processes start at the same time', async () => {
    const { database } = await open();
    expect(await database.pendingMigrations()).not.toEqual([]);
    const applied = await Promise.all([1, 2, 3, 4].map(() => database.migrate()));
    expect(applied.flat()).toEqual(migrationNames);
    expect(await database.pendingMigrations()).toEqual([]);
  });

  it('say in one line what the server does not let them do', async () => {
    const { database, connection } = await open();
    const client = await connect({ ...connection });
    const name = `alter database ${connection.database} set default_transaction_read_only`;
    await client.query(`${name} = on`);
    const line = /^The database cannot be brought to the present schema: cannot execute [^\n]+$/;
    await expect(database.migrate()).rejects.toThrow(DatabaseUnfitError);
    await expect(database.migrate()).rejects.toThrow(line);
  });

  it('make the tables that the entities describe', async () => {
    const { database, connection } = await open();
    await database.migrate();
    const { orm, close } = openOrm(connection, 'migrate');
    onTestFinished(close);
    expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
  });

  it('name every constraint, and for every index say what it is for', async () => {
    const { database, connection } = await open();
    await database.migrate();
    const client = await connect({ ...connection });
    const { rows } = await client.query(`
      select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
      where not i.indisprimary and c.relnamespace = 'public'::regnamespace
        and obj_description(c.oid, 'pg_class') is null`);
    expect(rows).toEqual([]);
    const { rows: generated } = await client.query(`
      select conname from pg_constraint
      where connamespace = 'public'::regnamespace and conname ~ '[0-9]$'`);
    expect(generated).toEqual([]);
  });
});

async function connect(config: ConstructorParameters<typeof Client>[0]): Promise<Client> {
  const client = new Client(config);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
