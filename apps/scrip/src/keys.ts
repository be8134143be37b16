// API keys as the command line makes and shows them.

import { createApiKey } from '@scrip/ledger';
import type { ApiKeys, Database } from '@scrip/persistence';
import { OperatorError, randomId, randomSecret } from '@scrip/runtime';
import type { KeyMode } from './key-modes.ts';
import { scopesByMode } from './scopes.ts';

/** A key's secret: 32 random bytes cannot be guessed, so a plain hash of it is enough to store. */
const secretByteCount = 32;

export type KeyRequest = {
  readonly mode: KeyMode;
  readonly store?: string;
  readonly name: string;
};

/** Makes a new secret in the form of a key. */
export function newApiKey(mode: KeyMode): ReturnType<typeof createApiKey> {
  return createApiKey({ mode, secret: randomSecret(secretByteCount) });
}

/** Adds a key to the database. The key itself is known only to the caller. */
export async function makeKey(
  { apiKeys, stores }: Pick<Database, 'apiKeys' | 'stores'>,
  { mode, store, name }: KeyRequest,
): Promise<{ readonly id: string; readonly apiKey: string }> {
  const id = randomId('key_');
  const { apiKey, prefix, digest } = newApiKey(mode);
  const owner = mode === 'operator' ? {} : { storeId: await chooseStore(stores, store), mode };
  await apiKeys.add({ id, ...owner, scopes: scopesByMode[mode], name, prefix, digest });
  return { id, apiKey };
}

/** One line a key, with a heading. */
export async function listKeys(apiKeys: ApiKeys, store?: string): Promise<readonly string[]> {
  const rows = (await apiKeys.list(store)).map((key) => [
    key.id,
    key.storeId ?? '-',
    key.mode ?? 'operator',
    key.prefix,
    key.revokedAt === undefined ? 'live' : 'revoked',
    key.scopes.join(','),
    key.name,
  ]);
  const table = [['id', 'store', 'mode', 'begins with', 'status', 'scopes', 'name'], ...rows];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Ends a key for good. */
export async function revokeKey(apiKeys: ApiKeys, id: string): Promise<void> {
  if (!(await apiKeys.revoke(id))) throw new OperatorError(`there is no live key ${id}`);
}

async function chooseStore(stores: Database['stores'], wanted?: string): Promise<string> {
  const ids = (await stores.list()).map(({ storeId }) => storeId);
  const [only, second] = ids;
  if (wanted !== undefined) {
    if (ids.includes(wanted)) return wanted;
    throw new OperatorError(`--store: there is no store ${wanted}`, 2);
  }
  if (only === undefined) throw new OperatorError('there is no store yet; run scrip start once');
  if (second === undefined) return only;
  throw new OperatorError(`--store is needed, one of ${ids.join(', ')}`, 2);
}
