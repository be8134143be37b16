// A real PostgreSQL: made, taken over after a kill -9 of its parent, refused to a second, ended.

import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '../log.ts';
import { clusterSizes, usableMemoryBytes } from './cluster-sizes.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './start.ts';

const log = createLog({ level: 'silent' });
const indexUrl = JSON.stringify(import.meta.resolve('../index.ts'));
let dataDir: string;

beforeEach(async () => {
  const place = await mkdtemp(join(tmpdir(), 'runtime-test-'));
  await chmod(place, 0o755);
  dataDir = join(place, 'made', 'data');
  return () => rm(place, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** Runs a program in its own process, which has `startEmbeddedPostgres`, `dataDir` and `log`. */
function runElsewhere(body: string): Promise<{ stdout: string; signal: string | undefined }> {
  const program = `
    import { createLog, startEmbeddedPostgres } from ${indexUrl};
    const dataDir = ${JSON.stringify(dataDir)};
    const log = createLog({ level: 'silent' });
    ${body}`;
  const { promise, resolve } = Promise.withResolvers<{
    stdout: string;
    signal: string | undefined;
  }>();
  const parts = ['--input-type=module', '-e', program];
  execFile(process.execPath, parts, (error: ExecFileException | null, stdout) =>
    resolve({ stdout: stdout.trim(), signal: error?.signal }),
  );
  return promise;
}

const socketOf = ({ connection }: EmbeddedPostgres): string =>
  join(connection.host, `.s.PGSQL.${connection.port}`);

const isGone = (pid: number): boolean => {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat === '' || / Z /.test(stat);
};

describe('the embedded PostgreSQL', () => {
  it('runs with private folders, a socket and no port', async () => {
    const postgres = await start();
    expect(postgres.origin).toBe('started');
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, '..')).mode & 0o777).toBe(0o755);
    expect(statSync(postgres.connection.host).mode & 0o777).toBe(0o700);
    expect(statSync(socketOf(postgres)).isSocket()).toBe(true);
    const options = readFileSync(join(dataDir, 'postgres', 'postmaster.opts'), 'utf8');
    expect(options).toContain('"listen_addresses="');
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(options).toContain(`"${name}=on"`);
    }
  });

  it('is made with sizes that an operator can change in its postgresql.conf', async () => {
    await start();
    const written = readFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'utf8');
    for (const [name, value] of Object.entries(clusterSizes(usableMemoryBytes()))) {
      expect(written).toMatch(new RegExp(`^${name} = '?${value}'?`, 'm'));
    }
    const options = readFileSync(join(dataDir, 'postgres', 'postmaster.opts'), 'utf8');
    expect(options).not.toContain('shared_buffers');
  });

  it('leaves no process, pid file or socket behind when it stops', async () => {
    const postgres = await start();
    await postgres.stop();
    expect(isGone(postgres.pid)).toBe(true);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    expect(existsSync(postgres.connection.host)).toBe(false);
  });

  it('starts again on the data that it left', async () => {
    await (await start()).stop();
    const made = statSync(join(dataDir, 'postgres', 'PG_VERSION')).ino;
    const again = await start();
    expect(again.origin).toBe('started');
    expect(statSync(join(dataDir, 'postgres', 'PG_VERSION')).ino).toBe(made);
  });

  it('survives a kill -9 of its parent and is taken over by the next start', async () => {
    const { stdout, signal } = await runElsewhere(`
      console.log((await startEmbeddedPostgres({ dataDir, log })).pid);
      process.kill(process.pid, 'SIGKILL');`);
    expect(signal).toBe('SIGKILL');
    const postgres = await start();
    expect(postgres).toMatchObject({ origin: 'adopted', pid: Number(stdout) });
    await postgres.stop();
    expect(isGone(postgres.pid)).toBe(true);
  });

  it('recovers after a kill -9 of PostgreSQL itself', async () => {
    const onLost = vi.fn<() => void>();
    const killed = await start({ onLost });
    process.kill(killed.pid, 'SIGKILL');
    await expect.poll(() => onLost.mock.calls.length).toBe(1);
    await killed.stop();
    expect((await start()).origin).toBe('started');
  });

  it('refuses a second process on the same data folder in one line', async () => {
    await start();
    const { stdout } = await runElsewhere(`
      await startEmbeddedPostgres({ dataDir, log }).catch((error) => console.log(error.message));`);
    expect(stdout).toMatch(/^another scrip process uses the data folder [^\n]*SCRIP_DATA_DIR$/);
  });

  it('is shared with a process that asks to join, and outlives it', async () => {
    const postgres = await start();
    const { stdout } = await runElsewhere(`
      const joined = await startEmbeddedPostgres({ dataDir, log, whenRunning: 'join' });
      console.log(joined.origin, joined.pid);
      await joined.stop();`);
    expect(stdout).toBe(`joined ${postgres.pid}`);
    expect(isGone(postgres.pid)).toBe(false);
  });

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'runs below a folder that only root may enter',
    async () => {
      await mkdir(join(dataDir, '..'), { mode: 0o700 });
      expect((await start()).origin).toBe('started');
    },
  );

  it('refuses data of another major version', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(
      /holds data of PostgreSQL 15, and this is PostgreSQL 18$/,
    );
  });

  it('refuses a folder of PostgreSQL that has no data in one line', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await expect(start()).rejects.toThrow(
      /PG_VERSION cannot be read \(ENOENT\); put the data back/,
    );
  });

  it('refuses a data folder that is a file', async () => {
    await mkdir(join(dataDir, '..'), { recursive: true });
    await writeFile(dataDir, '');
    await expect(start()).rejects.toThrow(/^SCRIP_DATA_DIR: the folder .* cannot be used/);
  });

  it('says why PostgreSQL does not start', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(
      /^PostgreSQL did not start: .*no_such_setting|configuration/,
    );
  });
});

describe('a cluster for tests', () => {
  it('ends with its parent, even by kill -9, and takes its data along', async () => {
    const { stdout } = await runElsewhere(`
      const postgres = await startEmbeddedPostgres({ dataDir, log, forTests: { sync: false } });
      console.log(postgres.pid, postgres.connection.host);
      process.kill(process.pid, 'SIGKILL');`);
    const [pid, host = ''] = stdout.split(' ');
    await expect.poll(() => isGone(Number(pid))).toBe(true);
    const areThere = () => [existsSync(join(dataDir, 'postgres')), existsSync(host)];
    await expect.poll(areThere).toEqual([false, false]);
  });
});
