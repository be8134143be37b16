// The journal on PostgreSQL: one unit of work of the ORM for each flush.
import type { EventCodec, Journal } from '@scrip/engine';
import { IsolationLevel, type MikroORM } from '@mikro-orm/postgresql';
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
      try {
        return await parent.transactional(
          (em) =>
            // The connection itself, so that its statements travel together.
            em
              .getKysely()
              .getExecutor()
              .provideConnection(async (connection) => {
                try {
                  const runs = createRuns(connection);
                  return await work(createUnitOfWork({ ...runs, book, codec }));
                } catch (error) {
                  thrown = { error };
                  throw error;
                }
              }),
          // Each statement after the lock sees what was committed before it was granted.
          { isolationLevel: IsolationLevel.READ_COMMITTED },
        );
      } catch (error) {
        throw thrown === undefined ? journalErrorOf(error) : thrown.error;
      }
    },
  };
}
