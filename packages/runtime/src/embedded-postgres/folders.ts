// The folders of the embedded PostgreSQL: the data folder and the short one of its socket.

import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../operator-error.ts';
import { type Account, chooseAccount, firstClosedFolder } from './account.ts';

export type Folders = {
  readonly dataDir: string;
  /** PostgreSQL's own data directory. */
  readonly clusterDir: string;
  readonly account: Account | undefined;
  /** What the server calls its directory, when that is not `clusterDir`. */
  readonly serverDir: string | undefined;
};

/** A socket's path must stay below 104 bytes (macOS) or 108 (Linux). */
const socketPathLengthMax = 103;

/** Makes the data folder with mode 0700 (its parents as usual) and gives its real path. */
export function makeDataDir(path: string): string {
  const dataDir = resolve(path);
  try {
    mkdirSync(dirname(dataDir), { recursive: true });
    if (!existsSync(dataDir)) mkdirSync(dataDir, { mode: 0o700 });
    accessSync(`${dataDir}/`, constants.W_OK | constants.X_OK);
    return realpathSync(dataDir);
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** PostgreSQL's own data directory within a data folder. */
export function clusterDirOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Whether an embedded PostgreSQL was made in the data folder before. */
export function hasEmbeddedPostgres(dataDir: string): boolean {
  try {
    return statSync(clusterDirOf(dataDir), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw unusable(resolve(dataDir), error);
  }
}

function unusable(dataDir: string, error: unknown): OperatorError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new OperatorError(`SCRIP_DATA_DIR: the folder ${dataDir} cannot be used (${code})`);
}

/**
 * Gives the data folder to the account which runs PostgreSQL. Where that account may not walk to it
 * (below root's own home, say), Linux still lets a process use the folder that it is started in.
 */
export function openFolders(dataDir: string): Folders {
  const clusterDir = clusterDirOf(dataDir);
  const account = chooseAccount(clusterDir);
  const folders = { dataDir, clusterDir, account, serverDir: undefined };
  if (account === undefined) return folders;
  if (isOurs(dataDir)) chownSync(dataDir, account.uid, account.gid);
  const closed = firstClosedFolder(dataDir, account);
  if (closed === undefined) return folders;
  if (process.platform === 'linux') return { ...folders, serverDir: '/proc/self/cwd' };
  throw new OperatorError(
    `SCRIP_DATA_DIR: PostgreSQL does not run as root, and its account (uid ${account.uid}) ` +
      `cannot enter ${closed}; choose a folder outside it, or set DATABASE_URL`,
  );
}

/** Makes the folder of the socket: private to the account, with a name short enough. */
export function makeSocketDir({ clusterDir, account }: Folders): string {
  const hash = createHash('sha256').update(clusterDir).digest('hex').slice(0, 16);
  const places = [tmpdir(), '/tmp'].map((place) => join(place, `scrip-${hash}`));
  const fits = (path: string): boolean => join(path, '.s.PGSQL.5432').length <= socketPathLengthMax;
  const socketDir = places.find(fits) ?? join('/tmp', `scrip-${hash}`);
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(socketDir);
  if (uid !== process.getuid?.() && uid !== account?.uid) {
    throw new OperatorError(`${socketDir} was made by someone else; remove it and start again`);
  }
  if (account !== undefined) chownSync(socketDir, account.uid, account.gid);
  chmodSync(socketDir, 0o700);
  return socketDir;
}

/** A folder is given to the account only when nothing but our own files is in it. */
function isOurs(dataDir: string): boolean {
  const ours = new Set(['postgres', 'keys.json', 'scrip.lock', 'scrip.lock-journal']);
  const names = readdirSync(dataDir).filter((name) => !name.startsWith('postgres.new-'));
  return names.every((name) => ours.has(name));
}
