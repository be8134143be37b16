// The sweeper: books what time did to accounts and memberships that nobody touched. What it books
// is decided under the lock like any other command, so that any number of sweepers book each thing
// once.
import { setTimeout } from 'node:timers/promises';
import type { Command } from '@scrip/kernel';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import {
  bookedAccountCountMax,
  bookedMembershipCountMax,
  sweepPauseMs,
  sweptCountMax,
} from './limits.ts';
import type { Book } from './port/book.ts';
import type { DueInBook, DueSource } from './port/due-source.ts';

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
    const due = await source.findDue(sweptCountMax);
    signal.throwIfAborted();
    // One book that fails keeps no other from being swept.
    const booked = await Promise.all(
      due.map((inBook) => bookDue({ book: inBook.book, engine, onFailure, signal }, inBook)),
    );
    // There may be more, and more on each. Without progress it would only be found again.
    return booked.some((count) => count > 0);
  } catch (error) {
    onFailure(error);
    return false;
  }
}

interface Booking extends Pick<SweeperOptions, 'engine' | 'onFailure'> {
  readonly book: Book;
  readonly signal: AbortSignal;
}

/** Books a part at a time: no unit of work takes long. Answers how many had something due. */
async function bookDue(
  booking: Booking,
  { accountIds, membershipIds }: DueInBook,
): Promise<number> {
  const parts = [
    ...inParts(accountIds.map(bookMoves), bookedAccountCountMax),
    ...inParts(membershipIds.map(bookPeriods), bookedMembershipCountMax),
  ];
  let count = 0;
  for (const commands of parts) {
    const { bookedCount, failures } = await bookTogether(booking, commands);
    count += bookedCount;
    // One command that spoils the others is left as it is. What keeps the book from being written
    // keeps all of them from being booked, and is told once.
    const fatal = failures.find((error) => !isOfContent(error));
    if (fatal !== undefined) {
      booking.onFailure(fatal);
      return count;
    }
    failures.forEach(booking.onFailure);
  }
  return count;
}

function bookMoves(id: string): Command {
  return { kind: 'book_due_moves', account: { kind: 'id', id } };
}

function bookPeriods(membershipId: string): Command {
  return { kind: 'book_membership_periods', membershipId };
}

function inParts(commands: readonly Command[], countMax: number): readonly (readonly Command[])[] {
  const count = Math.ceil(commands.length / countMax);
  return Array.from({ length: count }, (_, part) =>
    commands.slice(part * countMax, (part + 1) * countMax),
  );
}

interface Booked {
  readonly bookedCount: number;
  readonly failures: readonly unknown[];
}

/**
 * Each command is a call of its own, all in one turn: the engine takes them together, and leaves to
 * the next unit of work what is too much for one.
 */
async function bookTogether(
  { engine, signal, book }: Booking,
  commands: readonly Command[],
): Promise<Booked> {
  const booked = Promise.allSettled(
    commands.map((command) =>
      engine.submitBatch(book, { commands: [command], mode: 'independent' }, signal),
    ),
  );
  const failures: unknown[] = [];
  let bookedCount = 0;
  for (const result of await orStopped(booked, signal)) {
    if (result.status === 'rejected') failures.push(result.reason);
    else if (result.value[0]?.kind === 'accepted') bookedCount += 1;
  }
  return { bookedCount, failures };
}

/** What comes of work, unless the sweeper is stopped first. */
async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function isOfContent(error: unknown): boolean {
  return error instanceof EngineError && error.kind === 'failed';
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref: false });
  } catch {
    // Aborted: the loop sees it.
  }
}
