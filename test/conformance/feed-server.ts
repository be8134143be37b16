// The ledger on PostgreSQL with the gateway in front, which can be stopped and started again.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { eventCodec } from '@scrip/codec';
import { createGateway } from '@scrip/gateway';
import { createApiKey, createLedger, scopes } from '@scrip/ledger';
import { openDatabase } from '@scrip/persistence';
import { createLog, createMetrics, randomId, randomSecret } from '@scrip/runtime';
import { createTestDatabase } from '@scrip/testkit';

export type FeedServer = {
  /** Of the gateway and of the ledger; they stay the same when it is started again. */
  readonly urls: { readonly gateway: string; readonly ledger: string };
  readonly apiKey: string;
  /** Takes the key back. */
  readonly revoke: () => Promise<void>;
  /** How many streams are open at the ledger. */
  readonly streamCount: () => Promise<number>;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const host = '127.0.0.1';

/** Starts a server with a store of its own, whose gateway reaches the ledger in process. */
export async function startFeedServer(): Promise<FeedServer> {
  const testDatabase = await createTestDatabase();
  const { connection } = testDatabase;
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  await database.migrate();
  const storeId = randomId('sto_');
  const idKeys = { test: randomSecret(32), prod: randomSecret(32) };
  await database.stores.create({ storeId, name: 'a store', idKeys });
  const { apiKey, prefix, digest } = createApiKey({ mode: 'test', secret: randomSecret(32) });
  const keyId = randomId('key_');
  const facts = { id: keyId, storeId, mode: 'test', name: 'test' } as const;
  await database.apiKeys.add({ ...facts, scopes, prefix, digest });
  const ports = { gateway: await freePort(), ledger: await freePort() };
  const run = () => serve(database, ports);
  let running = await run();
  return {
    urls: {
      gateway: `http://${host}:${ports.gateway}`,
      ledger: `http://${host}:${ports.ledger}`,
    },
    apiKey,
    revoke: async () => {
      await database.apiKeys.revoke(keyId);
    },
    streamCount: () => running.streamCount(),
    stop: () => running.stop(),
    start: async () => {
      running = await run();
    },
    close: async () => {
      await running.stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}

type Ports = { readonly gateway: number; readonly ledger: number };

async function serve(database: Awaited<ReturnType<typeof openDatabase>>, ports: Ports) {
  const log = createLog({ level: 'warn' });
  const metrics = createMetrics();
  const ledger = createLedger({ database, log, metrics });
  await ledger.listen({ host, port: ports.ledger });
  const ready = () => ledger.ready();
  const gateway = await createGateway({ transport: ledger.createTransport(), log, ready });
  await gateway.listen({ host, port: ports.gateway });
  let isStopped = false;
  return {
    streamCount: async () => {
      const lines = (await metrics.text()).split('\n');
      const open = lines.filter((line) => line.startsWith('scrip_streams_open{'));
      return open.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      await gateway.close();
      await ledger.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, host, resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return port;
}
