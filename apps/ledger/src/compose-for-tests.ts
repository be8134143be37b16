// A store with keys in a database of a test, and ledgers on it.
import { createClient, type Client, type ConnectError, type Transport } from '@connectrpc/connect';
import { eventCodec } from '@scrip/codec';
import { AdminService, ErrorDetailSchema, LedgerService, type ErrorReason } from '@scrip/contract';
import { CouponService } from '@scrip/contract/coupons';
import { openDatabase, type ConnectionSettings } from '@scrip/persistence';
import { createLog } from '@scrip/runtime';
import { createApiKey, scopes } from './auth/api-key.ts';
import { createLedger } from './compose.ts';

/** The RPCs of one ledger. */
export type Clients = {
  readonly ledger: Client<typeof LedgerService>;
  readonly coupons: Client<typeof CouponService>;
  readonly admin: Client<typeof AdminService>;
};

export type LedgersOnPostgres = {
  /** Two servers on one database: what one does, the other has to know. */
  readonly here: Clients;
  readonly there: Clients;
  /** A way to every RPC of `here`. */
  readonly transport: Transport;
  /** Call options with a key of the store, and with the operator's. */
  readonly asTest: KeyOptions;
  readonly asProd: KeyOptions;
  readonly asOperator: KeyOptions;
  close(): Promise<void>;
};

export type KeyOptions = { readonly headers: { readonly 'x-api-key': string } };

/** Call options with a key. */
export function withKey(apiKey: string | undefined): KeyOptions {
  return { headers: { 'x-api-key': apiKey ?? '' } };
}

/** Opens two ledgers on an empty database, with one store. */
export async function openLedgers(connection: ConnectionSettings): Promise<LedgersOnPostgres> {
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  await database.migrate();
  const storeId = 'sto_00000000001';
  const keys = {
    test: createApiKey({ mode: 'test', secret: new Uint8Array(32).fill(1) }),
    prod: createApiKey({ mode: 'prod', secret: new Uint8Array(32).fill(2) }),
    operator: createApiKey({ mode: 'operator', secret: new Uint8Array(32).fill(9) }),
  };
  const kept = (mode: 'test' | 'prod' | 'operator') => {
    const { prefix, digest } = keys[mode];
    const owner = mode === 'operator' ? { scopes: ['operator'] } : { storeId, mode, scopes };
    return { id: `key_${mode}`, name: mode, prefix, digest, ...owner };
  };
  const idKeys = { test: new Uint8Array(32).fill(3), prod: new Uint8Array(32).fill(4) };
  const apiKeys = [kept('test'), kept('prod'), kept('operator')];
  await database.stores.create({ storeId, name: 'first', idKeys, apiKeys });
  const log = createLog({ level: 'warn' });
  const ledgers = [createLedger({ database, log }), createLedger({ database, log })] as const;
  const [here, there] = ledgers;
  const transport = here.createTransport();
  return {
    transport,
    here: clientsOf(transport),
    there: clientsOf(there.createTransport()),
    asTest: withKey(keys.test.apiKey),
    asProd: withKey(keys.prod.apiKey),
    asOperator: withKey(keys.operator.apiKey),
    close: async () => {
      for (const ledger of ledgers) await ledger.close();
      await database.close();
    },
  };
}

function clientsOf(transport: Transport): Clients {
  return {
    ledger: createClient(LedgerService, transport),
    coupons: createClient(CouponService, transport),
    admin: createClient(AdminService, transport),
  };
}

/** Why a call was refused. */
export async function refusalOf(call: Promise<unknown>): Promise<{
  readonly reason: ErrorReason | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown as ConnectError,
  );
  const [detail] = error?.findDetails(ErrorDetailSchema) ?? [];
  return { reason: detail?.reason, metadata: detail?.metadata };
}
