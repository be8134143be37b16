// The welcome tells everything but the keys.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import type { Running } from './compose.ts';
import { type KeysFile, writeKeysFile } from './keys-file.ts';
import { welcomeText } from './welcome.ts';

const keys: KeysFile = {
  store_id: 'sto_1',
  operator: { api_key: 'operator-secret' },
  test: { api_key: 'test-secret' },
  prod: { api_key: 'prod-secret' },
};
const running: Running = {
  ledger: { host: '127.0.0.1', port: 7410 },
  gateway: { host: '127.0.0.1', port: 7480 },
  dataDir: '/data',
  database: 'embedded',
  keys,
};
const plain = (text: string): string => text;

it('names both addresses and where the data is, and no key', () => {
  const text = welcomeText(running, plain);
  expect(text).toContain('http://127.0.0.1:7410');
  expect(text).toContain('http://127.0.0.1:7480/v1/customer-credits/accounts');
  expect(text).toContain('/data/postgres');
  expect(text).not.toContain('secret');
});

it('leaves the first call out when the keys are not known', () => {
  expect(welcomeText({ ...running, keys: undefined }, plain)).not.toContain('curl');
});

it('gives a line that a shell reads the test key with, whatever the folder is called', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "scrip's $welcome test-"));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  writeKeysFile(dataDir, keys);
  const line = welcomeText({ ...running, dataDir }, plain).match(/^ +(key=.*)$/m)?.[1];
  const { stdout } = await promisify(execFile)('sh', ['-c', `${line}; echo "$key"`]);
  expect(stdout).toBe('test-secret\n');
});
