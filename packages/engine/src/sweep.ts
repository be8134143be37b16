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
  /** Hears what kept a round, or a book in it, from being swept; the next round tries again. */
  readonly onFailure: (error: unknown) => void;
  /** The pause between two looks when nothing is due, in milliseconds. Default 1,000. */
  readonly pauseMs?: number;
}

/** A sweeper that runs. */
export interface Sweeper {
  /**
   * Ends it. What the engine has not taken yet is dropped, and found by the next sweeper; what it
   * has taken goes on, and the engine's `close` waits for it.
   */
  stop(): Promise<void>;
}

/**
 * Starts to sweep. A long stop before leaves much that is due: it goes on without a pause then. It
 * keeps no process alive by itself.
 */
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
  const { pauseMs = sweepPauseMs } = options;
  const onFailure = (error: unknown): void => {
    // What a stop cut off is no failure.
    if (!signal.aborted) options.onFailure(error);
  };
  while (!signal.aborted) {
    const isMore = await sweepOnce({ ...options, onFailure }, signal);
    if (!isMore) await pause(pauseMs, signal);
  }
}

/** One round; says whether there may be more at once. Never rejects. */
async function sweepOnce(
  { source, engine, onFailure }: SweeperOptions,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const due = await source.findDue(sweptAccountCountMax);
    signal.throwIfAborted();
    const booked = await Promise.all(
      due.map(async (accounts) => {
        try {
          return await bookDue(engine, accounts, signal);
        } catch (error) {
          // One book that fails keeps no other from being swept.
          onFailure(error);
          return 0;
        }
      }),
    );
    // There may be more accounts, and more on each. Without progress it would only be found again.
    return booked.some((count) => count > 0);
  } catch (error) {
    onFailure(error);
    return false;
  }
}

async function bookDue(
  engine: SweeperOptions['engine'],
  { book, accountIds }: DueAccounts,
  signal: AbortSignal,
): Promise<number> {
  const commands = accountIds.map((id) => {
    return { kind: 'book_due_moves', account: { kind: 'id', id } } as const;
  });
  const outcomes = await engine.submitBatch(book, { commands, mode: 'independent' }, signal);
  return outcomes.filter(({ kind }) => kind === 'accepted').length;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref: false });
  } catch {
    // Aborted: the loop sees it.
  }
}
