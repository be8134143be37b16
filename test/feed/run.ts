// One run of the checker: writers and watchers at work, servers lost, and the judgement.
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type Random } from '../faults/load/random.ts';
import { judgeRun } from './judge/judge-run.ts';
import { settle } from './judge/settle.ts';
import { truthOf } from './judge/truth.ts';
import type { Violation } from './judge/violation.ts';
import type { BalanceRecord, WatchRecord } from './record/watch.ts';
import type { Stage } from './stage.ts';
import { startWatchers, type Watchers } from './watchers/start-watchers.ts';
import { openWires, type Wires } from './wire/protocols.ts';
import { creditAll } from './writers/acts.ts';
import { startWriters } from './writers/run-writers.ts';
import { createWorld, fillWorld, type World } from './writers/world.ts';

export type RunOptions = {
  readonly stage: Stage;
  readonly seed: number;
  readonly durationMs: number;
  /** It goes on until so many events are there: on a slow machine five times as long, no more. */
  readonly eventCountMin: number;
  readonly writerCount: number;
  readonly watcherCount: number;
  readonly balanceWatcherCount: number;
  readonly shareOfTokens: number;
  /** The shortest life of a token. */
  readonly tokenSecondsMin: number;
  /** Positions that are resumed from in the end. */
  readonly resumeCount: number;
  /** Whether servers are killed and restarted meanwhile. */
  readonly losesServers: boolean;
  /** How long watchers may take in the end until they have everything. */
  readonly settleMsMax: number;
  readonly say: (line: string) => void;
};

export type RunReport = {
  readonly violations: readonly Violation[];
  readonly eventCount: number;
  readonly deliveryCount: number;
  readonly attemptCount: number;
  readonly toldPositionCount: number;
};

/** A run of the checker: the seed repeats what is chosen, not how processes are scheduled. */
export async function runFeed(options: RunOptions): Promise<RunReport> {
  const { stage, seed, writerCount, say } = options;
  say(`seed ${seed}`);
  const random = createRandom(seed);
  const world = createWorld();
  const [ledger] = stage.ledgers;
  if (ledger === undefined) throw new Error('A stage has a server at least.');
  await fillWorld(world, ledger);
  const wires = openWires(stage.gatewayOf);
  const scene = { ...options, world, random, wires };
  const watchers = startWatchers(scene);
  try {
    const ledgers = stage.ledgers;
    const stopWriters = startWriters({ world, ledgers, writerCount, random, pauseMs: 25 });
    await live(options, world);
    say(`${world.headSequence} events acknowledged; the writers stop`);
    await stopWriters();
    return await conclude(scene, watchers);
  } finally {
    await watchers.stop();
    wires.close();
  }
}

type Scene = RunOptions & { readonly world: World; readonly random: Random; readonly wires: Wires };

/** The time of the run, in which the first server is killed, later stopped, and comes back. */
async function live(options: RunOptions, world: World): Promise<void> {
  const { durationMs, eventCountMin } = options;
  const startedAt = performance.now();
  const isOver = (): boolean => performance.now() - startedAt > 5 * durationMs;
  await (options.losesServers ? loseServers(options) : delay(durationMs));
  while (world.headSequence < eventCountMin && !isOver()) await delay(100);
}

async function loseServers({ stage, durationMs, say }: RunOptions): Promise<void> {
  const [first] = stage.servers;
  if (first === undefined) throw new Error('A stage has a server at least.');
  await delay(durationMs * 0.4);
  say('the first server is killed');
  await first.kill('SIGKILL');
  await first.restart();
  say('the first server is back');
  await delay(durationMs * 0.3);
  await first.kill('SIGTERM');
  await first.restart();
  say('the first server was restarted');
  await delay(durationMs * 0.3);
}

async function conclude(scene: Scene, watchers: Watchers): Promise<RunReport> {
  const { stage, world, say } = scene;
  const [ledger] = stage.ledgers;
  if (ledger === undefined) throw new Error('A stage has a server at least.');
  watchers.settle();
  // Written on one server, while nobody comes to the other one who would make it look.
  await delay(1_000);
  await creditAll(world, ledger);
  const truth = truthOf(await stage.readStored());
  say(`${truth.events.length} events stored; ${await settle(truth, watchers, scene.settleMsMax)}`);
  await watchers.stop();
  const history = watchers.history.map(({ record }) => record);
  const balances = watchers.balances.map(({ record }) => record);
  const violations = await judgeRun(truth, { ...scene, history, balances });
  return { violations, eventCount: truth.events.length, ...countsOf(history, balances) };
}

function countsOf(history: readonly WatchRecord[], balances: readonly BalanceRecord[]) {
  const attempts = history.flatMap((record) => record.attempts);
  const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);
  return {
    deliveryCount: sum(attempts.map(({ digests }) => digests.length)),
    attemptCount: attempts.length + sum(balances.map((record) => record.attempts.length)),
    toldPositionCount: sum(attempts.map(({ told }) => told.length)),
  };
}
