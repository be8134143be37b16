// The writer of one book: a bounded queue, and one unit of work under way. No timer: when the
// writer is free it takes what waits.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createBookCache } from './book-cache.ts';
import { EngineError } from './engine-error.ts';
import { flush, type Doubt, type FlushContext, type GroupOutcomes } from './flush.ts';
import * as limits from './limits.ts';
import type { BatchOutcome } from './outcome.ts';
import { JournalError } from './port/journal.ts';
import { createWaitingQueue, type CommandGroup, type Waiting } from './waiting-queue.ts';

/** Decides the commands of one book, in the order of their arrival. */
export interface BookWriter {
  /** As `Engine.submitBatch`. */
  submit(group: CommandGroup, signal?: AbortSignal): Promise<readonly BatchOutcome[]>;
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>;
}

/** Makes the writer of one book, with an empty cache. */
export function createBookWriter(options: Omit<FlushContext, 'cache'>): BookWriter {
  const context = { ...options, cache: createBookCache(limits.cachedAccountCountMax) };
  const queue = createWaitingQueue();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    // Commands that arrive in this turn of the event loop join the first batch.
    await setImmediate();
    for (let batch = queue.take(); batch.length > 0; batch = queue.take()) {
      await settle(context, batch);
    }
    running = undefined;
  };
  return {
    submit: (group, signal) => {
      const outcomes = queue.add(group, signal);
      running ??= run();
      return outcomes;
    },
    drain: async () => {
      await running;
    },
  };
}

/** Tries a batch until every caller in it is answered. Never rejects. */
async function settle(context: FlushContext, batch: readonly Waiting[]): Promise<void> {
  let doubt: Doubt | undefined;
  for (let attempt = 1; ; attempt++) {
    const result = await flush(context, batch, doubt);
    if (result.kind === 'committed') {
      answerAll(batch, result.outcomes);
      return;
    }
    doubt = result.doubt;
    if (doubt === undefined) {
      if (isOfContent(result.error)) return settleHalves(context, batch, result.error);
      if (attempt >= limits.flushAttemptCountMax) return rejectAll(batch, result.error);
    }
    // In doubt nobody may be told that it failed: the tries go on while anyone still waits.
    if (batch.every((waiting) => waiting.isGone())) return;
    await setTimeout(retryDelayMs(attempt));
  }
}

function answerAll(batch: readonly Waiting[], outcomes: GroupOutcomes): void {
  for (const [index, waiting] of batch.entries()) waiting.answer(outcomes[index] ?? []);
}

/** One command spoils the batch: the halves are tried apart until it is found. */
async function settleHalves(
  context: FlushContext,
  batch: readonly Waiting[],
  error: unknown,
): Promise<void> {
  if (batch.length === 1) return rejectAll(batch, error);
  const middle = Math.ceil(batch.length / 2);
  await settle(context, batch.slice(0, middle));
  await settle(context, batch.slice(middle));
}

function rejectAll(batch: readonly Waiting[], error: unknown): void {
  const engineError = new EngineError(errorKind(error), { cause: error });
  for (const waiting of batch) waiting.fail(engineError);
}

/** Whether trying the same again is no use: refused by the database for what it is, or a bug. */
function isOfContent(error: unknown): boolean {
  return !(error instanceof JournalError) || error.fault === 'content';
}

function errorKind(error: unknown): EngineError['kind'] {
  if (isOfContent(error)) return 'failed';
  return error instanceof JournalError && error.fault === 'unavailable' ? 'unavailable' : 'aborted';
}

function retryDelayMs(attempt: number): number {
  return Math.min(limits.retryDelayMsMin * 2 ** (attempt - 1), limits.retryDelayMsMax);
}
