// The stage of the feed: one PostgreSQL, one book, and servers on it that can be killed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { AdminService, LedgerService } from '@scrip/contract';
import {
  createTestDatabase,
  startScrip,
  startTestCluster,
  type ScripProcess,
} from '@scrip/testkit';
import type { PostgresConnection } from '@scrip/runtime';
import { Client as PostgresClient } from 'pg';
import type { OwnScope } from './record/watch.ts';
import type { Stored } from './judge/truth.ts';
import type { Ledger } from './writers/world.ts';

export type Headers = Readonly<Record<string, string>>;

export type Stage = {
  readonly servers: readonly ScripProcess[];
  readonly urls: readonly string[];
  /** The gateway beside a ledger. */
  readonly gatewayOf: (ledgerUrl: string) => string;
  /** One for each server, with the key. */
  readonly ledgers: readonly Ledger[];
  readonly admin: Client<typeof AdminService> | undefined;
  readonly keyHeaders: Headers;
  /** Headers with a fresh token of an account or customer. */
  readonly mint: (scope: OwnScope, ttlSeconds: number) => Promise<Headers>;
  /** Runs a statement on the servers' database. */
  readonly query: (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The history of the key's book as the tables hold it. */
  readonly readStored: () => Promise<Stored>;
  readonly databaseUrl: string;
  readonly connection: PostgresConnection;
  readonly close: () => Promise<void>;
};

export type StageOptions = {
  readonly serverCount: number;
  /** More settings of each server, by its place. */
  readonly envOf?: (place: number) => Readonly<Record<string, string>>;
};

/** Starts everything; whatever was started is ended again when a later part fails. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'scrip-feed-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const cluster = await startTestCluster();
    closing.push(cluster.stop);
    const database = await createTestDatabase(cluster.connection);
    const postgres = new PostgresClient({ ...database.connection });
    // A database that is put in its place ends this connection too.
    postgres.on('error', () => undefined);
    await postgres.connect();
    closing.push(() => postgres.end());
    const settings = { DATABASE_URL: database.url, SCRIP_ALLOW_UNSAFE_DATABASE: 'true' };
    const servers: ScripProcess[] = [];
    for (let place = 0; place < options.serverCount; place++) {
      const env = { ...settings, ...options.envOf?.(place) };
      const server = await startScrip({ env, dataDir: join(folder, 'scrip') });
      servers.push(server);
      closing.push(server.stop);
    }
    const query: Stage['query'] = async (statement) =>
      (await postgres.query<Record<string, unknown>>(statement)).rows;
    return {
      ...callersOf(servers),
      servers,
      gatewayOf: (ledgerUrl) =>
        servers.find((server) => server.ledgerUrl === ledgerUrl)?.gatewayUrl ?? '',
      query,
      readStored: () => readStored(query),
      databaseUrl: database.url,
      connection: database.connection,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Callers = Pick<Stage, 'urls' | 'ledgers' | 'admin' | 'keyHeaders' | 'mint'>;

function callersOf(servers: readonly ScripProcess[]): Callers {
  const apiKey = servers[0]?.keys().test.api_key ?? '';
  const withKey: Interceptor = (next) => (request) => {
    request.header.set('x-api-key', apiKey);
    return next(request);
  };
  const urls = servers.map(({ ledgerUrl }) => ledgerUrl);
  const transports = urls.map((baseUrl) =>
    createGrpcTransport({ baseUrl, interceptors: [withKey] }),
  );
  const ledgers = transports.map((transport) => createClient(LedgerService, transport));
  const admins = transports.map((transport) => createClient(AdminService, transport));
  const mint: Stage['mint'] = async (scope, ttlSeconds) => {
    const whose =
      scope.kind === 'customer'
        ? { customerId: scope.customerId }
        : { accounts: scope.accountIds.map(toRef) };
    const { accessToken } = await anyOf(admins, (admin) =>
      admin.mintAccessToken({ ...whose, ttlSeconds }),
    );
    return { authorization: `Bearer ${accessToken}` };
  };
  return { urls, ledgers, admin: admins[0], keyHeaders: { 'x-api-key': apiKey }, mint };
}

/** Asks one after the other, since one of them may be down. */
async function anyOf<T, U>(those: readonly T[], ask: (one: T) => Promise<U>): Promise<U> {
  let failure: unknown;
  for (const one of those) {
    try {
      return await ask(one);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function toRef(value: string) {
  return { ref: { case: 'id' as const, value } };
}

async function readStored(query: Stage['query']): Promise<Stored> {
  // The key of the stage is of the first store, in test mode.
  const book = `(select b.id from book b where b.mode = 'test' order by b.id limit 1)`;
  const events = await query(
    `select sequence, body from event where book_id = ${book} order by sequence`,
  );
  const seals = await query(
    `select last_sequence, encode(chain_hash, 'hex') as hash from seal where book_id = ${book}`,
  );
  return {
    bodies: events.map(({ body }) => body as Uint8Array),
    seals: new Map(seals.map((row) => [Number(row['last_sequence']), String(row['hash'])])),
  };
}
