// What every statement of a unit of work is given.
import type { Book, EventCodec } from '@scrip/engine';
import type { Run } from '../connection/run.ts';

/** What the statements of a unit of work need. */
export interface WorkContext {
  readonly book: Book;
  readonly codec: EventCodec;
  /** Runs a statement within the unit of work. */
  readonly run: Run;
}
