// The doors of the house: which room may import which, and the one room of each third party.

/** How far a door opens: everything, types alone, or types and the error classes of a port. */
type Opening = 'all' | 'types' | 'types and errors';

/** The rooms that a room may import, and how far each of these doors opens. */
export type Doors = Readonly<Record<string, Opening>>;

const everyPackage: Doors = {
  client: 'all',
  codec: 'all',
  contract: 'all',
  engine: 'all',
  kernel: 'all',
  persistence: 'all',
  runtime: 'all',
};

/** From a room to the rooms it may import. Rooms are named by the package after `@scrip/`. */
export const doorsByRoom: Readonly<Record<string, Doors>> = {
  kernel: {},
  contract: {},
  codec: { kernel: 'all', contract: 'all', engine: 'types' },
  engine: { kernel: 'all' },
  persistence: { kernel: 'all', engine: 'types and errors' },
  runtime: {},
  client: { contract: 'all' },
  testkit: { kernel: 'all', engine: 'all', runtime: 'all' },
  ledger: {
    kernel: 'all',
    contract: 'all',
    codec: 'all',
    engine: 'all',
    persistence: 'all',
    runtime: 'all',
  },
  gateway: { contract: 'all', runtime: 'all', client: 'all' },
  console: { contract: 'all', client: 'all' },
  scrip: { ...everyPackage, ledger: 'all', gateway: 'all', console: 'all' },
};

/** Rooms within a room: these imports are for the named files of a room alone. */
export const innerDoors: readonly {
  readonly room: string;
  readonly imports: string;
  readonly onlyFrom: RegExp;
  readonly door: string;
}[] = [
  {
    room: 'ledger',
    imports: 'persistence',
    onlyFrom: /^apps\/ledger\/src\/compose(?:\.ts$|-|\/)/,
    door: 'apps/ledger/src/compose.ts',
  },
];

/** What a test beside the file may import as well: the test runner, the laws and the testkit. */
export const testDoors: Doors = { testkit: 'all' };
export const testThirdParties: readonly string[] = ['vitest', 'fast-check'];

/** The rooms of every third party. A package that is not listed here has no room at all. */
export const roomsByThirdParty: Readonly<Record<string, readonly string[]>> = {
  '@bufbuild/protobuf': ['contract', 'codec', 'client', 'ledger', 'gateway', 'console'],
  '@bufbuild/protovalidate': ['contract', 'ledger'],
  '@connectrpc/connect': ['client', 'ledger', 'gateway', 'console'],
  '@connectrpc/connect-node': ['client', 'ledger'],
  '@connectrpc/connect-web': ['client'],
  '@fastify/cors': ['gateway'],
  '@fastify/swagger': ['gateway'],
  '@fastify/swagger-ui': ['gateway'],
  '@fastify/type-provider-typebox': ['gateway'],
  '@mikro-orm/core': ['persistence'],
  '@mikro-orm/migrations': ['persistence'],
  '@mikro-orm/postgresql': ['persistence'],
  '@opentelemetry/api': ['ledger'],
  '@opentelemetry/core': ['ledger'],
  '@opentelemetry/exporter-trace-otlp-proto': ['ledger'],
  '@opentelemetry/resources': ['ledger'],
  '@opentelemetry/sdk-trace': ['ledger'],
  commander: ['scrip'],
  'decimal.js': ['kernel'],
  fastify: ['gateway'],
  jose: ['ledger', 'console'],
  kysely: ['persistence'],
  pg: ['persistence', 'testkit'],
  'pg-connection-string': ['persistence'],
  pino: ['runtime'],
  'pino-pretty': ['runtime'],
  preact: ['console'],
  'prom-client': ['runtime'],
  typebox: ['gateway'],
  vite: ['console'],
  vitest: ['testkit'],
  'fast-check': ['testkit'],
};

/** Node's own modules, for the rooms that may not use all of them. The others may. */
export const builtinsByRoom: Readonly<Record<string, readonly string[]>> = {
  kernel: ['node:crypto'],
  contract: [],
  codec: ['node:crypto'],
  engine: ['node:crypto', 'node:events', 'node:timers', 'node:timers/promises'],
  console: [
    'node:child_process',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:url',
    'node:util',
    'node:zlib',
  ],
};
