// Commands that wait for their writer, and the callers behind them.
import type { Command } from '@scrip/kernel';
import { EngineError } from './engine-error.ts';
import {
  batchCommandCountMax,
  batchEntryCountMax,
  queueFullRetryAfterMs,
  queueLengthMax,
  openEntryCount,
} from './limits.ts';
import type { BatchMode, BatchOutcome } from './outcome.ts';

/** The commands of one call: one, or a batch that is decided in one unit of work. */
export interface CommandGroup {
  readonly commands: readonly Command[];
  readonly mode: BatchMode;
}

/** A group and the caller who waits for its outcomes. Only the first answer counts. */
export interface Waiting extends CommandGroup {
  answer(outcomes: readonly BatchOutcome[]): void;
  fail(error: Error): void;
  /** Whether the caller has been answered, or has given up. */
  isGone(): boolean;
}

/** Tells whether a caller still waits, as an `AbortSignal` does. It is asked, not listened to. */
export interface LeaveSignal {
  readonly aborted: boolean;
  /** What is told to a caller who has gone. */
  readonly reason: unknown;
}

/** First in, first out, bounded. */
export interface WaitingQueue {
  /** Rejects at once when the queue is full or the caller has gone. */
  add(group: CommandGroup, signal?: LeaveSignal): Promise<readonly BatchOutcome[]>;
  /**
   * What the next flush takes, without those whose callers have gone; empty when nothing waits. It
   * takes no further group once it has `enough` commands.
   */
  take(enough?: number): readonly Waiting[];
  /** Commands in it; those whose callers have gone count until the next flush. */
  commandCount(): number;
}

/** Makes an empty queue. */
export function createWaitingQueue(): WaitingQueue {
  let items: Waiting[] = [];
  let commandCount = 0;
  return {
    add: (group, signal) =>
      new Promise((resolve, reject) => {
        if (commandCount + group.commands.length > queueLengthMax) {
          reject(new EngineError('queue_full', { retryAfterMs: queueFullRetryAfterMs }));
          return;
        }
        const waiting = new Queued(group, { resolve, reject, signal });
        if (waiting.isGone()) return;
        items.push(waiting);
        commandCount += group.commands.length;
      }),
    take: (enough = batchCommandCountMax) => {
      const live = items.filter((waiting) => !waiting.isGone());
      const count = takenCount(live, enough);
      items = live.slice(count);
      commandCount = items.reduce((sum, waiting) => sum + waiting.commands.length, 0);
      return live.slice(0, count);
    },
    commandCount: () => commandCount,
  };
}

interface Caller {
  readonly resolve: (outcomes: readonly BatchOutcome[]) => void;
  readonly reject: (error: Error) => void;
  readonly signal: LeaveSignal | undefined;
}

class Queued implements Waiting {
  readonly commands: readonly Command[];
  readonly mode: BatchMode;
  readonly #caller: Caller;
  #hasLeft = false;

  constructor({ commands, mode }: CommandGroup, caller: Caller) {
    this.commands = commands;
    this.mode = mode;
    this.#caller = caller;
  }

  answer(outcomes: readonly BatchOutcome[]): void {
    if (this.isGone()) return;
    this.#hasLeft = true;
    this.#caller.resolve(outcomes);
  }

  fail(error: Error): void {
    if (this.isGone()) return;
    this.#hasLeft = true;
    this.#caller.reject(error);
  }

  isGone(): boolean {
    const { signal, reject } = this.#caller;
    if (!this.#hasLeft && signal?.aborted === true) {
      this.#hasLeft = true;
      reject(signal.reason instanceof Error ? signal.reason : new Error('The caller gave up.'));
    }
    return this.#hasLeft;
  }
}

/** How many groups fit into one flush; the first is always taken. */
function takenCount(items: readonly Waiting[], enough: number): number {
  let commandCount = 0;
  let entryCount = 0;
  for (const [index, { commands }] of items.entries()) {
    if (commandCount >= enough) return index;
    commandCount += commands.length;
    entryCount += commands.reduce((sum, command) => sum + entryCountOf(command), 0);
    const full = commandCount > batchCommandCountMax || entryCount > batchEntryCountMax;
    if (full && index > 0) return index;
    // All events of a batch have one instant: what comes after a new time is another batch.
    if (commands.some(({ kind }) => kind === 'advance_clock')) return index + 1;
  }
  return items.length;
}

function entryCountOf(command: Command): number {
  if (command.kind === 'post_transaction') return command.entries.length;
  // How much it comes to is not known yet: mostly one entry, but a hundred may be.
  return openKinds.has(command.kind) ? openEntryCount : 1;
}

const openKinds: ReadonlySet<Command['kind']> = new Set<Command['kind']>([
  'reverse_transaction',
  'book_due_moves',
  'book_membership_periods',
  'issue_missing_credits',
]);
