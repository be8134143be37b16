// The engine: one writer per book, made when the first command for it comes.
import type { Command } from '@scrip/kernel';
import { createBookWriter, type BookWriter } from './book-writer.ts';
import { EngineError } from './engine-error.ts';
import type { Outcome } from './outcome.ts';
import type { Book } from './port/book.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { Journal } from './port/journal.ts';

/** Decides commands in order and makes them durable. */
export interface Engine {
  /**
   * Decides one command. Resolves after COMMIT, for refusals as well. An aborted `signal` drops a
   * command that still waits and rejects with the signal's reason; a command already under way
   * goes on, and its key tells what became of it. Rejects with an `EngineError` when the command
   * could not be decided.
   */
  submit(book: Book, command: Command, signal?: AbortSignal): Promise<Outcome>;
  /** Refuses new commands, decides those that wait, and resolves when all are answered. */
  close(): Promise<void>;
}

/** What an engine stands on. */
export interface EngineOptions {
  readonly journal: Journal;
  readonly codec: EventCodec;
}

/** Makes an engine. */
export function createEngine(options: EngineOptions): Engine {
  const writersByBookId = new Map<number, BookWriter>();
  const writerOf = (book: Book): BookWriter => {
    const existing = writersByBookId.get(book.id);
    if (existing !== undefined) return existing;
    const writer = createBookWriter({ ...options, book });
    writersByBookId.set(book.id, writer);
    return writer;
  };
  let closing = false;
  return {
    submit: (book, command, signal) =>
      closing
        ? Promise.reject(new EngineError('unavailable'))
        : writerOf(book).submit(command, signal),
    close: async () => {
      closing = true;
      await Promise.all([...writersByBookId.values()].map((writer) => writer.drain()));
    },
  };
}
