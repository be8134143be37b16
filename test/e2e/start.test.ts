// The life of `scrip start`: it keeps what it was told, ends when it is asked to, and says in one
// line why it cannot begin.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectWithin, runScrip, type ScripProcess, startScrip } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from './wire/caller.ts';
import { createConnectCaller } from './wire/connect-caller.ts';
import { createRestCaller, type RestCaller } from './wire/rest-caller.ts';
import { succeeding } from './wire/transcript.ts';

const mainPath = fileURLToPath(new URL('../../apps/scrip/src/main.ts', import.meta.url));
const anywhere = ['--ledger-address', '127.0.0.1:0', '--gateway-address', '127.0.0.1:0'];
const accounts = '/v1/customer-credits/accounts';

describe('a running server', () => {
  let scrip: ScripProcess;
  let rest: RestCaller;

  beforeAll(async () => {
    scrip = await startScrip();
    rest = createRestCaller(scrip.gatewayUrl, scrip.keys().test.api_key);
  });

  afterAll(() => scrip?.stop());

  it('keeps its keys to its owner', () => {
    expect(statSync(scrip.dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(scrip.dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
    const { store_id: storeId, operator, test, prod } = scrip.keys();
    expect(storeId).toMatch(/^sto_[0-9A-Za-z]{11}$/);
    expect(operator.api_key).toMatch(/^scrip_operator_/);
    expect(test.api_key).toMatch(/^scrip_test_/);
    expect(prod.api_key).toMatch(/^scrip_prod_/);
    const said = scrip.output();
    for (const { api_key: key } of [operator, test, prod]) expect(said).not.toContain(key);
  });

  it('says where it listens and how to make the first call, which works as printed', async () => {
    await expect.poll(() => scrip.output()).toContain('Ctrl-C stops it.');
    expect(scrip.output()).toContain(scrip.ledgerUrl);
    const printed = /^ +key=[^]*?^ +-d .*$/m.exec(scrip.output())?.[0] ?? '';
    const parts = ['--norc', '-c', printed];
    const answer = execFileSync('bash', parts, { encoding: 'utf8', stdio: 'pipe' });
    const id = textAt(JSON.parse(answer) as never, 'id');
    expect((await rest(`${accounts}/${id}/balance`)).body).toMatchObject({ balance: '100' });
  });

  it('is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await rest(path, { apiKey: '' })).status).toBe(200);
    }
    const document = await rest('/openapi.json', { apiKey: '' });
    expect(document.body).toMatchObject({ paths: { [`${accounts}/{id}/credit`]: {} } });
  });

  it('keeps its state through a restart', async () => {
    const body = { customer_id: 'keeper', initial_balance: '41' };
    const made = await rest(accounts, { body });
    const path = `${accounts}/${textAt(made.body, 'id')}`;
    const posting = { amount: '1', reference: 'r', idempotency_key: 'restart-1' };
    const credited = await rest(`${path}/credit`, { body: posting });
    const keys = scrip.keys();
    await scrip.restart();
    expect(scrip.keys()).toEqual(keys);
    expect((await rest(path)).text).toBe(made.text);
    expect((await rest(`${path}/balance`)).body).toMatchObject({ balance: '42' });
    const again = await rest(`${path}/credit`, { body: posting });
    expect(again.text).toBe(credited.text);
    expect(again.headers.get('x-idempotent-replay')).toBe('true');
  });

  it('shares its data folder with no second server', async () => {
    const parts = ['start', ...anywhere, '--data-dir', scrip.dataDir];
    const { exitCode, stderr } = await runScrip(parts);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^scrip: [^\n]*\n$/);
    expect(stderr).toContain(scrip.dataDir);
    expect((await rest('/readyz', { apiKey: '' })).status).toBe(200);
  });

  it('lists, makes and revokes keys, and a revoked one is refused within a second', async () => {
    const place = ['--data-dir', scrip.dataDir];
    const made = await runScrip(['keys', 'make', '--mode', 'test', '--name', 'shop', ...place]);
    const apiKey = made.stdout.trim();
    expect(made.exitCode).toBe(0);
    expect(made.stdout).toMatch(/^scrip_test_\S+\n$/);
    expect((await rest(accounts, { apiKey })).status).toBe(200);
    const listed = await runScrip(['keys', 'list', ...place]);
    expect(listed.stdout).not.toContain(apiKey);
    const id = /^(key_\S+) .* shop$/m.exec(listed.stdout)?.[1] ?? '';
    expect(made.stderr).toContain(id);
    const revoked = await runScrip(['keys', 'revoke', id, ...place]);
    expect(revoked.exitCode).toBe(0);
    await expectWithin(1_000, async () => (await rest(accounts, { apiKey })).status !== 200);
    expect((await rest(accounts, { apiKey })).status).toBe(403);
    const call = createConnectCaller(scrip.ledgerUrl, apiKey);
    expect(await call('GetHead', {})).toMatchObject({ reason: 'KEY_UNKNOWN' });
    const again = await runScrip(['keys', 'revoke', id, ...place]);
    expect(again).toMatchObject({ exitCode: 1, stderr: `scrip: there is no live key ${id}\n` });
  });

  it('keeps the modes apart', async () => {
    const apiKey = scrip.keys().prod.api_key;
    expect((await rest(accounts, { apiKey })).body).toMatchObject({ data: [] });
    const prod = createConnectCaller(scrip.ledgerUrl, apiKey);
    const { answer } = await succeeding(prod)('GetHead', {});
    expect(answer).toMatchObject({ mode: 'MODE_PROD', storeId: scrip.keys().store_id });
  });
});

