// One round: load and faults on a stage, then the final read and the checker.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory, type Report } from '../checker/check.ts';
import { openHistory } from '../history/recorder.ts';
import { createRandom, type Random } from '../load/random.ts';
import { startLoad, type Load } from '../load/run-load.ts';
import { faults, type FaultKind } from './faults.ts';
import type { Stage } from './stage.ts';
import type { Tally } from './tally.ts';
import { verifyBooks, type Verification } from './verify.ts';

export type RoundOptions = {
  readonly seed: number;
  readonly clientCount: number;
  readonly counts: Readonly<Partial<Record<FaultKind, number>>>;
  /** The faults are spread over so many operations. */
  readonly operationCountMin: number;
  readonly folder: string;
  readonly tally: Tally;
  readonly say: (line: string) => void;
};

export type RoundReport = Report & {
  readonly seed: number;
  readonly historyPath: string;
  readonly verification: Verification;
};

const recoveryMsMax = 60_000;
/** Answers that show that the book takes writes again. */
const progressCount = 50;
/** The share of the time that is left without faults. */
const quietShare = 0.25;
const pollMs = 20;

/** Runs one round and checks it. Throws when the book does not recover from a fault. */
export async function runRound(stage: Stage, options: RoundOptions): Promise<RoundReport> {
  const { seed, clientCount, folder, say, operationCountMin } = options;
  const historyPath = join(folder, `history-${seed}`);
  const urls = stage.servers.map(({ ledgerUrl }) => ledgerUrl);
  const { apiKey } = stage;
  const load = await startLoad({ urls, apiKey, seed, clientCount, historyPath });
  const random = createRandom(seed);
  const lanes = [
    plan(options.counts, random, (kind) => kind !== 'connection cut at COMMIT'),
    plan(options.counts, random, (kind) => kind === 'connection cut at COMMIT'),
  ];
  await Promise.all(lanes.map((lane) => runLane({ lane, stage, load, random, options })));
  while (load.operationCount() < operationCountMin) await delay(pollMs);
  say(`${load.operationCount()} operations; reading back`);
  await load.finish();
  return finishRound(stage, { seed, historyPath });
}

/** Checks the history of a round, and has the ledger verify its books itself. */
export async function finishRound(
  stage: Pick<Stage, 'env'>,
  { seed, historyPath }: Pick<RoundReport, 'seed' | 'historyPath'>,
): Promise<RoundReport> {
  const report = await checkHistory(await openHistory(historyPath));
  const verification = await verifyBooks(stage.env);
  return { ...report, seed, historyPath, verification };
}

/** The faults of a lane in a random order. */
function plan(
  counts: RoundOptions['counts'],
  random: Random,
  isOfLane: (kind: FaultKind) => boolean,
): readonly FaultKind[] {
  const kinds = (Object.entries(counts) as [FaultKind, number][]).filter(([kind]) =>
    isOfLane(kind),
  );
  return kinds
    .flatMap(([kind, count]) => Array.from({ length: count }, () => ({ kind, at: random.next() })))
    .toSorted((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
}

type Lane = {
  readonly lane: readonly FaultKind[];
  readonly stage: Stage;
  readonly load: Load;
  readonly random: Random;
  readonly options: RoundOptions;
};

async function runLane({ lane, stage, load, random, options }: Lane): Promise<void> {
  for (const [index, kind] of lane.entries()) {
    const startedAt = performance.now();
    const [inFlight, unknownBefore] = [load.inFlightCount(), load.unknownCount()];
    await faults[kind](stage, random);
    const recoveryMs = await recover(load, kind);
    const unknown = load.unknownCount() - unknownBefore;
    options.tally.note({ fault: kind, inFlight, unknown, recoveryMsMax: recoveryMs });
    if (index % 10 === 9) options.say(`${index + 1} of ${lane.length} faults, last: ${kind}`);
    await delay((performance.now() - startedAt) * quietShare * 2 * random.next());
    // The faults are spread over the whole load: the book is never long without one.
    const due = ((index + 1) / lane.length) * options.operationCountMin;
    while (load.operationCount() < due) await delay(pollMs);
  }
}

/** Waits until writes are answered again; gives how long that took. */
export async function recover(load: Load, kind: string): Promise<number> {
  const from = performance.now();
  const goal = load.acceptedCount() + progressCount;
  while (load.acceptedCount() < goal) {
    const passed = performance.now() - from;
    if (passed > recoveryMsMax) throw new Error(`no progress within ${passed} ms after: ${kind}`);
    await delay(pollMs);
  }
  return performance.now() - from;
}
