// The database as the rest of the house sees it.
import type {
  AuditSource,
  CouponReader,
  DueSource,
  EventCodec,
  FeedSource,
  Journal,
  LedgerReader,
  TermsReader,
} from '@scrip/engine';
import { createAuditSource } from './audit/audit-source.ts';
import { checkServer } from './connection/check-server.ts';
import {
  createGuardedPool,
  type ConnectionUse,
  type GuardedPool,
} from './connection/guarded-pool.ts';
import { openOrm, type RoleOrm } from './connection/orm.ts';
import type { ConnectionSettings } from './connection/parse-database-url.ts';
import { createRunPrepared } from './connection/prepared.ts';
import { createRun } from './connection/run.ts';
import { createDueSource } from './due/due-source.ts';
import { createFeedSource } from './feed/feed-source.ts';
import { createTurns } from './feed/turns.ts';
import { createWakeListener } from './feed/wake-listener.ts';
import { createWaker } from './feed/waker.ts';
import { createJournal } from './journal/journal.ts';
import { attempt } from './keys/attempt.ts';
import { createStores, type Stores } from './keys/stores.ts';
import { createApiKeys, type ApiKeys } from './keys/api-keys.ts';
import { createSigningKeys, type SigningKeys } from './keys/signing-keys.ts';
import { findPending, migrate } from './migrations/migrate.ts';
import { createCouponReader } from './reader/coupon-reader.ts';
import { createReadContext } from './reader/read-context.ts';
import { createReader } from './reader/reader.ts';
import { createTermsReader } from './reader/terms-reader.ts';
import { readStatus, type DatabaseStatus } from './status/read-status.ts';

/** How a database is opened. */
export interface DatabaseOptions {
  readonly connection: ConnectionSettings;
  readonly codec: EventCodec;
  /** Accepts a server that may lose what it confirmed. For tests and trials. */
  readonly allowUnsafe: boolean;
  /** Told one line about each thing that `allowUnsafe` let pass. */
  readonly onWarning?: (message: string) => void;
}

/** Everything that is kept in PostgreSQL. */
export interface Database {
  /** Applies the migrations that are missing; safe in several processes at once. */
  migrate(): Promise<readonly string[]>;
  /** The names of the migrations that are missing. */
  pendingMigrations(): Promise<readonly string[]>;
  /** Throws a `DatabaseUnfitError` when the server is not one that a ledger can be kept in. */
  checkServer(): Promise<void>;
  readonly journal: Journal;
  readonly reader: LedgerReader;
  /** Grants, holds and schedules, on the same connections. */
  readonly terms: TermsReader;
  /** Coupons, credits, memberships and rules, on the same connections. */
  readonly coupons: CouponReader;
  readonly auditSource: AuditSource;
  /** Listens from the first `listen` to the last one's end, and ends with the database. */
  readonly feedSource: FeedSource;
  /** What the sweeper asks for. */
  readonly dueSource: DueSource;
  readonly stores: Stores;
  readonly apiKeys: ApiKeys;
  readonly signingKeys: SigningKeys;
  /** Resolves when the database answers; else throws a `JournalError`. */
  ping(): Promise<void>;
  /** Where the server and the books stand; throws a `JournalError`. */
  status(): Promise<DatabaseStatus>;
  /** What its connections do at this moment, by role. */
  connectionUse(): readonly ConnectionUse[];
  /** Closes all connections once they are free. */
  close(): Promise<void>;
}

/**
 * Opens a database. It has connections of several roles, so that none waits for another's: for the
 * writers of books, the reads of books, present accounts by key, what every call needs, the feed
 * and its wake-ups.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { connection, codec } = options;
  const writer = openOrm(connection, 'writer');
  const reader = openOrm(connection, 'reader');
  const accounts = createGuardedPool(connection, 'accounts');
  const keys = openOrm(connection, 'keys');
  const feed = openOrm(connection, 'feed');
  const turns = createTurns(feed.connectionUse().countMax);
  const waker = createWaker(connection);
  const wakeListener = createWakeListener(connection);
  const all = [writer, reader, poolOnly(accounts), keys, feed, waker, wakeListener];
  const runPrepared = createRunPrepared(accounts);
  const reads = createReadContext(reader.orm.em.fork().getKysely(), runPrepared, codec);
  return {
    migrate: () => migrate(connection, codec),
    pendingMigrations: () => attempt(() => findPending(connection)),
    checkServer: () => checkServer(reader.orm, options),
    journal: createJournal(writer.orm, codec),
    reader: createReader(reads),
    terms: createTermsReader(reads),
    coupons: createCouponReader(reads),
    auditSource: createAuditSource(reader.orm),
    feedSource: createFeedSource({ orm: feed.orm, turns, waker, wakeListener }),
    dueSource: createDueSource(createRun(keys.orm.em.fork().getKysely())),
    stores: createStores(keys.orm),
    apiKeys: createApiKeys(keys.orm),
    signingKeys: createSigningKeys(keys.orm),
    status: () => attempt(() => readStatus(reader.orm)),
    ping: () => attempt(async () => void (await keys.orm.em.fork().execute('select 1'))),
    connectionUse: () =>
      all.map((each) => {
        const use = each.connectionUse();
        return each === feed ? { ...use, waitingCount: turns.waitingCount() } : use;
      }),
    close: async () => {
      await Promise.all(all.map((each) => each.close()));
    },
  };
}

function poolOnly(pool: GuardedPool): Pick<RoleOrm, 'connectionUse' | 'close'> {
  return { connectionUse: () => pool.use(), close: () => pool.end() };
}
