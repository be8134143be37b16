// The store that the first start makes, so that a first call needs no setting up.

import { digestApiKey } from '@scrip/ledger';
import type { Database } from '@scrip/persistence';
import { type Log, randomId, randomSecret } from '@scrip/runtime';
import { type KeyMode, keyModes } from './key-modes.ts';
import { newApiKey } from './keys.ts';
import { type KeysFile, keysPath, readKeysFile, writeKeysFile } from './keys-file.ts';
import { scopesByMode } from './scopes.ts';

export type FirstStoreOptions = {
  readonly database: Pick<Database, 'stores' | 'apiKeys'>;
  readonly dataDir: string;
  readonly log: Log;
};

const idKeyByteCount = 32;

/**
 * Makes one store with its keys when the database has none, and writes keys.json. The file comes
 * first: whatever is missing in the database after a crash is made from it by the next start.
 * Gives the file's content when it belongs to this database.
 */
export async function makeFirstStore(options: FirstStoreOptions): Promise<KeysFile | undefined> {
  const { database, dataDir, log } = options;
  const stores = await database.stores.list();
  const file = readKeysFile(dataDir);
  const path = keysPath(dataDir);
  const isOurs = file !== undefined && stores.some(({ storeId }) => storeId === file.store_id);
  if (stores.length > 0 && !isOurs) {
    const hint = 'scrip keys make gives a new key';
    log.warn({ path }, `the database has stores that are not in keys.json; ${hint}`);
    return undefined;
  }
  const keys = file ?? writeKeysFile(dataDir, newKeysFile());
  if (!isOurs) await makeStore(database, keys.store_id);
  for (const mode of keyModes) await addKey(database, keys, mode);
  return keys;
}

function newKeysFile(): KeysFile {
  const fresh = (mode: KeyMode): { readonly api_key: string } => ({
    api_key: newApiKey(mode).apiKey,
  });
  return {
    store_id: randomId('sto_'),
    operator: fresh('operator'),
    test: fresh('test'),
    prod: fresh('prod'),
  };
}

async function makeStore(
  { stores }: FirstStoreOptions['database'],
  storeId: string,
): Promise<void> {
  const idKeys = { test: randomSecret(idKeyByteCount), prod: randomSecret(idKeyByteCount) };
  await stores.create({ storeId, name: 'first store', idKeys });
}

async function addKey(
  { apiKeys }: FirstStoreOptions['database'],
  keys: KeysFile,
  mode: KeyMode,
): Promise<void> {
  const apiKey = keys[mode].api_key;
  const digest = digestApiKey(apiKey);
  if ((await apiKeys.findByDigest(digest)) !== undefined) return;
  // The prefixes of all keys of a mode are equally long.
  const prefix = apiKey.slice(0, newApiKey(mode).prefix.length);
  const owner = mode === 'operator' ? {} : { storeId: keys.store_id, mode };
  const scopes = scopesByMode[mode];
  const name = 'made by the first start';
  await apiKeys.add({ id: randomId('key_'), ...owner, scopes, name, prefix, digest });
}
