// keys.json: the store and the keys that the first start makes, readable by the owner alone.

import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OperatorError, randomToken } from '@scrip/runtime';

/** The content of keys.json. */
export type KeysFile = {
  readonly store_id: string;
  readonly operator: { readonly api_key: string };
  readonly test: { readonly api_key: string };
  readonly prod: { readonly api_key: string };
};

const fileMode = 0o600;

export function keysPath(dataDir: string): string {
  return join(dataDir, 'keys.json');
}

/** Reads keys.json; `undefined` when there is none. */
export function readKeysFile(dataDir: string): KeysFile | undefined {
  const path = keysPath(dataDir);
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const content = parse(text);
  if (isKeysFile(content)) return content;
  throw new OperatorError(`${path} is not what scrip wrote; put it back, or move it away`);
}

/**
 * Writes keys.json whole or not at all, on the disk before this returns. An existing file is never
 * replaced: what stands in it then is the answer.
 */
export function writeKeysFile(dataDir: string, keys: KeysFile): KeysFile {
  const half = join(dataDir, `keys.json.${randomToken(6)}`);
  try {
    const text = `${JSON.stringify(keys, undefined, 2)}\n`;
    writeFileSync(half, text, { mode: fileMode, flag: 'wx', flush: true });
    linkSync(half, keysPath(dataDir));
    syncFolder(dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(half, { force: true });
  }
  return readKeysFile(dataDir) ?? keys;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read (${code ?? 'unknown error'})`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isKeysFile(content: unknown): content is KeysFile {
  const file = content as Partial<KeysFile> | null | undefined;
  const keys = [file?.operator, file?.test, file?.prod].map((each) => each?.api_key);
  return [file?.store_id, ...keys].every((each) => typeof each === 'string' && each !== '');
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
