// A clock that jumps, back as well: instants never go back, and every promise is kept.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareBackup } from './injection/lose-history.ts';
import { finishRound, type RoundReport } from './injection/round.ts';
import { askDatabase, openStepStage, type StepStage } from './injection/step-stage.ts';
import { startLoad } from './load/run-load.ts';

const seed = Number(process.env['SCRIP_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));
/** Servers start in a moment on a machine of their own, and slowly on a shared one. */
const hookMsMax = 120_000;
const clientCount = 24;
const hourMs = 3_600_000;
const jumpsMs = [hourMs, -hourMs, 5_000, -24 * hourMs, -500, 0];
/** Writes between two jumps. */
const writeCount = 80;

/** Debian's libfaketime, which moves the clock that a process sees. */
const libraryPath = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

let stage: StepStage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scrip-clock-'));
  chmodSync(folder, 0o755);
  stage = await openStepStage({ serverCount: 2 });
}, hookMsMax);

afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true });
}, hookMsMax);

describe.runIf(process.platform === 'linux')('instants', () => {
  it('never go back when the clock of their book does', async () => {
    const report = await jumpUnderLoad(seed, async (jumpMs) => {
      await askDatabase(stage, 'update book set clock_offset_ms = $1', [jumpMs]);
    });
    expect(report).toMatchObject(intact);
  });

  it.runIf(existsSync(libraryPath))('never go back when the clock of PostgreSQL does', async () => {
    const offsetPath = join(folder, 'offset');
    const setClock = (jumpMs: number): void => {
      writeFileSync(offsetPath, `${jumpMs < 0 ? '' : '+'}${jumpMs / 1_000}`);
    };
    setClock(0);
    const way = await prepareBackup(stage, {
      LD_PRELOAD: libraryPath,
      FAKETIME_TIMESTAMP_FILE: offsetPath,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    await way.part();
    await stage.cluster.destroy();
    const second = await way.takeOver();
    stage.leadTo(second.socketPath);
    const secondOf = async () => Number((await second.ask(clockStatement))['seconds']);
    const before = await secondOf();
    const report = await jumpUnderLoad(seed + 1, async (jumpMs) => setClock(jumpMs));
    expect(report).toMatchObject(intact);
    setClock(-hourMs);
    expect(before - (await secondOf())).toBeGreaterThan(3_000);
  });
});

const intact = { violations: [], isReadBack: true, verification: { kind: 'passed' } };
const clockStatement = 'select extract(epoch from clock_timestamp())::int8 as seconds';

async function jumpUnderLoad(
  loadSeed: number,
  jump: (jumpMs: number) => Promise<void>,
): Promise<RoundReport> {
  const historyPath = join(folder, `history-${loadSeed}`);
  const urls = stage.actors.map(({ server }) => server.ledgerUrl);
  const { apiKey } = stage;
  const load = await startLoad({ urls, apiKey, seed: loadSeed, clientCount, historyPath });
  for (const jumpMs of jumpsMs) {
    await jump(jumpMs);
    const goal = load.acceptedCount() + writeCount;
    for (const from = performance.now(); load.acceptedCount() < goal;) {
      if (performance.now() - from > 60_000) throw new Error('the load makes no progress');
      await delay(20);
    }
  }
  await load.finish();
  return finishRound(stage, { seed: loadSeed, historyPath });
}
