// `DATABASE_URL`: the same server on a PostgreSQL of one's own, alone or beside another process.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  runScrip,
  type ScripProcess,
  startScrip,
  startTestCluster,
  type TestCluster,
  type TestDatabase,
} from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type Outcome, textAt } from './wire/caller.ts';
import { createConnectCaller } from './wire/connect-caller.ts';
import { findBrokenLinks, readHistory } from './wire/history.ts';
import { succeeding } from './wire/transcript.ts';

const anywhere = ['--ledger-address', '127.0.0.1:0', '--gateway-address', '127.0.0.1:0'];

let cluster: TestCluster;
let database: TestDatabase;

beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createTestDatabase(cluster.connection);
});

afterAll(() => cluster?.stop());

describe('a PostgreSQL of one’s own', () => {
  it('is brought to the present schema once', async () => {
    const env = { DATABASE_URL: database.url };
    const first = await runScrip(['migrate'], env);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toMatch(/^applying 0001-[^\n]+\n$/);
    expect(first.stdout).not.toBe('nothing to do\n');
    const second = await runScrip(['migrate'], env);
    expect(second).toEqual({ exitCode: 0, stdout: 'nothing to do\n', stderr: '' });
  });

  it('has no store until the first start', async () => {
    const parts = ['keys', 'make', '--mode', 'test'];
    const { exitCode, stderr } = await runScrip(parts, { DATABASE_URL: database.url });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^scrip: there is no store yet[^\n]*\n$/);
  });

  it('is written by two processes at once, which hold one floor and one chain', async () => {
    const env = { DATABASE_URL: database.url };
    const dataDir = await mkdtemp(join(tmpdir(), 'scrip-own-'));
    const started: ScripProcess[] = [];
    try {
      const one = await startScrip({ env });
      started.push(one);
      await cp(join(one.dataDir, 'keys.json'), join(dataDir, 'keys.json'));
      const two = await startScrip({ env, dataDir });
      started.push(two);
      expect(two.keys()).toEqual(one.keys());
      await raceForFifty(one, two);
    } finally {
      await Promise.all(started.map((scrip) => scrip.stop()));
      await rm(dataDir, { recursive: true });
    }
  });

  it('makes no second store for a data folder without its keys', async () => {
    const scrip = await startScrip({ env: { DATABASE_URL: database.url } });
    expect(scrip.output()).toContain('scrip keys make');
    expect(() => scrip.keys()).toThrow(/ENOENT/);
    await scrip.stop();
  });
});

it('says in its log that it brings a database to the present schema', async () => {
  const { url, drop } = await createTestDatabase(cluster.connection);
  const said = 'bringing the database to the present schema';
  const first = await startScrip({ env: { DATABASE_URL: url } });
  await first.stop();
  expect(first.output()).toContain(said);
  const second = await startScrip({ env: { DATABASE_URL: url } });
  await second.stop();
  expect(second.output()).not.toContain(said);
  await drop();
});

describe('a PostgreSQL that will not do', () => {
  it('is refused when it may lose acknowledged writes', async () => {
    const { url, drop } = await createTestDatabase();
    const { exitCode, stderr } = await runScrip(['start', ...anywhere], { DATABASE_URL: url });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^scrip: [^\n]*fsync[^\n]*\n$/);
    await drop();
  });

  it('is named when it cannot be reached, without its password', async () => {
    const env = { DATABASE_URL: 'postgres://someone:hunter2@127.0.0.1:1/nowhere' };
    const { exitCode, stderr } = await runScrip(['start', ...anywhere], env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^scrip: [^\n]*\n$/);
    expect(stderr).not.toContain('hunter2');
  });

  it('keeps the status from telling of its books, but not of the server', async () => {
    const env = { DATABASE_URL: 'postgres://someone:hunter2@127.0.0.1:1/nowhere' };
    const parts = ['status', '--gateway-address', '127.0.0.1:1'];
    const { exitCode, stdout, stderr } = await runScrip(parts, env);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: 'server     127.0.0.1:1 DOES NOT ANSWER\n',
    });
    expect(stderr).toMatch(/^scrip: The database cannot be reached: [^\n]+\n$/);
  });
});

async function raceForFifty(one: ScripProcess, two: ScripProcess): Promise<void> {
  const apiKey = one.keys().test.api_key;
  const first = createConnectCaller(one.ledgerUrl, apiKey);
  const second = createConnectCaller(two.ledgerUrl, apiKey);
  const account = { externalId: 'shared' };
  const opened = { customerId: 'shared', ...account, initialBalance: '50' };
  await succeeding(first)('CreateAccount', opened);
  const debits = alternately(64, [first, second], (call, n) => {
    const name = `shared-${n}`;
    return call('Debit', { account, amount: '1', reference: name, idempotencyKey: name });
  });
  const codes = (await debits).map(({ reason, code }) => reason ?? code);
  expect(codes.filter((code) => code === 'ok')).toHaveLength(50);
  expect(codes.filter((code) => code === 'INSUFFICIENT_BALANCE')).toHaveLength(14);
  for (const call of [first, second]) {
    const { answer } = await succeeding(call)('GetBalance', { account });
    expect(textAt(answer, 'balance', 'balance')).toBe('0');
    const history = await readHistory(call, account);
    expect(history).toHaveLength(51);
    expect(findBrokenLinks(history)).toEqual([]);
  }
  const credit = { account, amount: '9', reference: 'both', idempotencyKey: 'both' };
  const outcomes = await alternately(20, [first, second], (call) => call('Credit', credit));
  expect(new Set(outcomes.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 'ok'));
  expect(outcomes.filter(({ isReplay }) => isReplay)).toHaveLength(19);
}

/** Asks many times at once, every other time the other process. */
function alternately(
  count: number,
  [first, second]: readonly [Caller, Caller],
  ask: (call: Caller, n: number) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => ask(n % 2 === 0 ? first : second, n)));
}
