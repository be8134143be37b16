// Commands that wait for their writer, and the callers behind them.
import type { Command } from '@scrip/kernel';
import { EngineError } from './engine-error.ts';
import {
  batchCommandCountMax,
  batchEntryCountMax,
  queueFullRetryAfterMs,
  queueLengthMax,
} from './limits.ts';
import type { Outcome } from './outcome.ts';

/** A command and the caller who waits for its outcome. Only the first answer counts. */
export interface Waiting {
  readonly command: Command;
  answer(outcome: Outcome): void;
  fail(error: Error): void;
  /** Whether the caller has been answered, or has given up. */
  isGone(): boolean;
}

/** First in, first out, bounded. */
export interface WaitingQueue {
  /** Rejects at once when the queue is full or the signal is aborted. */
  add(command: Command, signal?: AbortSignal): Promise<Outcome>;
  /** The next batch, without those whose callers have gone; empty when nothing waits. */
  take(): readonly Waiting[];
}

/** Makes an empty queue. */
export function createWaitingQueue(): WaitingQueue {
  let items: Waiting[] = [];
  return {
    add: (command, signal) =>
      new Promise((resolve, reject) => {
        if (items.length >= queueLengthMax) {
          reject(new EngineError('queue_full', { retryAfterMs: queueFullRetryAfterMs }));
          return;
        }
        items.push(createWaiting(command, { resolve, reject, signal }));
      }),
    take: () => {
      const live = items.filter((waiting) => !waiting.isGone());
      const count = batchLength(live);
      items = live.slice(count);
      return live.slice(0, count);
    },
  };
}

interface Caller {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal | undefined;
}

function createWaiting(command: Command, { resolve, reject, signal }: Caller): Waiting {
  let gone = false;
  const leave = (): void => {
    gone = true;
    signal?.removeEventListener('abort', giveUp);
  };
  const giveUp = (): void => {
    leave();
    reject(signal?.reason instanceof Error ? signal.reason : new Error('The caller gave up.'));
  };
  if (signal?.aborted === true) giveUp();
  else signal?.addEventListener('abort', giveUp, { once: true });
  return {
    command,
    answer: (outcome) => {
      leave();
      resolve(outcome);
    },
    fail: (error) => {
      leave();
      reject(error);
    },
    isGone: () => gone,
  };
}

function batchLength(items: readonly Waiting[]): number {
  let entryCount = 0;
  for (const [index, { command }] of items.entries()) {
    entryCount += command.kind === 'post_transaction' ? command.entries.length : 1;
    // The first command is always taken; it has fewer entries than a batch may have.
    if (index === batchCommandCountMax || entryCount > batchEntryCountMax) return index;
  }
  return items.length;
}
