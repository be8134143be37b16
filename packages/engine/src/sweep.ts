// The sweeper: books what time did to accounts that nobody touched. What it books is decided under
// the lock like any other command, so that any number of sweepers book each thing once.
import { setTimeout } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { sweptAccountCountMax, sweepPauseMs } from './limits.ts';
import type { DueAccounts, DueSource } from './port/due-source.ts';

/** What a sweeper works with. */
export interface SweeperOptions {
  readonly source: DueSource;
  readonly engine: Pick<Engine, 'submitBatch'>;
  /** Hears of a round that failed; the next one tries again. */
  readonly onFailure: (error: unknown) => void;
  /** The pause between two looks when nothing is due, in milliseconds. Default 1,000. */
  readonly pauseMs?: number;
}

/** A sweeper that runs. */
export interface Sweeper {
  /** Ends after the round under way. */
  stop(): Promise<void>;
}

/** Starts to sweep. A long stop before leaves much that is due: it goes on without a pause then. */
export function startSweeper(options: SweeperOptions): Sweeper {
  const stopping = new AbortController();
  const running = sweepUntil(stopping.signal, options);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function sweepUntil(signal: AbortSignal, options: SweeperOptions): Promise<void> {
  const { onFailure, pauseMs = sweepPauseMs } = options;
  while (!signal.aborted) {
    let isMore = false;
    try {
      isMore = await sweepOnce(options);
    } catch (error) {
      onFailure(error);
    }
    if (!isMore) await pause(pauseMs, signal);
  }
}

/** One round; says whether there may be more at once. */
async function sweepOnce({ source, engine }: SweeperOptions): Promise<boolean> {
  const due = await source.findDue(sweptAccountCountMax);
  const booked = await Promise.all(due.map((accounts) => bookDue(engine, accounts)));
  const accountCount = due.reduce((sum, { accountIds }) => sum + accountIds.length, 0);
  // Without progress a full round would only be found again.
  return accountCount >= sweptAccountCountMax && booked.some((count) => count > 0);
}

async function bookDue(
  engine: SweeperOptions['engine'],
  { book, accountIds }: DueAccounts,
): Promise<number> {
  const commands = accountIds.map((id) => {
    return { kind: 'book_due_moves', account: { kind: 'id', id } } as const;
  });
  const outcomes = await engine.submitBatch(book, { commands, mode: 'independent' });
  return outcomes.filter(({ kind }) => kind === 'accepted').length;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    // Aborted: the loop sees it.
  }
}
