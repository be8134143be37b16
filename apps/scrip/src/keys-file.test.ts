// keys.json is private, whole, and never replaced.

import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type KeysFile, keysPath, readKeysFile, writeKeysFile } from './keys-file.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'scrip-keys-test-'));
  return () => rm(dataDir, { recursive: true });
});

const keysOf = (storeId: string): KeysFile => ({
  store_id: storeId,
  operator: { api_key: 'o' },
  test: { api_key: 't' },
  prod: { api_key: 'p' },
});

describe('keys.json', () => {
  it('is read as it was written, by the owner alone, with nothing beside it', async () => {
    expect(writeKeysFile(dataDir, keysOf('sto_1'))).toEqual(keysOf('sto_1'));
    expect(readKeysFile(dataDir)).toEqual(keysOf('sto_1'));
    expect((await stat(keysPath(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['keys.json']);
  });

  it('keeps the first of two writers, and tells the second', () => {
    writeKeysFile(dataDir, keysOf('sto_1'));
    expect(writeKeysFile(dataDir, keysOf('sto_2'))).toEqual(keysOf('sto_1'));
  });

  it('is nothing when it is not there', () => {
    expect(readKeysFile(dataDir)).toBeUndefined();
  });

  it.each(['', '{', 'null', '[]', '{"store_id":"sto_1"}'])('refuses %j by name', async (text) => {
    await writeFile(keysPath(dataDir), text);
    expect(() => readKeysFile(dataDir)).toThrow(/keys\.json is not what scrip wrote/);
  });
});
