// Where the rooms are put together; nothing else here sees all of them.

import { eventCodec } from '@scrip/codec';
import { createConsoleSite } from '@scrip/console';
import { createGateway } from '@scrip/gateway';
import { createLedger, startTracing } from '@scrip/ledger';
import {
  type ConnectionSettings,
  DatabaseUnfitError,
  type Database,
  openDatabase,
  parseDatabaseUrl,
} from '@scrip/persistence';
import {
  type Address,
  type Config,
  createLog,
  createMetrics,
  createShutdown,
  type Log,
  hasEmbeddedPostgres,
  makeDataDir,
  OperatorError,
  originsOf,
  type Shutdown,
  startEmbeddedPostgres,
} from '@scrip/runtime';
import { listenAs } from './failure.ts';
import { makeFirstStore } from './first-store.ts';
import type { KeysFile } from './keys-file.ts';
import type { Environment } from './settings-flags.ts';

export type Parts = {
  readonly config: Config;
  readonly log: Log;
  /** Learns how to end each part as soon as it runs. */
  readonly shutdown: Shutdown;
};

/** The environment says where traces go, in the names of OpenTelemetry. */
export type ServerParts = Parts & { readonly env: Environment };

/** What runs, for the welcome. */
export type Running = {
  readonly ledger: Address;
  readonly gateway: Address;
  readonly dataDir: string;
  readonly database: 'embedded' | 'own';
  readonly keys: KeysFile | undefined;
};

/** Starts everything in order: PostgreSQL, schema, first store, ledger, gateway. */
export async function composeServer(parts: ServerParts): Promise<Running> {
  const { config, log } = parts;
  const dataDir = makeDataDir(config.dataDir);
  const database = await connect(parts, 'refuse');
  const keys = await explained(async () => {
    await database.checkServer();
    const missing = (await database.pendingMigrations()).join(', ');
    // It may take minutes, and waits for a dump or for another process that does it.
    if (missing !== '') log.info({ missing }, 'bringing the database to the present schema');
    await database.migrate();
    return makeFirstStore({ database, dataDir, log });
  });
  const addresses = await serve(parts, database);
  return {
    ...addresses,
    dataDir,
    database: config.databaseUrl === undefined ? 'embedded' : 'own',
    keys,
  };
}

/** Runs one command on the database, that of a running server included. */
export async function withDatabase(
  config: Config,
  act: (database: Database) => Promise<void>,
): Promise<void> {
  const log = createLog({ level: config.log, stream: process.stderr });
  let done = false;
  const exit = (code: number): void => void (done || process.exit(code));
  const shutdown = createShutdown({ log: createLog({ level: 'silent' }), exit });
  shutdown.obeySignals();
  try {
    const database = await connect({ config, log, shutdown }, 'join');
    await explained(async () => {
      await database.checkServer();
      await act(database);
    });
  } finally {
    done = true;
    await shutdown.stop({ reason: 'the command has ended' });
  }
}

/** As `withDatabase`, on a database that has its tables: refuses one that lacks a migration. */
export async function withStores(
  config: Config,
  act: (database: Database) => Promise<void>,
): Promise<void> {
  await withExistingDatabase(config, async (database) => {
    const [missing] = await database.pendingMigrations();
    if (missing !== undefined) {
      throw new OperatorError(`the database lacks the migration ${missing}; run scrip migrate`);
    }
    await act(database);
  });
}

/** As `withDatabase`, and refuses to make an empty PostgreSQL only to find nothing in it. */
export async function withExistingDatabase(
  config: Config,
  act: (database: Database) => Promise<void>,
): Promise<void> {
  refuseWithoutStore(config);
  await withDatabase(config, act);
}

/** Refuses a data folder in which no PostgreSQL was made yet. */
export function refuseWithoutStore({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || hasEmbeddedPostgres(dataDir)) return;
  throw new OperatorError(`there is no store in ${dataDir} yet; run scrip start once`);
}

async function connect(parts: Parts, whenRunning: 'refuse' | 'join'): Promise<Database> {
  const { config, log, shutdown } = parts;
  const database = await explained(async () => {
    const connection =
      config.databaseUrl === undefined
        ? await startPostgres(parts, whenRunning)
        : parseDatabaseUrl(config.databaseUrl);
    shutdown.signal.throwIfAborted();
    return openDatabase({
      connection,
      codec: eventCodec,
      allowUnsafe: config.allowUnsafeDatabase,
      onWarning: (warning: string) => log.warn(warning),
    });
  });
  shutdown.add({ name: 'database', run: () => database.close() });
  return database;
}

/** An unfit database is for whoever runs the command to mend. */
async function explained<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof DatabaseUnfitError ? new OperatorError(error.message) : error;
  }
}

async function startPostgres(
  { config, log, shutdown }: Parts,
  whenRunning: 'refuse' | 'join',
): Promise<ConnectionSettings> {
  const onLost = (): void =>
    void shutdown.stop({ reason: 'the embedded PostgreSQL ended', exitCode: 1 });
  const { dataDir } = config;
  const postgres = await startEmbeddedPostgres({ dataDir, log, whenRunning, onLost });
  shutdown.add({
    name: 'postgres',
    run: () => postgres.stop(),
    force: () => postgres.signalStop(),
  });
  return postgres.connection;
}

async function serve(
  { config, log, shutdown, env }: ServerParts,
  database: Database,
): Promise<{ readonly ledger: Address; readonly gateway: Address }> {
  shutdown.signal.throwIfAborted();
  const metrics = createMetrics();
  const origins = new Set(config.allowedOrigins);
  if (config.gatewayUrl !== undefined) origins.add(new URL(config.gatewayUrl).origin);
  const isAllowedOrigin = (origin: string): boolean => origins.has(origin);
  const tracing = await startTracing({ env, log });
  if (tracing !== undefined) shutdown.add({ name: 'traces', run: tracing.close });
  const traced = tracing === undefined ? {} : { tracing };
  const ledger = createLedger({ database, log, metrics, isAllowedOrigin, ...traced });
  shutdown.add({ name: 'ledger', run: () => ledger.close() });
  const ledgerAddress = await listenAs('SCRIP_LEDGER_ADDRESS', config.ledgerAddress, (address) =>
    ledger.listen(address),
  );
  shutdown.signal.throwIfAborted();
  const transport = ledger.createTransport();
  const gateway = await createGateway({
    transport,
    log,
    ready: () => ledger.ready(),
    metrics: () => metrics.text(),
    allowedOrigins: config.allowedOrigins,
    ...(config.gatewayUrl === undefined ? {} : { publicUrl: config.gatewayUrl }),
    console: createConsoleSite({
      ledger:
        config.ledgerUrl === undefined ? { port: ledgerAddress.port } : { url: config.ledgerUrl },
      onFailure: (error) => log.error({ err: error }, 'the console could not be built'),
    }),
  });
  shutdown.add({ name: 'gateway', run: () => gateway.close() });
  // First of all: those who watch go elsewhere at once, whatever the rest of the stop waits for.
  shutdown.add({ name: 'streams', run: () => ledger.endStreams() });
  const gatewayAddress = await listenAs('SCRIP_GATEWAY_ADDRESS', config.gatewayAddress, (address) =>
    gateway.listen(address),
  );
  // The console is a page of the gateway, which may have been given any free port.
  for (const host of [config.gatewayAddress.host, gatewayAddress.host]) {
    for (const origin of originsOf({ host, port: gatewayAddress.port })) origins.add(origin);
  }
  return { ledger: ledgerAddress, gateway: gatewayAddress };
}
