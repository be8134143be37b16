// The thread of the pacer: sleeps until a call is due, tells it with all others that are, and ends
// with the load.
import { parentPort, workerData } from 'node:worker_threads';
import { createRandom } from './random.ts';
import { createSchedule } from './schedule.ts';

export type PacerOptions = {
  readonly callsPerSecond: number;
  readonly startedAt: number;
  readonly until: number;
  readonly seed: number;
  /** The thread's own clock began later. */
  readonly timeOrigin: number;
};

const { callsPerSecond, startedAt, until, seed, timeOrigin } = workerData as PacerOptions;
const now = (): number => performance.now() + performance.timeOrigin - timeOrigin;
const never = new Int32Array(new SharedArrayBuffer(4));
const nextDue = createSchedule(callsPerSecond, createRandom(seed + 1));

for (let due = startedAt + nextDue(); due < until;) {
  const waitMs = due - now();
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  const told: number[] = [];
  for (const at = now(); due <= at && due < until; due = startedAt + nextDue()) told.push(due);
  if (told.length > 0) parentPort?.postMessage(told);
}
