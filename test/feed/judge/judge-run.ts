// Judges a whole run: every record, sampled positions, and the history itself read in three ways.
import type { Random } from '../../faults/load/random.ts';
import type { BalanceRecord, Watch, WatchRecord } from '../record/watch.ts';
import type { Stage } from '../stage.ts';
import { protocols, type Wires } from '../wire/protocols.ts';
import type { World } from '../writers/world.ts';
import { expectedOf } from './filter.ts';
import { judgeBalances } from './judge-balances.ts';
import { judgeHistory } from './judge-history.ts';
import { judgeSnapshots, judgeTransactions } from './judge-lists.ts';
import { judgeResume, samplePositions, type Told } from './resumes.ts';
import { timesOf } from './times.ts';
import type { Truth } from './truth.ts';
import type { Violation } from './violation.ts';

export type Run = {
  readonly stage: Stage;
  readonly world: World;
  readonly wires: Wires;
  readonly random: Random;
  readonly resumeCount: number;
  readonly history: readonly WatchRecord[];
  readonly balances: readonly BalanceRecord[];
};

const inParallelMax = 8;

export async function judgeRun(truth: Truth, run: Run): Promise<readonly Violation[]> {
  const { stage, world, random, resumeCount, history, balances } = run;
  const times = timesOf(world.acknowledged);
  const judgements = history.map((record) => ({ record, ...judgeHistory(truth, record, times) }));
  const all = judgements.flatMap(({ record: { name, watch }, judged }) =>
    judged.map((one) => ({ name, watch, judged: one })),
  );
  const sampled = samplePositions(all, { count: resumeCount, random });
  const [ledger] = stage.ledgers;
  if (ledger === undefined) throw new Error('A stage has a server at least.');
  return [
    ...judgements.flatMap(({ violations }) => violations),
    ...balances.flatMap((record) => judgeBalances(truth, record, times)),
    ...(await judgeResumes([wholeHistory(truth), ...sampled], { ...run, truth })),
    ...(await judgeTransactions(truth, ledger)),
    ...(await judgeSnapshots(balances, ledger)),
  ];
}

/** The history as a fresh stream from the beginning tells it. */
function wholeHistory(truth: Truth): Told {
  const watch: Watch = {
    scope: { kind: 'book' },
    kinds: [],
    start: { kind: 'beginning' },
    caller: { kind: 'key' },
  };
  const expected = expectedOf(truth, watch);
  const attempt = {
    openedAtMs: 0,
    told: [],
    sequences: [],
    digests: [],
    end: { kind: 'left' } as const,
  };
  const judged = { attempt, expected, places: [0] };
  return { watcher: 'the whole history', watch, judged, position: undefined, place: 0 };
}

async function judgeResumes(
  positions: readonly Told[],
  { stage, wires, random, truth }: Run & { readonly truth: Truth },
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const rest = positions.values();
  const head = truth.events.length;
  const work = async (): Promise<void> => {
    for (const told of rest) {
      if (Number(told.position?.sequence ?? 0) > head) continue;
      // The client tells no `caught_up`.
      const protocol = random.pick(protocols.filter((name) => name !== '@scrip/client'));
      const { caller } = told.watch;
      const headers = caller.kind === 'key' ? stage.keyHeaders : await stage.mint(caller.scope, 60);
      const streams = wires.history[protocol ?? 'Connect'];
      const url = random.pick(stage.urls) ?? '';
      violations.push(...(await judgeResume(told, { streams, url, headers })));
    }
  };
  await Promise.all(Array.from({ length: inParallelMax }, work));
  return violations;
}
