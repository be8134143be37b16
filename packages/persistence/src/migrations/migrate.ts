// Brings a database to the shape that this version needs, however many processes start at once.
import type { EventCodec } from '@scrip/engine';
import type { MigrationObject } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { openOrm } from '../connection/orm.ts';
import type { ConnectionSettings } from '../connection/parse-database-url.ts';
import { poolSettings } from '../connection/pool-settings.ts';
import { sqlStateOf } from '../connection/sql-state.ts';
import { DatabaseUnfitError } from '../database-unfit-error.ts';
import { migrationNames, migrationsList } from './migrations-list.ts';

/** Any number that no one else uses: it names the lock. */
const migrationLock = 5_347_215_077;

/**
 * Applies the migrations that the database lacks, under a lock on a connection of its own: other
 * processes wait, and then find nothing to do. Answers the names of those applied. What the server
 * does not let it do is a `DatabaseUnfitError`.
 */
export async function migrate(
  connection: ConnectionSettings,
  codec: EventCodec,
): Promise<readonly string[]> {
  try {
    return await migrateLocked(connection, codec);
  } catch (error) {
    if (sqlStateOf(error) === undefined) throw error;
    const [reason] = (error as Error).message.split('\n', 1);
    const line = `The database cannot be brought to the present schema: ${reason}`;
    throw new DatabaseUnfitError(line, { cause: error });
  }
}

async function migrateLocked(
  connection: ConnectionSettings,
  codec: EventCodec,
): Promise<readonly string[]> {
  const lock = new Client(poolSettings(connection, 'migrate'));
  // An error that matters is that of a query; without a listener the process would end.
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    return await applyPending(connection, migrationsList(codec));
  } finally {
    // Ending the connection gives the lock back.
    await lock.end();
  }
}

/** The names of migrations that this version has and the database lacks. Writes nothing. */
export async function findPending(connection: ConnectionSettings): Promise<readonly string[]> {
  const { orm, close } = openOrm(connection, 'migrate');
  try {
    const em = orm.em.fork();
    const [row] = await em.execute<{ readonly exists: boolean }[]>(
      `select to_regclass('migration') is not null as exists`,
    );
    if (row?.exists !== true) return migrationNames;
    const applied = await em.execute<{ readonly name: string }[]>('select name from migration');
    const appliedNames = new Set(applied.map(({ name }) => name));
    return migrationNames.filter((name) => !appliedNames.has(name));
  } finally {
    await close();
  }
}

async function applyPending(
  connection: ConnectionSettings,
  migrations: readonly MigrationObject[],
): Promise<readonly string[]> {
  const { orm, close } = openOrm(connection, 'migrate', migrations);
  try {
    const applied = await orm.migrator.up();
    return applied.map(({ name }) => name);
  } finally {
    await close();
  }
}
