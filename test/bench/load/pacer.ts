// Wakes an open loop when calls are due. A timer of the event loop is late by up to a millisecond,
// as long as a call takes; so a thread of its own sleeps, to a tenth of that.
import { Worker } from 'node:worker_threads';
import type { PacerOptions } from './pacer-thread.ts';

export type Pacer = {
  /** Set at once: told of every call, in order, with the instant at which it is due. */
  readonly onDue: (begin: (dueMs: number) => void) => void;
  /** Resolves when all calls were told. */
  readonly ended: Promise<void>;
};

/** Instants are those of this thread's `performance.now()`. */
export function startPacer(options: Omit<PacerOptions, 'timeOrigin'>): Pacer {
  const { timeOrigin } = performance;
  const thread = new Worker(new URL('pacer-thread.ts', import.meta.url), {
    workerData: { ...options, timeOrigin } satisfies PacerOptions,
  });
  let begin: (dueMs: number) => void = () => undefined;
  thread.on('message', (due: readonly number[]) => {
    for (const dueMs of due) begin(dueMs);
  });
  const ended = new Promise<void>((resolve, reject) => {
    thread.once('error', reject).once('exit', () => resolve());
  });
  return {
    onDue: (told) => {
      begin = told;
    },
    ended,
  };
}
