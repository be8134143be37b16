// Makes a new cluster: whole under its name, or not there at all.

import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../operator-error.ts';
import type { Binaries } from './binaries.ts';
import { clusterSizes, usableMemoryBytes } from './cluster-sizes.ts';
import type { Folders } from './folders.ts';

/** The database's superuser; only the owner of the socket's folder can reach it. */
export const databaseUser = 'scrip';

const versionMajor = '18';
const halfName = 'postgres.new-';

export type InitialiseOptions = {
  readonly folders: Folders;
  readonly binaries: Binaries;
  /** False skips waiting for the disk: for tests only. */
  readonly sync: boolean;
};

/** Makes the cluster unless it is there; refuses data of another major version. */
export async function initialise(options: InitialiseOptions): Promise<void> {
  const { dataDir, clusterDir } = options.folders;
  if (existsSync(clusterDir)) return refuseOtherVersion(clusterDir);
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(halfName)) await rm(join(dataDir, name), { recursive: true });
  }
  const half = await mkdtemp(join(dataDir, halfName));
  await runInitdb(half, options);
  await rename(half, clusterDir);
  if (options.sync) await syncFolder(dataDir);
}

async function runInitdb(half: string, options: InitialiseOptions): Promise<void> {
  const { folders, binaries, sync } = options;
  const { account } = folders;
  if (account !== undefined) chownSync(half, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  const safety = ['--data-checksums', ...(sync ? [] : ['--no-sync'])];
  const access = [`--username=${databaseUser}`, '--auth=trust'];
  const sizes = Object.entries(clusterSizes(usableMemoryBytes())).map(
    ([name, value]) => `--set=${name}=${value}`,
  );
  const parts = ['-D', folders.serverDir ?? half, ...access, ...locale, ...safety, ...sizes];
  const spawning = { ...account, cwd: half, env: serverEnvironment() };
  await promisify(execFile)(binaries.initdb, parts, spawning).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    const { stderr = '' } = error as { stderr?: string };
    const reason = /(?:error|FATAL|PANIC): +(.*)/.exec(stderr)?.[1] ?? String(error);
    throw new OperatorError(`the embedded PostgreSQL could not be made in ${half}: ${reason}`);
  });
}

/** Variables such as PGPORT or LC_ALL of the caller must not change the server. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function refuseOtherVersion(clusterDir: string): void {
  const version = readVersion(clusterDir);
  if (version === versionMajor) return;
  throw new OperatorError(
    `${clusterDir} holds data of PostgreSQL ${version}, and this is PostgreSQL ${versionMajor}`,
  );
}

function readVersion(clusterDir: string): string {
  try {
    return readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      `${clusterDir} is there, but its PG_VERSION cannot be read (${code}); ` +
        'put the data back, or move the folder away for a new one',
    );
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
