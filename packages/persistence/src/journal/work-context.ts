// What every statement of a unit of work is given.
import type { Book, EventCodec } from '@scrip/engine';
import type { Runs } from '../connection/run.ts';

/** What the statements of a unit of work need, and how they are run within it. */
export interface WorkContext extends Runs {
  readonly book: Book;
  readonly codec: EventCodec;
}
