// A durable PostgreSQL of its own, whose processes can be killed and paused.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog, startEmbeddedPostgres, type EmbeddedPostgres } from '@scrip/runtime';

export type Cluster = {
  /** Where its socket is now; it moves with a restart. */
  readonly socketPath: () => string;
  readonly user: string;
  readonly database: string;
  /** The processes that serve a connection. */
  readonly backendPids: () => readonly number[];
  /** Kills the postmaster, and starts it again once its children have ended. */
  readonly killPostmaster: () => Promise<void>;
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
    user,
    database,
    backendPids: () => backendsOf(postgres.pid, user),
    killPostmaster: async () => {
      process.kill(postgres.pid, 'SIGKILL');
      await revive();
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

/** PostgreSQL titles its processes: `postgres: user database [local] idle`. */
function backendsOf(postmasterPid: number, user: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === postmasterPid && titleOf(pid).includes(`: ${user} `))
    .map(Number);
}

function parentOf(pid: string): number {
  const stat = readProc(`${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function titleOf(pid: string): string {
  return readProc(`${pid}/cmdline`);
}

function readProc(name: string): string {
  try {
    return readFileSync(join('/proc', name), 'utf8');
  } catch {
    return '';
  }
}
