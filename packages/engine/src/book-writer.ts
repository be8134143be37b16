// The writer of one book: a bounded queue, and one unit of work under way. No batch waits for a
// timer: a writer that is free takes what waits, and answers the batch before while it is written.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createBookCache } from './book-cache.ts';
import { EngineError } from './engine-error.ts';
import type { Doubt } from './decide-in-unit.ts';
import { createExpectation, type Clock } from './expectation.ts';
import type { FlushContext, FlushResult } from './flush.ts';
import { createHeldAnswers, type HeldAnswers } from './held-answers.ts';
import * as limits from './limits.ts';
import { observeFlush } from './observe-flush.ts';
import type { BatchOutcome } from './outcome.ts';
import type { FeedSink } from './port/feed-sink.ts';
import { isPassing } from './port/journal.ts';
import type { EngineObserver } from './port/observer.ts';
import {
  createWaitingQueue,
  type CommandGroup,
  type LeaveSignal,
  type Waiting,
  type WaitingQueue,
} from './waiting-queue.ts';

/** Decides the commands of one book, in the order of their arrival. */
export interface BookWriter {
  /** As `Engine.submitBatch`. */
  submit(group: CommandGroup, signal?: LeaveSignal): Promise<readonly BatchOutcome[]>;
  /** Commands that no flush has taken yet. */
  waitingCount(): number;
  /** Whether nothing waits and nothing is under way: only a cache would be lost with it. */
  isIdle(): boolean;
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>;
}

/** What a writer works with, but for what is its own. */
export type BookWriterOptions = Omit<
  WriterContext,
  'cache' | 'expectation' | 'answers' | 'onLock' | 'onWrite'
> & {
  readonly clock?: Clock;
};

type WriterContext = FlushContext & {
  readonly answers: HeldAnswers;
  readonly observer?: EngineObserver;
  readonly feed?: FeedSink;
};

const cacheBounds = {
  accountCountMax: limits.cachedAccountCountMax,
  termCountMax: limits.cachedTermCountMax,
};

/** Makes the writer of one book, with an empty cache. */
export function createBookWriter(options: BookWriterOptions): BookWriter {
  const answers = createHeldAnswers();
  const cache = createBookCache(cacheBounds);
  const onLock = (): void => answers.giveFirstSoon();
  const onWrite = (): void => answers.giveSoon();
  const expectation = createExpectation(options.clock);
  const context = { ...options, cache, expectation, answers, onLock, onWrite };
  const queue = createWaitingQueue();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    // Commands that arrive in this turn of the event loop join the first batch.
    await setImmediate();
    for (let batch = takeHalf(queue, answers); batch.length > 0; batch = takeHalf(queue, answers)) {
      await settle(context, batch);
      await gather(queue, answers);
    }
    answers.give();
    running = undefined;
  };
  return {
    submit: (group, signal) => {
      const outcomes = queue.add(group, signal);
      running ??= run();
      return outcomes;
    },
    waitingCount: () => queue.commandCount(),
    isIdle: () => running === undefined,
    drain: async () => {
      await running;
    },
  };
}

/**
 * Takes half of the commands at hand, if they are many: so that of those who call again and again
 * half are written while the other half is answered and asks anew.
 */
function takeHalf(queue: WaitingQueue, answers: HeldAnswers): readonly Waiting[] {
  const half = Math.ceil((queue.commandCount() + answers.commandCount()) / 2);
  return queue.take(Math.max(half, limits.largeBatchCommandCount));
}

/** Lets those who were answered beside the last write ask again, so that flushes stay large. */
async function gather(queue: WaitingQueue, answers: HeldAnswers): Promise<void> {
  for (let turn = 0; turn < limits.gatherTurnCountMax; turn++) {
    if (queue.commandCount() >= answers.commandCount()) return;
    await setImmediate();
  }
}

/** Tries a batch until its callers are answered, or their answers held. Never rejects. */
async function settle(context: WriterContext, taken: readonly Waiting[]): Promise<void> {
  let batch = taken;
  let doubt: Doubt | undefined;
  let triedCount = batch.length;
  for (let attempt = 1; batch.length > 0; attempt++) {
    const tried = batch.slice(0, triedCount);
    const result = await observeFlush(context, tried, { attempt, doubt });
    context.answers.give();
    if (result.kind === 'committed') {
      const decided = batch.slice(0, result.outcomes.length);
      context.answers.hold({
        commandCount: commandCountOf(decided),
        callerCount: decided.length,
        answer: (index) => decided[index]?.answer(result.outcomes[index] ?? []),
        tellFeed: () => tellFeed(context, result.written),
      });
    } else if (result.kind === 'booked_ahead') {
      tellFeed(context, result.written);
    }
    if (result.kind !== 'failed') {
      // Of the rest nothing was decided yet: who has gone meanwhile is left out.
      const decidedCount = result.kind === 'committed' ? result.outcomes.length : 0;
      batch = batch.slice(decidedCount).filter((waiting) => !waiting.isGone());
      [attempt, doubt] = [0, undefined];
      continue;
    }
    doubt = result.doubt;
    // It may have been too much: more than can be loaded while the database waits, for one.
    triedCount = Math.max(limits.largeBatchCommandCount, Math.ceil(tried.length / 4));
    if (doubt === undefined) {
      if (!isPassing(result.error)) return settleHalves(context, batch, result.error);
      if (attempt >= limits.flushAttemptCountMax) return rejectAll(batch, result.error);
    }
    await setTimeout(retryDelayMs(attempt));
    // In doubt nobody may be told that it failed: the tries go on while anyone still waits.
    if (batch.every((waiting) => waiting.isGone())) {
      if (doubt !== undefined) context.feed?.nudge(context.book);
      return;
    }
  }
}

function commandCountOf(batch: readonly Waiting[]): number {
  return batch.reduce((sum, { commands }) => sum + commands.length, 0);
}

/** What an earlier try wrote is known by its seal alone: the feed reads it. */
function tellFeed({ feed, book }: WriterContext, written: Written): void {
  if (written === 'by_earlier_try') feed?.nudge(book);
  else if (written !== undefined) feed?.publish(book, written);
}

type Written = Exclude<FlushResult, { readonly kind: 'failed' }>['written'];

/** One command spoils the batch: the halves are tried apart until it is found. */
async function settleHalves(
  context: WriterContext,
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

function errorKind(error: unknown): EngineError['kind'] {
  if (!isPassing(error)) return 'failed';
  return error.fault === 'unavailable' ? 'unavailable' : 'aborted';
}

function retryDelayMs(attempt: number): number {
  return Math.min(limits.retryDelayMsMin * 2 ** (attempt - 1), limits.retryDelayMsMax);
}
