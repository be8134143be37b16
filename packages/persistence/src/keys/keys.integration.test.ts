// Stores, books and API keys.
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, close } = await openTestDatabase(open));
});

afterAll(() => close());

const idKeys = { test: new Uint8Array(32).fill(1), prod: new Uint8Array(32).fill(2) };
const digest = (n: number): Uint8Array => new Uint8Array(32).fill(n);

describe('a store', () => {
  it('has a book in each mode, with the secret it was given', async () => {
    await database.stores.create({ storeId: 'sto_a', name: 'A', idKeys });
    const test = await database.stores.findBook('sto_a', 'test');
    const prod = await database.stores.findBook('sto_a', 'prod');
    expect(test).toMatchObject({ storeId: 'sto_a', mode: 'test', idKey: idKeys.test });
    expect(prod).toMatchObject({ storeId: 'sto_a', mode: 'prod', idKey: idKeys.prod });
    expect(test?.id).not.toBe(prod?.id);
  });

  it('is listed after older ones', async () => {
    await database.stores.create({ storeId: 'sto_b', name: 'B', idKeys });
    const stores = await database.stores.list();
    expect(stores.map(({ storeId, name }) => [storeId, name])).toEqual([
      ['sto_a', 'A'],
      ['sto_b', 'B'],
    ]);
    expect(stores[1]?.createdAt).toBeGreaterThanOrEqual(stores[0]?.createdAt ?? Infinity);
  });

  it('is listed in pages', async () => {
    const ids = async (page: { size: number; after?: string }) => {
      const found = await database.stores.listPage(page);
      return found && [found.items.map(({ storeId }) => storeId), found.hasMore];
    };
    expect(await ids({ size: 1 })).toEqual([['sto_a'], true]);
    expect(await ids({ size: 1, after: 'sto_a' })).toEqual([['sto_b'], false]);
    expect(await ids({ size: 2 })).toEqual([['sto_a', 'sto_b'], false]);
    expect(await ids({ size: 2, after: 'sto_none' })).toBeUndefined();
  });

  it('is made with its keys, or not at all', async () => {
    const key = { id: 'key_c', storeId: 'sto_c', mode: 'test', scopes: [], name: 'c', prefix: '' };
    const apiKeys = [{ ...key, mode: 'test', digest: digest(20) }] as const;
    const store = { storeId: 'sto_c', name: 'C', idKeys };
    const view = await database.stores.create({ ...store, apiKeys });
    expect(view).toEqual((await database.stores.list()).at(-1));
    expect(await database.apiKeys.findByDigest(digest(20))).toMatchObject({ storeId: 'sto_c' });
    const taken = { ...apiKeys[0], storeId: 'sto_d', id: 'key_d' };
    const other = database.stores.create({ ...store, storeId: 'sto_d', apiKeys: [taken] });
    await expect(other).rejects.toMatchObject({ fault: 'content' });
    expect(await database.stores.findBook('sto_d', 'test')).toBeUndefined();
    await database.apiKeys.revoke('key_c');
  });

  it('is made once, and an unknown one has no book', async () => {
    const again = database.stores.create({ storeId: 'sto_a', name: 'A', idKeys });
    await expect(again).rejects.toMatchObject({ fault: 'content', outcome: 'not_committed' });
    expect(await database.stores.findBook('sto_none', 'test')).toBeUndefined();
  });
});

describe('an API key', () => {
  const ofStore = {
    id: 'key_1',
    storeId: 'sto_a',
    mode: 'test',
    scopes: ['ledger:read', 'ledger:write'],
    name: 'first',
    prefix: 'scrip_test_ab',
  } as const;

  it('is found by its digest', async () => {
    await database.apiKeys.add({ ...ofStore, digest: digest(1) });
    expect(await database.apiKeys.findByDigest(digest(1))).toMatchObject(ofStore);
    expect(await database.apiKeys.findByDigest(digest(9))).toBeUndefined();
  });

  it('of the operator has neither store nor mode', async () => {
    const key = { id: 'key_o', scopes: ['operator'], name: 'operator', prefix: 'scrip_operator_' };
    await database.apiKeys.add({ ...key, digest: digest(3) });
    const found = await database.apiKeys.findByDigest(digest(3));
    expect(found).toMatchObject(key);
    expect(Object.keys(found ?? {})).not.toContain('storeId');
    expect(Object.keys(found ?? {})).not.toContain('mode');
  });

  it('is listed for its store', async () => {
    const ids = async (storeId?: string) =>
      (await database.apiKeys.list(storeId)).map(({ id }) => id);
    expect(await ids('sto_a')).toEqual(['key_1']);
    expect(await ids('sto_b')).toEqual([]);
    expect(await ids()).toEqual(['key_c', 'key_1', 'key_o']);
  });

  it('is listed in pages for its owner alone', async () => {
    const second = { ...ofStore, id: 'key_2', digest: digest(4) };
    const ofProd = { ...ofStore, id: 'key_3', mode: 'prod', digest: digest(5) } as const;
    await database.apiKeys.add(second);
    await database.apiKeys.add(ofProd);
    const ids = async (mode: 'test' | 'prod', page: { size: number; after?: string }) => {
      const found = await database.apiKeys.listOwned({ storeId: 'sto_a', mode }, page);
      return found && [found.items.map(({ id }) => id), found.hasMore];
    };
    expect(await ids('test', { size: 1 })).toEqual([['key_1'], true]);
    expect(await ids('test', { size: 1, after: 'key_1' })).toEqual([['key_2'], false]);
    expect(await ids('prod', { size: 9 })).toEqual([['key_3'], false]);
    expect(await ids('prod', { size: 9, after: 'key_1' })).toBeUndefined();
  });

  it('is found by its id for its owner alone', async () => {
    const find = (storeId: string, mode: 'test' | 'prod') =>
      database.apiKeys.findOwned({ storeId, mode }, 'key_1');
    expect(await find('sto_a', 'test')).toMatchObject(ofStore);
    expect(await find('sto_a', 'prod')).toBeUndefined();
    expect(await find('sto_b', 'test')).toBeUndefined();
  });

  it('is found by its id alone, whoever asks', async () => {
    expect(await database.apiKeys.findById('key_1')).toMatchObject(ofStore);
    expect(await database.apiKeys.findById('key_none')).toBeUndefined();
  });

  it('is revoked once, and stays known with the instant of it', async () => {
    expect(await database.apiKeys.revoke('key_1')).toBe(true);
    expect(await database.apiKeys.revoke('key_1')).toBe(false);
    expect(await database.apiKeys.revoke('key_none')).toBe(false);
    const found = await database.apiKeys.findById('key_1');
    expect(found?.revokedAt).toBeGreaterThanOrEqual(found?.createdAt ?? Infinity);
  });
});
