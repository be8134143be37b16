// What each pool asks of its connections. Every number has a reason; none is left to a default.
import type { PoolConfig } from 'pg';
import type { ConnectionSettings } from './parse-database-url.ts';

/** What a connection is for; it says so in `pg_stat_activity`. */
export type Role =
  | 'writer'
  | 'reader'
  | 'accounts'
  | 'keys'
  | 'feed'
  | 'wake'
  | 'listen'
  | 'migrate';

// Pages follow the order of an index; without good statistics a sort may seem as cheap.
const pagePlannerSettings = [
  'enable_sort=off',
  'enable_bitmapscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
];

// Reads are planned for their values each time: filters and points in time differ too much.
const readerPlannerSettings = ['plan_cache_mode=force_custom_plan', ...pagePlannerSettings];

// A plan that is made once, for any values, and whatever the tables held by then.
const keyedPlannerSettings = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  ...pagePlannerSettings,
];

/** How a role's statements are planned. */
const plannerSettingsByRole: Readonly<Record<Role, readonly string[]>> = {
  // The writer's statements all go by key. A plan made on young, empty tables would scan them, and
  // a named statement would keep it: so scans and the joins that need them are switched off.
  writer: [
    'plan_cache_mode=force_generic_plan',
    'enable_seqscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
    'jit=off',
  ],
  reader: readerPlannerSettings,
  // Reads of accounts go by key whatever they ask for, and planning one costs most of it.
  accounts: keyedPlannerSettings,
  keys: readerPlannerSettings,
  // So do pages of the feed.
  feed: keyedPlannerSettings,
  wake: [],
  listen: [],
  migrate: [],
};

/** What else a role's connections are asked for. */
const sessionSettingsByRole: Readonly<Partial<Record<Role, readonly string[]>>> = {
  // A notification takes a transaction id but keeps nothing. Should its statement write to the log
  // by the way, as by cleaning a page of a catalog, its commit must not wait for the disk.
  wake: ['synchronous_commit=off'],
};

const readerTimeouts = {
  statement_timeout: 10_000,
  idle_in_transaction_session_timeout: 5_000,
  query_timeout: 15_000,
};

/** Milliseconds after which the server gives up. */
const timeoutsByRole: Readonly<Record<Role, Partial<PoolConfig>>> = {
  writer: {
    lock_timeout: 5_000,
    statement_timeout: 10_000,
    // A paused process must not hold a book.
    idle_in_transaction_session_timeout: 2_000,
    // The server has given up long before: only a dead connection is silent for so long.
    query_timeout: 15_000,
  },
  reader: readerTimeouts,
  accounts: readerTimeouts,
  keys: readerTimeouts,
  feed: readerTimeouts,
  wake: readerTimeouts,
  listen: readerTimeouts,
  migrate: {},
};

const connectionCountMaxByRole: Readonly<Record<Role, number>> = {
  // One a book that is written to at the moment; more would only wait for the disk.
  writer: 10,
  reader: 8,
  // What is asked of a book at once is gathered into a statement or two.
  accounts: 4,
  // Keys and books are found by one probe of an index, and remembered for a while.
  keys: 2,
  // Streams that fell behind take turns, and leave the server to the writers.
  feed: 4,
  wake: 1,
  listen: 1,
  migrate: 1,
};

// A dead peer is noticed after 5 s of silence and three tries 2 s apart.
const keepaliveSettings = [
  'tcp_keepalives_idle=5',
  'tcp_keepalives_interval=2',
  'tcp_keepalives_count=3',
];

/** The driver's options for the connections of a role. */
export function poolSettings(connection: ConnectionSettings, role: Role): PoolConfig {
  const settings = [
    ...keepaliveSettings,
    ...plannerSettingsByRole[role],
    ...(sessionSettingsByRole[role] ?? []),
  ];
  return {
    ...connection,
    // As with PostgreSQL's own clients, no PGSSLMODE in the environment asks a Unix socket for TLS.
    ...(connection.host.startsWith('/') ? { ssl: false } : {}),
    ...timeoutsByRole[role],
    max: connectionCountMaxByRole[role],
    application_name: `scrip ${role}`,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    // Statements that are asked for together travel together.
    pipeline: role === 'writer',
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  };
}
