// The embedded PostgreSQL of a data folder: starts it, or takes over the one that still runs.

import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { OperatorError } from '../operator-error.ts';
import { findBinaries } from './binaries.ts';
import { type FolderLock, takeFolderLock } from './folder-lock.ts';
import { clusterDirOf, type Folders, makeDataDir, openFolders } from './folders.ts';
import { databaseUser, initialise } from './initialise.ts';
import { type Postmaster, readPostmaster } from './postmaster-file.ts';
import {
  findLiveServer,
  isAlive,
  type ServerKind,
  type StartedServer,
  signalServer,
  startServer,
  stopServer,
} from './server-process.ts';

/** How to connect; the socket's folder is private, so there is no password. */
export type PostgresConnection = {
  /** The folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
};

export type EmbeddedPostgres = {
  readonly connection: PostgresConnection;
  readonly pid: number;
  /** How it came: made running, found running, or shared with the process that runs it. */
  readonly origin: 'started' | 'adopted' | 'joined';
  /** Stops the server and waits for its end; close the pool first. Does nothing when joined. */
  readonly stop: () => Promise<void>;
  /** Only tells the server to stop: for a forced exit. */
  readonly signalStop: () => void;
};

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  readonly log: Log;
  /** `join` shares the server of a running `scrip start`; `refuse` (the default) does not. */
  readonly whenRunning?: 'refuse' | 'join';
  /** Called once if the server ends without being asked to. */
  readonly onLost?: () => void;
  /** Ends with this process and then removes the data folder; `sync: false` skips the disk. */
  readonly forTests?: { readonly sync: boolean };
};

const watchMs = 1_000;
const joinMsMax = 60_000;

/**
 * Gives a running PostgreSQL 18 with its data in `<dataDir>/postgres`. Throws an `OperatorError`
 * when another process uses the folder, or when the server cannot run there.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = makeDataDir(options.dataDir);
  const lock = takeFolderLock(dataDir);
  if (lock === undefined) return joinOrRefuse(dataDir, options);
  try {
    return await startLocked({ dataDir, lock, options });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Ends the server that a killed process left behind in the data folder, if one still runs. */
export async function endLeftPostgres(dataDir: string): Promise<void> {
  const clusterDir = clusterDirOf(dataDir);
  const found = await findLiveServer(clusterDir);
  if (found === undefined) return;
  await stopServer(clusterDir, found.pid);
  rmSync(found.socketDir, { recursive: true, force: true });
}

type LockedStart = {
  readonly dataDir: string;
  readonly lock: FolderLock;
  readonly options: EmbeddedPostgresOptions;
};

async function startLocked({ dataDir, lock, options }: LockedStart): Promise<EmbeddedPostgres> {
  const folders = openFolders(dataDir);
  const server: ServerKind = options.forTests
    ? { kind: 'for-tests', sync: options.forTests.sync }
    : { kind: 'durable' };
  const found = await findLiveServer(folders.clusterDir);
  const origin = found === undefined ? 'started' : 'adopted';
  const { postmaster, letGo } =
    found === undefined
      ? await startFresh(folders, server)
      : { postmaster: found, letGo: undefined };
  const { pid } = postmaster;
  options.log.debug({ pid, origin }, 'the embedded PostgreSQL runs');
  const watch = watchServer(pid, folders, options);
  const end = async (): Promise<void> => {
    watch.end();
    await (letGo?.() ?? stopServer(folders.clusterDir, pid));
    rmSync(postmaster.socketDir, { recursive: true, force: true });
    lock.release();
  };
  let ended: Promise<void> | undefined;
  const stop = (): Promise<void> => (ended ??= end());
  const signalStop = (): void => signalServer(pid, 'SIGINT');
  return { connection: connectionTo(postmaster), pid, origin, stop, signalStop };
}

async function startFresh(folders: Folders, server: ServerKind): Promise<StartedServer> {
  const binaries = await findBinaries(folders.account);
  const sync = server.kind === 'durable' || server.sync;
  await initialise({ folders, binaries, sync });
  return startServer({ folders, binaries, server });
}

async function joinOrRefuse(
  dataDir: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const clusterDir = clusterDirOf(dataDir);
  const deadline = performance.now() + (options.whenRunning === 'join' ? joinMsMax : 0);
  while (performance.now() < deadline) {
    const found = readPostmaster(clusterDir);
    const postmaster = found?.status === 'ready' ? await findLiveServer(clusterDir) : undefined;
    if (postmaster !== undefined) return joined(postmaster);
    await delay(50);
  }
  throw new OperatorError(
    `another scrip process uses the data folder ${dataDir}; stop it, or choose another folder ` +
      'with SCRIP_DATA_DIR',
  );
}

function joined(postmaster: Postmaster): EmbeddedPostgres {
  const nothing = (): void => undefined;
  const connection = connectionTo(postmaster);
  const stop = (): Promise<void> => Promise.resolve();
  return { connection, pid: postmaster.pid, origin: 'joined', stop, signalStop: nothing };
}

function connectionTo({ socketDir, port }: Postmaster): PostgresConnection {
  return { host: socketDir, port, user: databaseUser, database: 'postgres' };
}

/** Looks once a second whether the server is still the one that was started. */
function watchServer(
  pid: number,
  { clusterDir }: Folders,
  { onLost, log }: EmbeddedPostgresOptions,
): { readonly end: () => void } {
  const timer = setInterval(() => {
    if (readPostmaster(clusterDir)?.pid === pid && isAlive(pid)) return;
    clearInterval(timer);
    log.error({ pid }, 'the embedded PostgreSQL ended without being asked to');
    onLost?.();
  }, watchMs);
  timer.unref();
  return { end: () => clearInterval(timer) };
}
