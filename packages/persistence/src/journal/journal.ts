// The journal on PostgreSQL: one unit of work of the ORM for each flush.
import type { EventCodec, Journal } from '@scrip/engine';
import { IsolationLevel, type MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseConnection } from 'kysely';
import { createRuns } from '../connection/run.ts';
import { journalErrorOf } from './journal-error-of.ts';
import { createUnitOfWork } from './unit-of-work.ts';

/** Makes the journal on an ORM whose connections are the writer's. */
export function createJournal(orm: MikroORM, codec: EventCodec): Journal {
  // Nothing is kept in it: each unit of work is a fork of its own.
  const parent = orm.em.fork();
  return {
    transact: async (book, work) => {
      let thrown: { readonly error: unknown } | undefined;
      const workOn = async (connection: DatabaseConnection) => {
        try {
          return await work(createUnitOfWork({ ...createRuns(connection), book, codec }));
        } catch (error) {
          thrown = { error };
          throw error;
        }
      };
      try {
        return await parent.transactional(
          // On the connection itself: with the query builder each statement waits for the last.
          (em) => em.getKysely().getExecutor().provideConnection(workOn),
          // Each statement after the lock sees what was committed before it was granted.
          { isolationLevel: IsolationLevel.READ_COMMITTED },
        );
      } catch (error) {
        throw thrown === undefined ? journalErrorOf(error) : thrown.error;
      }
    },
  };
}
