// The engine: one writer per book, made when the first command for it comes.
import { assert, type Command } from '@scrip/kernel';
import type { DueBounds } from './book-ahead.ts';
import { createBookWriter, type BookWriter } from './book-writer.ts';
import type { Clock } from './expectation.ts';
import { EngineError } from './engine-error.ts';
import { writerCountMax } from './limits.ts';
import type { BatchMode, BatchOutcome, Outcome } from './outcome.ts';
import type { Book } from './port/book.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { FeedSink } from './port/feed-sink.ts';
import type { Journal } from './port/journal.ts';
import type { EngineObserver } from './port/observer.ts';
import type { LeaveSignal } from './waiting-queue.ts';

/** Decides commands in order and makes them durable. */
export interface Engine {
  /**
   * Decides one command. Resolves after COMMIT, for refusals as well. Rejects with an `EngineError`
   * when the command could not be decided. An aborted `signal` drops a command that still waits; a
   * command already under way goes on, and its key tells what became of it. Either way it rejects
   * with the signal's reason when a flush next begins or ends: who cannot wait for that leaves.
   */
  submit(book: Book, command: Command, signal?: LeaveSignal): Promise<Outcome>;
  /**
   * Decides several commands in one unit of work; an outcome for each, in their order. An
   * `atomic` batch has no other command's event between its own, or changes nothing if one is
   * refused.
   * Rejects as `submit` does.
   */
  submitBatch(
    book: Book,
    batch: { readonly commands: readonly Command[]; readonly mode: BatchMode },
    signal?: LeaveSignal,
  ): Promise<readonly BatchOutcome[]>;
  /** Commands that no flush has taken yet, in all books together. */
  waitingCount(): number;
  /** Refuses new commands, decides those that wait, and resolves when all are answered. */
  close(): Promise<void>;
}

/** What an engine stands on. */
export interface EngineOptions {
  readonly journal: Journal;
  readonly codec: EventCodec;
  /** Hears of every flush, for figures. */
  readonly observer?: EngineObserver;
  /** Hears of what was committed, after the callers are answered. */
  readonly feed?: FeedSink;
  /**
   * Milliseconds that only go forward. With it a caller alone is answered after one wait for the
   * database instead of two. Without it each unit of work asks the database for the time first.
   */
  readonly clock?: Clock;
  /** How much that is due comes with commands, and is not booked ahead of them. For tests. */
  readonly dueBounds?: DueBounds;
}

/** Makes an engine. */
export function createEngine(options: EngineOptions): Engine {
  const writersByBookId = new Map<number, BookWriter>();
  let latest: { readonly bookId: number; readonly writer: BookWriter } | undefined;
  const writerOf = (book: Book): BookWriter => {
    // Mostly there is one book.
    if (latest?.bookId === book.id) return latest.writer;
    const writer = writersByBookId.get(book.id) ?? createBookWriter({ ...options, book });
    latest = { bookId: book.id, writer };
    // Set anew, so that the map's order is that of the last use.
    writersByBookId.delete(book.id);
    writersByBookId.set(book.id, writer);
    if (writersByBookId.size > writerCountMax) forgetIdle(writersByBookId, writer);
    return writer;
  };
  let closing = false;
  const submitBatch: Engine['submitBatch'] = (book, batch, signal) =>
    closing ? Promise.reject(new EngineError('unavailable')) : writerOf(book).submit(batch, signal);
  return {
    submitBatch,
    submit: (book, command, signal) =>
      submitBatch(book, { commands: [command], mode: 'independent' }, signal).then(outcomeOf),
    waitingCount: () =>
      [...writersByBookId.values()].reduce((sum, writer) => sum + writer.waitingCount(), 0),
    close: async () => {
      closing = true;
      await Promise.all([...writersByBookId.values()].map((writer) => writer.drain()));
    },
  };
}

/** The outcome of a command that was submitted alone. */
function outcomeOf([outcome]: readonly BatchOutcome[]): Outcome {
  assert(
    outcome !== undefined && outcome.kind !== 'not_applied',
    'a command alone has an outcome of its own',
  );
  return outcome;
}

/** Forgets the writer, with its cache, that has been idle for longest, if there is one. */
function forgetIdle(writersByBookId: Map<number, BookWriter>, inUse: BookWriter): void {
  for (const [bookId, writer] of writersByBookId) {
    if (writer === inUse || !writer.isIdle()) continue;
    writersByBookId.delete(bookId);
    return;
  }
}
