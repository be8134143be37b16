// How a statement is run: with real parameters, on a pool or within a unit of work.
import type { Kysely, RawBuilder } from 'kysely';
import { journalErrorOf } from '../journal/journal-error-of.ts';
import { compile } from './compile.ts';
import type { GuardedConnection } from './guarded-connection.ts';
import type { RunPrepared } from './prepared.ts';

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

/** Ways to run statements on one connection. */
export interface Runs {
  readonly run: Run;
  readonly runPrepared: RunPrepared;
}

/**
 * Runs statements on a connection, in the order they are asked for. None waits for the answer to
 * the one before, as the query builder has them do in a transaction.
 */
export function createRuns(connection: Pick<GuardedConnection, 'query'>): Runs {
  const execute = async <Row>(
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> => {
    try {
      return (await connection.query(text, values)).rows as readonly Row[];
    } catch (error) {
      throw journalErrorOf(error);
    }
  };
  return {
    run: (statement) => {
      const { sql, parameters } = compile(statement);
      return execute(sql, parameters);
    },
    runPrepared: ({ text, bind }, values) => execute(text, bind(values)),
  };
}
