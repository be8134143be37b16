// A second store and keys of fewer scopes in the database of a running server. There is no call for
// either yet, so they are made the way the command line does it.

import { createHash } from 'node:crypto';
import { eventCodec } from '@scrip/codec';
import { createApiKey } from '@scrip/ledger';
import { type Database, openDatabase, parseDatabaseUrl } from '@scrip/persistence';

export type SecondStore = {
  /** A key of the other store in test mode, with every scope of the ledger. */
  readonly apiKey: string;
  /** A key of the first store in test mode that may only read. */
  readonly readingKey: string;
  /** A key of the first store in test mode that may only write. */
  readonly writingKey: string;
};

const storeId = 'sto_otherStore1';

/** Makes the other store, and two keys of the first one. */
export async function makeSecondStore(
  databaseUrl: string,
  firstStoreId: string,
): Promise<SecondStore> {
  const connection = parseDatabaseUrl(databaseUrl);
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
  try {
    const idKeys = { test: secretOf('test ids'), prod: secretOf('prod ids') };
    await database.stores.create({ storeId, name: 'the other store', idKeys });
    const both = ['ledger:read', 'ledger:write'];
    return {
      apiKey: await addKey(database, { id: 'key_other', storeId, scopes: both }),
      readingKey: await addKey(database, {
        id: 'key_reading',
        storeId: firstStoreId,
        scopes: ['ledger:read'],
      }),
      writingKey: await addKey(database, {
        id: 'key_writing',
        storeId: firstStoreId,
        scopes: ['ledger:write'],
      }),
    };
  } finally {
    await database.close();
  }
}

async function addKey(
  { apiKeys }: Database,
  key: { readonly id: string; readonly storeId: string; readonly scopes: readonly string[] },
): Promise<string> {
  const { apiKey, prefix, digest } = createApiKey({ mode: 'test', secret: secretOf(key.id) });
  await apiKeys.add({ ...key, mode: 'test', name: 'for a test', prefix, digest });
  return apiKey;
}

function secretOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
