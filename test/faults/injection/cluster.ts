// A durable PostgreSQL of its own, whose processes can be killed and paused.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog, startEmbeddedPostgres, type EmbeddedPostgres } from '@scrip/runtime';

export type Cluster = {
  /** Where its socket is now; it moves with a restart. */
  readonly socketPath: () => string;
  /** PostgreSQL's own data directory. */
  readonly folder: string;
  readonly pid: () => number;
  readonly user: string;
  readonly database: string;
  /** The processes that serve a connection. */
  readonly backendPids: () => readonly number[];
  /** Kills the postmaster, and starts it again once its children have ended. */
  readonly killPostmaster: () => Promise<void>;
  /** Kills all of its processes, and leaves it so. */
  readonly destroy: () => Promise<void>;
  /** Starts it again if it has ended; says whether it had. */
  readonly reviveIfEnded: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
};

const startAttemptCountMax = 40;

/** Starts a cluster in the folder with every commit on the disk. */
export async function startCluster(dataDir: string): Promise<Cluster> {
  const log = createLog({ level: 'silent' });
  let ended = false;
  const start = (): Promise<EmbeddedPostgres> => {
    ended = false;
    return startEmbeddedPostgres({ dataDir, log, onLost: () => (ended = true) });
  };
  let postgres = await start();
  const { user, database } = postgres.connection;
  const revive = async (): Promise<void> => {
    await postgres.stop().catch(() => undefined);
    postgres = await insist(start);
  };
  return {
    socketPath: () => join(postgres.connection.host, `.s.PGSQL.${postgres.connection.port}`),
    folder: join(dataDir, 'postgres'),
    pid: () => postgres.pid,
    user,
    database,
    backendPids: () => backendsOf(postgres.pid, user),
    killPostmaster: async () => {
      process.kill(postgres.pid, 'SIGKILL');
      await revive();
    },
    destroy: async () => {
      const pids = [postgres.pid, ...childrenOf(postgres.pid)];
      for (const pid of pids) killIfRunning(pid);
      while (pids.some(isRunning)) await delay(10);
    },
    reviveIfEnded: async () => {
      if (!ended) return false;
      await revive();
      return true;
    },
    stop: () => postgres.stop(),
  };
}

/** The children of a killed postmaster end by themselves, and hold the folder until then. */
async function insist<T>(start: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await start();
    } catch (error) {
      if (count === startAttemptCountMax) throw error;
      await delay(250);
    }
  }
}

function childrenOf(postmasterPid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === postmasterPid)
    .map(Number);
}

/** Those of PostgreSQL end by themselves when the first of them has been killed. */
function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process that has ended may linger until its parent looks. */
function isRunning(pid: number): boolean {
  const stat = readProc(`${pid}/stat`);
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

/** PostgreSQL titles its processes: `postgres: user database [local] idle`. */
function backendsOf(postmasterPid: number, user: string): readonly number[] {
  return childrenOf(postmasterPid).filter((pid) => titleOf(pid).includes(`: ${user} `));
}

function parentOf(pid: string): number {
  const stat = readProc(`${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function titleOf(pid: number): string {
  return readProc(`${pid}/cmdline`);
}

function readProc(name: string): string {
  try {
    return readFileSync(join('/proc', name), 'utf8');
  } catch {
    return '';
  }
}
