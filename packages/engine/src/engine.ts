// The engine: one writer per book, made when the first command for it comes.
import type { BookEvent, Command, PersonalFields, Refusal, Sequence } from '@scrip/kernel';
import { createBookWriter, type BookWriter } from './book-writer.ts';
import type { Book } from './port/book.ts';
import type { EventCodec } from './port/event-codec.ts';
import type { Journal } from './port/journal.ts';

/** What became of a command, told after it is durable. */
export type Outcome =
  | {
      /** `replayed` when the idempotency key, or the reversal, was accepted before. */
      readonly kind: 'accepted' | 'replayed';
      readonly event: BookEvent;
      /** The personal fields of the event's account, where the event is about an account. */
      readonly personal?: PersonalFields;
      /** The sequence of the event. */
      readonly sequence: Sequence;
    }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** The last event before the refusal. */
      readonly sequence: Sequence;
    };

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
    const writer = createBookWriter(book, options);
    writersByBookId.set(book.id, writer);
    return writer;
  };
  let closing = false;
  return {
    submit: (book, command, signal) =>
      closing ? writerClosed() : writerOf(book).submit(command, signal),
    close: async () => {
      closing = true;
      await Promise.all([...writersByBookId.values()].map((writer) => writer.drain()));
    },
  };
}
