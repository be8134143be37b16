// The ledger on PostgreSQL with the gateway in front, in this process, for real clients to call.
import { eventCodec } from '@scrip/codec';
import { createGateway } from '@scrip/gateway';
import { createApiKey, createLedger, scopes } from '@scrip/ledger';
import { openDatabase } from '@scrip/persistence';
import { createLog, randomId, randomSecret } from '@scrip/runtime';
import { createTestDatabase } from '@scrip/testkit';

export type GatewayServer = {
  readonly url: string;
  /** Makes a store of its own and gives a key to its test book. */
  readonly createStore: () => Promise<{ readonly storeId: string; readonly apiKey: string }>;
  /** Where the ledger itself listens. */
  readonly listenLedger: () => Promise<string>;
  /** Ends the ledger under the gateway. */
  readonly stopLedger: () => Promise<void>;
  readonly createKey: (storeId: string, keyScopes: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
};

export async function startGatewayServer(): Promise<GatewayServer> {
  const log = createLog({ level: 'warn' });
  const testDatabase = await createTestDatabase();
  const { connection } = testDatabase;
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  await database.migrate();
  const ledger = createLedger({ database, log });
  const transport = ledger.createTransport();
  const gateway = await createGateway({ transport, log, ready: () => ledger.ready() });
  const { host, port } = await gateway.listen({ host: '127.0.0.1', port: 0 });

  const createKey = async (storeId: string, keyScopes: readonly string[]): Promise<string> => {
    const key = createApiKey({ mode: 'test', secret: randomSecret(32) });
    const { apiKey, prefix, digest } = key;
    const facts = { id: randomId('key_'), storeId, mode: 'test', name: 'test' } as const;
    await database.apiKeys.add({ ...facts, scopes: keyScopes, prefix, digest });
    return apiKey;
  };
  const createStore = async () => {
    const storeId = randomId('sto_');
    const idKeys = { test: randomSecret(32), prod: randomSecret(32) };
    await database.stores.create({ storeId, name: 'a store', idKeys });
    return { storeId, apiKey: await createKey(storeId, scopes) };
  };
  const listenLedger = async (): Promise<string> => {
    const address = await ledger.listen({ host: '127.0.0.1', port: 0 });
    return `http://${address.host}:${address.port}`;
  };
  const close = async (): Promise<void> => {
    await gateway.close();
    await ledger.close();
    await database.close();
    await testDatabase.drop();
  };
  const url = `http://${host}:${port}`;
  const stopLedger = () => ledger.close();
  return { url, createStore, listenLedger, stopLedger, createKey, close };
}
