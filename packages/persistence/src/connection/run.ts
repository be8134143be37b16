// How a statement is run: with real parameters, on a pool or within a unit of work.
import { CompiledQuery, type DatabaseConnection, type Kysely, type RawBuilder } from 'kysely';
import { journalErrorOf } from '../journal/journal-error-of.ts';
import { compile } from './compile.ts';
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
export function createRuns(connection: Pick<DatabaseConnection, 'executeQuery'>): Runs {
  const execute = async <Row>(query: CompiledQuery): Promise<readonly Row[]> => {
    try {
      return (await connection.executeQuery<Row>(query)).rows;
    } catch (error) {
      throw journalErrorOf(error);
    }
  };
  return {
    run: (statement) => execute(compile(statement)),
    runPrepared: ({ text, bind }, values) => execute(CompiledQuery.raw(text, [...bind(values)])),
  };
}
