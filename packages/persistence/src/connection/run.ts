// How a statement is run: with real parameters, on a pool or within a unit of work.
import type { Kysely, RawBuilder } from 'kysely';
import { journalErrorOf } from '../journal/journal-error-of.ts';

/** Runs one statement; what fails is a `JournalError`. */
export type Run = <T>(statement: RawBuilder<T>) => Promise<readonly T[]>;

/** Runs statements on a connection, or on one of a pool. */
export function createRun(kysely: Pick<Kysely<unknown>, 'getExecutor'>): Run {
  return async (statement) => {
    try {
      return (await statement.execute(kysely)).rows;
    } catch (error) {
      throw journalErrorOf(error);
    }
  };
}
