// MikroORM on a guarded pool: one for each role.
import { MikroORM, type MigrationObject, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { PostgresDialect } from 'kysely';
import { entities } from '../entities/entities.ts';
import { createGuardedPool, type ConnectionUse } from './guarded-pool.ts';
import type { ConnectionSettings } from './parse-database-url.ts';
import type { Role } from './pool-settings.ts';

/** An ORM whose connections serve one role. */
export interface RoleOrm {
  readonly orm: MikroORM;
  readonly connectionUse: () => ConnectionUse;
  readonly close: () => Promise<void>;
}

/**
 * Opens an ORM for a role; only that of the migrations is given any. Nothing is connected before
 * the first statement.
 */
export function openOrm(
  connection: ConnectionSettings,
  role: Role,
  migrationsList: readonly MigrationObject[] = [],
): RoleOrm {
  const pool = createGuardedPool(connection, role);
  // The pool speaks only the part of the driver's protocol that the dialect needs.
  const dialect = new PostgresDialect({ pool: pool as never });
  const options: Options = {
    entities: [...entities],
    dbName: connection.database,
    driverOptions: () => dialect,
    extensions: [Migrator],
    forceUtcTimezone: true,
    // The ORM would look whether the database is there, and end the pool for good if it is not.
    ensureDatabase: false,
    migrations: {
      migrationsList: [...migrationsList],
      tableName: 'migration',
      snapshot: false,
      allOrNothing: true,
      disableForeignKeys: false,
    },
    // Connections, migrations and errors are reported by this package's callers.
    logger: () => undefined,
  };
  const orm = new MikroORM(options);
  return {
    orm,
    connectionUse: () => pool.use(),
    close: async () => {
      await orm.close(true);
      await pool.end();
    },
  };
}