describe('the end of a server', () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    'ends cleanly on Ctrl-C, PostgreSQL included: %s',
    async (signal) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'scrip-end-'));
      const child = startInGroup(dataDir);
      try {
        await untilReady(child);
        const postgres = Number(
          readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n', 1),
        );
        expect(isAlive(postgres)).toBe(true);
        process.kill(-(child.pid ?? 0), signal);
        const [exitCode] = (await once(child, 'exit')) as [number | null];
        expect(exitCode).toBe(0);
        expect(isAlive(postgres)).toBe(false);
        expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
        expect(processesOf(dataDir)).toEqual([]);
      } finally {
        killGroup(child);
        await rm(dataDir, { recursive: true });
      }
    },
  );

  it('comes by itself when PostgreSQL is killed, and the next start has everything', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'scrip-lost-'));
    const scrip = await startScrip({ dataDir });
    try {
      const rest = createRestCaller(scrip.gatewayUrl, scrip.keys().test.api_key);
      const made = await rest(accounts, { body: { customer_id: 'ada', initial_balance: '3' } });
      const pid = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n', 1);
      process.kill(Number(pid), 'SIGKILL');
      await untilGone(scrip.pid());
      await scrip.restart();
      const path = `${accounts}/${textAt(made.body, 'id')}/balance`;
      expect((await rest(path)).body).toMatchObject({ balance: '3' });
    } finally {
      await scrip.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});

describe('a start that cannot be', () => {
  it.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ['start --port 1', '--port', {}],
    ['start --ledger-address 7410', '--ledger-address must be', {}],
    ['start', 'SCRIP_GATEWAY_ADDRESS must be', { SCRIP_GATEWAY_ADDRESS: 'x' }],
    ['start', 'SCRIP_LEGDER_ADDRESS is not a setting', { SCRIP_LEGDER_ADDRESS: 'x' }],
    ['start', 'DATABASE_URL must be', { DATABASE_URL: 'mysql://u:hunter2@h/d' }],
    ['start --log loud', '--log must be one of', {}],
    ['begin', 'begin', {}],
    ['keys make', '--mode', {}],
  ])('is told in one line, with the setting named: scrip %s, %s', async (line, named, env) => {
    const { exitCode, stdout, stderr } = await runScrip(line.split(' '), env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^scrip: [^\n]+\n$/);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('hunter2');
  });

  it('names the folder that is a file, and the keys that are not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scrip-bad-'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    const start = await runScrip(['start', ...anywhere, '--data-dir', file]);
    expect(start).toMatchObject({ exitCode: 1 });
    expect(start.stderr).toMatch(/^scrip: SCRIP_DATA_DIR[^\n]*\n$/);
    const list = await runScrip(['keys', 'list', '--data-dir', join(folder, 'none')]);
    expect(list).toMatchObject({ exitCode: 1 });
    expect(list.stderr).toMatch(/^scrip: there is no store in [^\n]*\n$/);
    await rm(folder, { recursive: true });
  });

  it('names the address that is in use', async () => {
    const scrip = await startScrip();
    const dataDir = await mkdtemp(join(tmpdir(), 'scrip-taken-'));
    const taken = ['--ledger-address', new URL(scrip.ledgerUrl).host];
    const free = ['--gateway-address', '127.0.0.1:0'];
    const { exitCode, stderr } = await runScrip([
      'start',
      ...taken,
      ...free,
      '--data-dir',
      dataDir,
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^scrip: SCRIP_LEDGER_ADDRESS: [^\n]* is in use[^\n]*\n$/);
    expect(processesOf(dataDir)).toEqual([]);
    await rm(dataDir, { recursive: true });
    await scrip.stop();
  });
});

/** Starts as a shell does: at the head of a process group that a Ctrl-C reaches as a whole. */
function startInGroup(dataDir: string): ChildProcess {
  const parts = ['--conditions=@scrip/source', mainPath, 'start', ...anywhere];
  return spawn(process.execPath, [...parts, '--data-dir', dataDir], {
    detached: true,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Ends what a failed test left behind. */
function killGroup({ pid = 0, exitCode, signalCode }: ChildProcess): void {
  if (exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  let said = '';
  // The pipe stays open: what writes into it goes on.
  for await (const piece of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(piece);
    if (said.includes('"msg":"ready"')) break;
  }
  stdout?.resume();
  if (!said.includes('"msg":"ready"')) throw new Error(`it was never ready: ${said}`);
}

/** A process that has ended and whose parent has not yet looked is not alive. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^\s*[^\sZ]/.test(stdout);
}

async function untilGone(pid: number): Promise<void> {
  const started = performance.now();
  while (isAlive(pid)) {
    if (performance.now() - started > 120_000) throw new Error(`process ${pid} is still there`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The processes whose command line names the folder. */
function processesOf(folder: string): readonly string[] {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(folder));
}
