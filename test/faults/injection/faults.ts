// The faults, each as one act that is over when the fault is.
import { setTimeout as delay } from 'node:timers/promises';
import type { ScripProcess } from '@scrip/testkit';
import type { Random } from '../load/random.ts';
import { cutPlaces } from './commit-cutter.ts';
import type { Stage } from './stage.ts';

export const faultKinds = [
  'server killed',
  'PostgreSQL backend killed',
  'PostgreSQL killed',
  'connection cut at COMMIT',
  'server paused',
  'PostgreSQL backend paused',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  readonly kind: FaultKind;
  readonly inject: (stage: Stage, random: Random) => Promise<void>;
};

/** Longer than the server lets a unit of work lie idle, now and then. */
const pauseMsMin = 100;
const pauseMsMax = 3_000;
const cutMsMax = 20_000;
const startAttemptCountMax = 5;

export const faults: Readonly<Record<FaultKind, Fault['inject']>> = {
  'server killed': async ({ servers }, random) => {
    const server = random.pick(servers);
    await server?.kill('SIGKILL');
    if (server !== undefined) await restart(server);
  },
  'PostgreSQL backend killed': async ({ cluster }, random) => {
    const pid = random.pick(cluster.backendPids());
    if (pid === undefined) throw new Error('PostgreSQL serves no connection');
    process.kill(pid, 'SIGKILL');
    await delay(200);
  },
  'PostgreSQL killed': ({ cluster }) => cluster.killPostmaster(),
  'connection cut at COMMIT': async ({ cutter }, random) => {
    const place = random.pick(cutPlaces) ?? 'before';
    const late = delay(cutMsMax, 'late', { ref: false });
    const ended = await Promise.race([cutter.cutNext(place), late]);
    if (ended === 'late') throw new Error('no COMMIT came by to be cut');
  },
  'server paused': async ({ servers }, random) => {
    const server = random.pick(servers);
    if (server !== undefined) await pause(server.pid(), random);
  },
  'PostgreSQL backend paused': async ({ cluster }, random) => {
    const pid = random.pick(cluster.backendPids());
    if (pid !== undefined) await pause(pid, random);
  },
};

/** As a supervisor would: a start that another fault has hit is tried again. */
export async function restart(server: ScripProcess): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      await server.restart();
      return;
    } catch (error) {
      if (count === startAttemptCountMax) throw error;
    }
  }
}

async function pause(pid: number, random: Random): Promise<void> {
  const isLong = random.chance(0.25);
  const pauseMs = isLong ? pauseMsMax : pauseMsMin + random.below(900);
  process.kill(pid, 'SIGSTOP');
  try {
    await delay(pauseMs);
  } finally {
    resume(pid);
  }
}

/** PostgreSQL may have ended a paused process by its own timeouts. */
function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It is gone, which is an end of the pause as well.
  }
}
