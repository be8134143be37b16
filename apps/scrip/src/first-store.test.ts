// The first start makes a store once, and any later start repairs what a crash left out.

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestApiKey } from '@scrip/ledger';
import type { ApiKey, Database } from '@scrip/persistence';
import { createLog } from '@scrip/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeFirstStore } from './first-store.ts';
import { keysPath, readKeysFile } from './keys-file.ts';

type StoreIntent = Parameters<Database['stores']['create']>[0];
type KeyIntent = Parameters<Database['apiKeys']['add']>[0];

const log = createLog({ level: 'silent' });
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'scrip-first-store-test-'));
  return () => rm(dataDir, { recursive: true });
});

/** A database in memory that loses its connection after some number of writes. */
function createMemory(writeCountUntilCut = Number.POSITIVE_INFINITY) {
  let writeCountMax = writeCountUntilCut;
  const stores: StoreIntent[] = [];
  const keys: KeyIntent[] = [];
  const write = (act: () => void): Promise<void> => {
    if (stores.length + keys.length >= writeCountMax) return Promise.reject(new Error('cut'));
    act();
    return Promise.resolve();
  };
  const database = {
    stores: {
      create: (store: StoreIntent) => write(() => stores.push(store)),
      list: () => Promise.resolve(stores),
    },
    apiKeys: {
      add: (key: KeyIntent) => write(() => keys.push(key)),
      findByDigest: (digest: Uint8Array) =>
        Promise.resolve(
          keys.find((key) => Buffer.from(key.digest).equals(digest)) as ApiKey | undefined,
        ),
    },
  } as unknown as Database;
  const reconnect = (): void => void (writeCountMax = Number.POSITIVE_INFINITY);
  return { database, stores, keys, reconnect };
}

describe('the first store', () => {
  it('is made once, with a key for each mode and one for the operator', async () => {
    const { database, stores, keys } = createMemory();
    const file = await makeFirstStore({ database, dataDir, log });
    expect(await makeFirstStore({ database, dataDir, log })).toEqual(file);
    expect(file?.store_id).toMatch(/^sto_[0-9A-Za-z]{11}$/);
    expect(stores.map(({ storeId }) => storeId)).toEqual([file?.store_id]);
    expect(keys.map(({ mode, storeId }) => [mode, storeId])).toEqual([
      ['test', file?.store_id],
      ['prod', file?.store_id],
      [undefined, undefined],
    ]);
    expect((await stat(keysPath(dataDir))).mode & 0o777).toBe(0o600);
  });

  it.each([0, 1, 2, 3])('is whole after a crash behind write %i and a restart', async (count) => {
    const { database, stores, keys, reconnect } = createMemory(count);
    await expect(makeFirstStore({ database, dataDir, log })).rejects.toThrow('cut');
    reconnect();
    const file = await makeFirstStore({ database, dataDir, log });
    expect(file).toEqual(readKeysFile(dataDir));
    expect(stores.map(({ storeId }) => storeId)).toEqual([file?.store_id]);
    const inFile = [file?.test, file?.prod, file?.operator].map((each) => each?.api_key ?? '');
    expect(keys.map(({ digest }) => digest)).toEqual(inFile.map((key) => digestApiKey(key)));
    inFile.forEach((apiKey, index) => {
      const prefix = keys[index]?.prefix ?? 'none';
      expect(apiKey.startsWith(prefix) && prefix !== apiKey).toBe(true);
    });
  });

  it('is not made in a database that has stores already', async () => {
    const { database, stores } = createMemory();
    const idKeys = { test: new Uint8Array(32), prod: new Uint8Array(32) };
    await database.stores.create({ storeId: 'sto_other', name: 'other', idKeys });
    expect(await makeFirstStore({ database, dataDir, log })).toBeUndefined();
    expect(readKeysFile(dataDir)).toBeUndefined();
    expect(stores).toHaveLength(1);
  });
});
