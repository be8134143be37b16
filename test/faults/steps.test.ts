// Faults at every single step of a flush, with three servers on one book and a clock that jumps.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recover, finishRound } from './injection/round.ts';
import * as stepFaults from './injection/step-faults.ts';
import { askDatabase, openStepStage, type StepStage } from './injection/step-stage.ts';
import { createTally, tallyLines } from './injection/tally.ts';
import { createRandom } from './load/random.ts';
import { startLoad } from './load/run-load.ts';

/** How often each fault is done at each step. */
const times = Number(process.env['SCRIP_FAULTS_TIMES'] ?? '2');
const seed = Number(process.env['SCRIP_FAULTS_SEED'] ?? Math.floor(performance.timeOrigin / 1_000));
const clientCount = 32;
const hourMs = 3_600_000;

const { moments, serverKilled, serverKilledAfterAnswer } = stepFaults;
const { backendKilled, backendEnded, connectionCut, serverPaused } = stepFaults;

let stage: StepStage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scrip-histories-'));
  stage = await openStepStage({ serverCount: 3 });
});

afterAll(async () => {
  await stage?.close();
});

/** What is done at a moment: everything, and a pause where the lock is held and not yet let go. */
function faultsAt(name: string): readonly stepFaults.StepFault[] {
  const isLast = name === 'COMMIT answered, not published';
  const isHeld = ['after the lock', 'after the write', 'before the COMMIT'].includes(name);
  return [
    serverKilled,
    ...(isLast ? [serverKilledAfterAnswer] : []),
    backendKilled,
    backendEnded,
    connectionCut,
    ...(isHeld ? [serverPaused] : []),
  ];
}

describe.runIf(process.platform === 'linux')('a flush', () => {
  it('keeps every promise when it is ended at any of its steps', async () => {
    const historyPath = join(folder, 'history-steps');
    const urls = stage.actors.map(({ server }) => server.ledgerUrl);
    const { apiKey } = stage;
    const random = createRandom(seed);
    const tally = createTally();
    console.log(`seed ${seed}`);
    const load = await startLoad({ urls, apiKey, seed, clientCount, historyPath });
    const plan = Object.entries(moments).flatMap(([name, moment]) =>
      faultsAt(name).flatMap((fault) =>
        Array.from({ length: times }, () => ({ name, moment, fault })),
      ),
    );
    for (const { name, moment, fault } of plan) {
      const actor = random.pick(stage.actors);
      if (actor === undefined) break;
      const [inFlight, unknownBefore] = [load.inFlightCount(), load.unknownCount()];
      await stepFaults.injectAt(actor, moment, fault);
      const recoveryMsMax = await recover(load, `${fault.kind} ${name}`);
      const unknown = load.unknownCount() - unknownBefore;
      tally.note({ fault: `${fault.kind} ${name}`, inFlight, unknown, recoveryMsMax });
    }
    await load.finish();
    const report = await finishRound(stage, { seed, historyPath });
    const { operations, unknown, violationCount } = report;
    const sum = `${operations} operations, ${unknown} of unknown outcome`;
    console.log([...tallyLines(tally), sum, `${violationCount} violations`].join('\n'));
    expect(report.violations).toEqual([]);
    expect(report.isReadBack).toBe(true);
    expect(report.verification).toEqual({ kind: 'passed' });
    rmSync(historyPath);
  });

  it('keeps instants from going back when the clock of its book does', async () => {
    const historyPath = join(folder, 'history-clock');
    const urls = stage.actors.map(({ server }) => server.ledgerUrl);
    const { apiKey } = stage;
    const load = await startLoad({ urls, apiKey, seed: seed + 1, clientCount, historyPath });
    for (const offsetMs of [hourMs, -hourMs, 5_000, -24 * hourMs, -500, 0]) {
      await askDatabase(stage, 'update book set clock_offset_ms = $1', [offsetMs]);
      const goal = load.acceptedCount() + 200;
      while (load.acceptedCount() < goal) await delay(20);
    }
    await load.finish();
    const report = await finishRound(stage, { seed, historyPath });
    expect(report.violations).toEqual([]);
    expect(report.verification).toEqual({ kind: 'passed' });
    rmSync(historyPath);
  });
});
