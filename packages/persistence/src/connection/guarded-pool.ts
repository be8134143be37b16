// A pool of guarded connections.
import { Pool, TypeOverrides } from 'pg';
import { guardConnection, type GuardedConnection } from './guarded-connection.ts';
import type { ConnectionSettings } from './parse-database-url.ts';
import { poolSettings, type Role } from './pool-settings.ts';

/** What the connections of a role do at this moment. */
export interface ConnectionUse {
  readonly role: Role;
  readonly busyCount: number;
  readonly idleCount: number;
  /** Statements and units of work that wait for a connection. */
  readonly waitingCount: number;
  /** As many as there may be. */
  readonly countMax: number;
}

/** A pool as the query builder's driver uses it. */
export interface GuardedPool {
  readonly options: object;
  connect(): Promise<GuardedConnection>;
  end(): Promise<void>;
  use(): ConnectionUse;
}

/** Opens a pool. No connection is made before the first is asked for. */
export function createGuardedPool(connection: ConnectionSettings, role: Role): GuardedPool {
  const pool = new Pool({ ...poolSettings(connection, role), types: entityTypes() });
  // A connection that breaks while nobody uses it is dropped by the pool; whoever uses one hears
  // of it from the query. Without listeners the process would end.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  const names = createStatementNames();
  let ended: Promise<void> | undefined;
  return {
    options: pool.options,
    connect: async () => {
      const client = await pool.connect();
      if (ended === undefined) return guardConnection(client, names);
      // The driver has let go of the pool: it would keep this one, and the end wait for it.
      client.release();
      throw new Error('The connections have been closed.');
    },
    end: () => (ended ??= pool.end()),
    use: () => ({
      role,
      busyCount: pool.totalCount - pool.idleCount,
      idleCount: pool.idleCount,
      waitingCount: pool.waitingCount,
      countMax: pool.options.max,
    }),
  };
}

function ignore(): void {
  // Deliberately nothing.
}

const timestampWithTimeZone = 1184;

/** Instants of entities are read by MikroORM, which expects their text. */
function entityTypes(): TypeOverrides {
  const types = new TypeOverrides();
  types.setTypeParser(timestampWithTimeZone, (text) => text);
  return types;
}

function createStatementNames(): (text: string) => string {
  // Statements are constants of this package, a few dozen: the map does not grow.
  const namesByText = new Map<string, string>();
  return (text) => {
    const known = namesByText.get(text);
    if (known !== undefined) return known;
    const name = `scrip_${namesByText.size + 1}`;
    namesByText.set(text, name);
    return name;
  };
}
