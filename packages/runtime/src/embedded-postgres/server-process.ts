// Starts, finds again and ends the server process of one cluster.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../operator-error.ts';
import type { Binaries } from './binaries.ts';
import { type Folders, makeSocketDir } from './folders.ts';
import { serverEnvironment } from './initialise.ts';
import { answers, hasPostmasterFile, type Postmaster, readPostmaster } from './postmaster-file.ts';

/** How the server treats the disk and its parent. */
export type ServerKind =
  /** Every commit reaches the disk; outlives its parent. */
  | { readonly kind: 'durable' }
  /** For tests: ends with its parent, then its data is removed; `sync` as asked. */
  | { readonly kind: 'for-tests'; readonly sync: boolean };

export type ServerStart = {
  readonly folders: Folders;
  readonly binaries: Binaries;
  readonly server: ServerKind;
};

const pollMs = 5;
/** Crash recovery replays what was written since the last checkpoint and may take minutes. */
const readyMsMax = 300_000;
/** A server that starts or stops answers; a deaf pid was left behind and has a new owner. */
const deafMsMax = 1_000;
const stopMsMax = 15_000;
const lingerMsMax = 500;
const logByteCountMax = 10_000_000;

/**
 * Waits for the pipe on descriptor 3 to close, which the death of the parent does, and then
 * stops the server and removes its folders.
 */
const stopWithParent =
  'data="$1" sock="$2"; shift 2; "$@" & p=$!; cat <&3 >/dev/null; kill -INT $p; wait $p; ' +
  'rm -rf -- "$data" "$sock"';

/** The live server of the cluster, if any: one that starts is awaited, one that stops as well. */
export async function findLiveServer(clusterDir: string): Promise<Postmaster | undefined> {
  let heardAtMs = performance.now();
  for (const deadline = heardAtMs + readyMsMax; performance.now() < deadline;) {
    const found = readPostmaster(clusterDir);
    if (found === undefined || !isAlive(found.pid)) return undefined;
    const answered = await answers(found);
    if (answered && found.status === 'ready') return found;
    if (answered) heardAtMs = performance.now();
    if (performance.now() - heardAtMs > deafMsMax) return undefined;
    await delay(pollMs);
  }
  throw new OperatorError(`the PostgreSQL of ${clusterDir} does not become ready`);
}

/** A server that this process started. */
export type StartedServer = {
  readonly postmaster: Postmaster;
  /** Only for tests: ends the server as the death of this process would. */
  readonly letGo: (() => Promise<void>) | undefined;
};

/** Starts the server and waits until it takes connections. */
export async function startServer(start: ServerStart): Promise<StartedServer> {
  const { clusterDir } = start.folders;
  const said = logReader(clusterDir);
  const socketDir = makeSocketDir(start.folders);
  const child = spawnServer(start, socketDir);
  let ended = false;
  child.once('error', () => (ended = true)).once('exit', () => (ended = true));
  for (const deadline = performance.now() + readyMsMax; performance.now() < deadline;) {
    if (ended) {
      if (!hasPostmasterFile(clusterDir)) rmSync(socketDir, { recursive: true, force: true });
      throw new OperatorError(`PostgreSQL did not start: ${said()}`);
    }
    const found = readPostmaster(clusterDir);
    const ready = found?.status === 'ready' && (await answers(found));
    if (ready && isOfChild(found, { child, start })) {
      return { postmaster: found, letGo: letGoOf(child) };
    }
    await delay(pollMs);
  }
  child.kill('SIGINT');
  throw new OperatorError(`PostgreSQL did not become ready: ${said()}`);
}

/** Ends the server at once for its clients (fast shutdown), and waits until it has ended. */
export async function stopServer(clusterDir: string, pid: number): Promise<void> {
  signalServer(pid, 'SIGINT');
  if (await isGone(clusterDir, pid)) return;
  signalServer(pid, 'SIGQUIT');
  if (await isGone(clusterDir, pid)) return;
  throw new OperatorError(`PostgreSQL (process ${pid}) does not stop`);
}

/** Sends a signal; a process that has ended already is no failure. */
export function signalServer(pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The pid file goes when all is done, the process when its memory is given back. An ended orphan
 * may linger as a zombie for ever, so that it is waited for a little and no longer.
 */
async function isGone(clusterDir: string, pid: number): Promise<boolean> {
  let deadline = performance.now() + stopMsMax;
  let isDone = false;
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true;
    if (!isDone && !hasPostmasterFile(clusterDir)) {
      isDone = true;
      deadline = performance.now() + lingerMsMax;
    }
    await delay(pollMs);
  }
  return isDone;
}

function letGoOf(child: ChildProcess): StartedServer['letGo'] {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) return undefined;
  return async () => {
    const ended = once(child, 'exit');
    pipe.destroy();
    child.ref();
    await ended;
  };
}

function isOfChild(found: Postmaster, by: { child: ChildProcess; start: ServerStart }): boolean {
  return by.start.server.kind === 'for-tests' || found.pid === by.child.pid;
}

function spawnServer(start: ServerStart, socketDir: string): ChildProcess {
  const { folders, binaries, server } = start;
  const { clusterDir, dataDir, account } = folders;
  const parts = ['-D', folders.serverDir ?? clusterDir, ...serverSettings(socketDir, server)];
  const log = openLog(folders);
  const spawning = { ...account, cwd: clusterDir, env: serverEnvironment(), detached: true };
  try {
    if (server.kind === 'durable') {
      const child = spawn(binaries.postgres, parts, { ...spawning, stdio: ['ignore', log, log] });
      child.unref();
      return child;
    }
    const script = ['-c', stopWithParent, 'sh', dataDir, socketDir, binaries.postgres, ...parts];
    const stdio = ['ignore', log, log, 'pipe'] as const;
    const child = spawn('/bin/sh', script, { ...spawning, stdio: [...stdio] });
    child.unref();
    if (child.stdio[3] instanceof Socket) child.stdio[3].unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Spelled out where a default or an edited postgresql.conf would decide about durability. */
function serverSettings(socketDir: string, server: ServerKind): readonly string[] {
  const sync = server.kind === 'durable' || server.sync ? 'on' : 'off';
  return [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    'unix_socket_permissions=0700',
    'port=5432',
    `fsync=${sync}`,
    `synchronous_commit=${sync}`,
    `full_page_writes=${sync}`,
    'timezone=UTC',
    'log_timezone=UTC',
    'log_checkpoints=off',
  ].flatMap((setting) => ['-c', setting]);
}

function logPath(clusterDir: string): string {
  return join(clusterDir, 'server.log');
}

function openLog({ clusterDir, account }: Folders): number {
  const path = logPath(clusterDir);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logByteCountMax) renameSync(path, `${path}.1`);
  const file = openSync(path, 'a', 0o600);
  if (account !== undefined) chownSync(path, account.uid, account.gid);
  return file;
}

/** Gives what the server has complained about since the reader was made, in one line. */
function logReader(clusterDir: string): () => string {
  const path = logPath(clusterDir);
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return () => {
    const whole = readFileSync(path);
    const said = whole.subarray(whole.length < before ? 0 : before).toString('utf8');
    const reasons = [...said.matchAll(/(?:FATAL|PANIC): +(.*)/g)];
    return `${reasons.at(-1)?.[1] ?? 'it gave no reason'} (see ${path})`;
  };
}
