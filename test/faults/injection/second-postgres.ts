// A second PostgreSQL made of the first one: a base backup taken while it works, started as a
// standby that follows, or as a server of its own.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** The PostgreSQL that is backed up: where it is, and what it runs. */
export type Original = {
  readonly dataDir: string;
  readonly socketPath: string;
  /** The path of its program. */
  readonly program: string;
  readonly user: string;
  readonly database: string;
};

export type SecondPostgres = {
  readonly socketPath: string;
  /** Asks it one thing. */
  readonly ask: (statement: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Waits until it takes writes. */
  readonly promoted: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const readyMsMax = 60_000;
const pollMs = 50;

/**
 * Copies the data of a PostgreSQL that goes on working, as `pg_basebackup` does: between
 * `pg_backup_start` and `pg_backup_stop`, with the label and the write-ahead log that a start from
 * the copy needs.
 */
export async function takeBaseBackup(
  original: Omit<Original, 'program'>,
  folder: string,
): Promise<void> {
  await withClient(original, async (client) => {
    await client.query("select pg_backup_start('faults', fast => true)");
    // What is copied may change meanwhile: the write-ahead log makes it whole at the start.
    execFileSync('sh', ['-c', 'cp -a "$1/." "$2" || true', 'sh', original.dataDir, folder]);
    const { rows } = await client.query<{ readonly labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    execFileSync('cp', ['-a', `${original.dataDir}/pg_wal/.`, join(folder, 'pg_wal')]);
    for (const name of ['postmaster.pid', 'postmaster.opts']) {
      rmSync(join(folder, name), { force: true });
    }
    writeOwned(folder, 'backup_label', rows[0]?.labelfile ?? '');
  });
}

/** Has the copy follow the original, which it reaches at a port of this machine. */
export function followOriginal(folder: string, { user }: Original, port: number): void {
  const found = `host=127.0.0.1 port=${port} user=${user} sslmode=disable`;
  const settings = readFileSync(join(folder, 'postgresql.auto.conf'), 'utf8');
  const more = `primary_conninfo = '${found}'\nwal_retrieve_retry_interval = '200ms'\n`;
  writeOwned(folder, 'postgresql.auto.conf', `${settings}${more}`);
  writeOwned(folder, 'standby.signal', '');
}

/** Starts the copy with the programs of the original, on a socket of its own. */
export async function startSecond(
  original: Original,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<SecondPostgres> {
  const { uid, gid } = statSync(join(folder, 'PG_VERSION'));
  const socketDir = mkdtempSync(join(tmpdir(), 'scrip-second-'));
  chownSync(socketDir, uid, gid);
  chmodSync(socketDir, 0o700);
  const settings = ['listen_addresses=', `unix_socket_directories=${socketDir}`, 'port=5432'];
  const flags = [...settings, 'timezone=UTC'].flatMap((setting) => ['-c', setting]);
  // Its account may use the folder that it is started in, though not walk to it.
  const child = spawn(original.program, ['-D', '/proc/self/cwd', ...flags], {
    ...(process.getuid?.() === uid ? {} : { uid, gid }),
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => said.push(piece));
  }
  const second: Original = { ...original, socketPath: join(socketDir, '.s.PGSQL.5432') };
  const ask = (statement: string) =>
    withClient(second, async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(statement);
      return rows[0] ?? {};
    });
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(socketDir, { recursive: true, force: true });
  };
  const answers = (): Promise<boolean> =>
    ask('select 1 as one').then(
      () => true,
      () => false,
    );
  await until(answers, child, said).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const isPrimary = () => ask('select pg_is_in_recovery() as still');
  return {
    socketPath: second.socketPath,
    ask,
    promoted: () => until(async () => (await isPrimary())['still'] === false, child, said),
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'exit');
}

async function until(
  isReady: () => Promise<boolean>,
  child: ChildProcess,
  said: readonly string[],
): Promise<void> {
  for (const from = performance.now(); performance.now() - from < readyMsMax;) {
    if (await isReady()) return;
    if (child.exitCode !== null) break;
    await delay(pollMs);
  }
  throw new Error(`the second PostgreSQL does not get ready:\n${said.join('')}`);
}

async function withClient<T>(
  { socketPath, user, database }: Omit<Original, 'program'>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const host = socketPath.slice(0, socketPath.lastIndexOf('/'));
  const client = new Client({ host, port: 5432, user, database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function writeOwned(folder: string, name: string, text: string): void {
  const { uid, gid } = statSync(join(folder, 'PG_VERSION'));
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  chownSync(join(folder, name), uid, gid);
}
