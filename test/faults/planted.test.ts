// The checks can see: every planted bug is found by the check that is there for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createTestDatabase,
  runScrip,
  startScrip,
  startTestCluster,
  type ScripProcess,
  type TestCluster,
} from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHistory } from './checker/check.ts';
import { openHistory } from './history/recorder.ts';
import { startLoad } from './load/run-load.ts';
import { plantedBugs, type Catcher, type PlantedBug } from './planted/bugs.ts';

/** So much is asked of every bug, however slow the machine, within half a minute. */
const operationCount = 6_000;
const loadMsMax = 30_000;
/** A bug about a time needs that time: a key is revoked, and used on for longer than a second. */
const longLoadMs = 10_000;
const clientCount = 24;
const plantUrl = new URL('planted/plant.ts', import.meta.url).href;

let cluster: TestCluster;
const table: string[] = [];

beforeAll(async () => {
  cluster = await startTestCluster();
});

afterAll(async () => {
  await cluster.stop();
  console.log(['planted bug → found by', ...table].join('\n'));
});

describe('the checks', () => {
  it('find nothing where nothing is planted', async () => {
    expect(await catchersOf(undefined)).toEqual([]);
  });

  it.each(plantedBugs.map((bug) => [bug.name, bug] as const))('find: %s', async (name, bug) => {
    const catchers = await catchersOf(bug);
    table.push(`${name} → ${catchers.join(', ') || 'nothing'}`);
    expect(catchers.filter((catcher) => bug.caughtBy.includes(catcher))).not.toEqual([]);
  });
});

/** Runs a load against servers with the bug in them, and tells which checks find something. */
async function catchersOf(bug: PlantedBug | undefined): Promise<readonly Catcher[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scrip-planted-'));
  const { url, drop } = await createTestDatabase(cluster.connection);
  const database = { DATABASE_URL: url, SCRIP_ALLOW_UNSAFE_DATABASE: 'true' };
  const planted = bug && { NODE_OPTIONS: `--import ${plantUrl}`, PLANTED_BUG: bug.name };
  const servers: ScripProcess[] = [];
  try {
    for (let count = bug?.needsTwoServers === true ? 2 : 1; count > 0; count--) {
      const env = { ...database, ...planted };
      servers.push(await startScrip({ env, dataDir: join(folder, 'scrip') }));
    }
    const historyPath = join(folder, 'history');
    await load(servers, historyPath, bug?.needsTime === true ? longLoadMs : 0);
    const { violations } = await checkHistory(await openHistory(historyPath));
    const { exitCode } = await runScrip(['verify', '--data-dir', join(folder, 'scrip')], database);
    const found = new Set<Catcher>(violations.map(({ check }) => check));
    return exitCode === 0 ? [...found] : [...found, 'verify'];
  } finally {
    for (const server of servers) await server.stop();
    await drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(
  servers: readonly ScripProcess[],
  historyPath: string,
  loadMsMin: number,
): Promise<void> {
  const urls = servers.map(({ ledgerUrl }) => ledgerUrl);
  const apiKey = servers[0]?.keys().test.api_key ?? '';
  const running = await startLoad({ urls, apiKey, seed: 7, clientCount, historyPath });
  const startedAt = performance.now();
  const until = startedAt + loadMsMax;
  while (running.operationCount() < operationCount && performance.now() < until) await delay(100);
  await delay(Math.max(0, startedAt + loadMsMin - performance.now()));
  await running.finish();
}
