// A campaign: rounds of faults until the counts are reached or the time is over, and their sum.
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportLines } from './checker/print-report.ts';
import { mountSmallDisk, runFullDisk } from './injection/full-disk.ts';
import { faultKinds, type FaultKind } from './injection/faults.ts';
import { runRound, type RoundReport } from './injection/round.ts';
import { openStage } from './injection/stage.ts';
import { createTally, tallyLines } from './injection/tally.ts';
import { verificationLine } from './injection/verify.ts';

export type CampaignOptions = {
  readonly seed: number;
  readonly clientCount: number;
  /** Servers on the one book. */
  readonly serverCount: number;
  /** Rounds go on until this much time is over; one round in any case. */
  readonly durationMs: number;
  /** The faults of one round. */
  readonly counts: Readonly<Record<FaultKind, number>>;
  /** Operations of one round. */
  readonly operationCount: number;
  readonly say: (line: string) => void;
};

export type Campaign = {
  readonly rounds: readonly RoundReport[];
  readonly operationCount: number;
  readonly unknownCount: number;
  readonly violationCount: number;
  /** Why the full disk was left out, if it was. */
  readonly skipped: string | undefined;
  /** The table of faults, and the sums. */
  readonly lines: readonly string[];
};

/** What issue and documentation promise for each change: about six minutes. */
const defaultCounts: Readonly<Record<FaultKind, number>> = {
  'server killed': 30,
  'PostgreSQL backend killed': 5,
  'PostgreSQL killed': 5,
  'connection cut at COMMIT': 100,
  'server paused': 14,
  'PostgreSQL backend paused': 6,
};

/** The same faults in a smaller or larger number, at least one of each. */
export function scaleCounts(factor: number): Readonly<Record<FaultKind, number>> {
  const entries = faultKinds.map(
    (kind) => [kind, Math.max(1, Math.round(defaultCounts[kind] * factor))] as const,
  );
  return Object.fromEntries(entries) as Record<FaultKind, number>;
}

/** Runs the campaign. Histories with violations are kept, the others removed. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { seed, clientCount, serverCount, counts, operationCount, durationMs, say } = options;
  const folder = mkdtempSync(join(tmpdir(), 'scrip-histories-'));
  const tally = createTally();
  const rounds: RoundReport[] = [];
  const endMs = performance.now() + durationMs;
  const note = (report: RoundReport): void => {
    rounds.push(report);
    const verified = verificationLine(report.verification);
    for (const line of [`seed ${report.seed}`, ...reportLines(report), verified]) say(line);
    if (report.violationCount === 0) rmSync(report.historyPath);
    else say(`the history is kept in ${report.historyPath}`);
  };
  const common = { clientCount, folder, tally, say };
  const disk = mountSmallDisk();
  try {
    if (disk !== undefined) note(await runFullDisk(disk, { ...common, seed: seed + 1_000_000 }));
  } finally {
    disk?.unmount();
  }
  const stage = await openStage({ serverCount });
  try {
    do {
      const round = { ...common, seed: seed + rounds.length, counts };
      note(await runRound(stage, { ...round, operationCountMin: operationCount }));
    } while (performance.now() < endMs);
  } finally {
    await stage.close();
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
  const skipped =
    disk === undefined ? 'full disk: left out, a small file system takes root' : undefined;
  const sums = sumUp(rounds);
  const shared = `${serverCount} servers on one book throughout`;
  const checked = `${rounds.length} histories checked`;
  const lines = [
    ...tallyLines(tally),
    shared,
    checked,
    ...(skipped === undefined ? [] : [skipped]),
  ];
  const failed = `${sums.failedCount} told that nothing was written or never sent`;
  const unknown = `${sums.unknownCount} of unknown outcome`;
  const sum = `${sums.operationCount} operations, ${unknown}, ${failed}`;
  const last = `${sum}, ${sums.violationCount} violations`;
  return { rounds, ...sums, skipped, lines: [...lines, last] };
}

function sumUp(rounds: readonly RoundReport[]) {
  const sum = (pick: (report: RoundReport) => number): number =>
    rounds.reduce((total, report) => total + pick(report), 0);
  return {
    operationCount: sum(({ operations }) => operations),
    unknownCount: sum(({ unknown }) => unknown),
    failedCount: sum(({ failed }) => failed),
    violationCount: sum(
      ({ violationCount, verification }) =>
        violationCount + (verification.kind === 'failed' ? 1 : 0),
    ),
  };
}
