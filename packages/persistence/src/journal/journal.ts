// The journal on PostgreSQL: one unit of work of the ORM for each flush.
import type { EventCodec, Journal } from '@scrip/engine';
import { IsolationLevel, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseConnection } from 'kysely';
import { createRuns } from '../connection/run.ts';
import { journalErrorOf } from './journal-error-of.ts';
import { createUnitOfWork } from './unit-of-work.ts';

/** Makes the journal on an ORM whose connections are the writer's. */
export function createJournal(orm: MikroORM, codec: EventCodec): Journal {
  // Making one takes longer than its unit of work does. They keep nothing between two.
  const idle: EntityManager[] = [];
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
      const em = idle.pop() ?? orm.em.fork();
      try {
        // Each statement after the lock sees what was committed before it was granted.
        await em.begin({ isolationLevel: IsolationLevel.READ_COMMITTED });
        const result = await endWith(em, async () => {
          // On the connection itself: with the query builder each statement waits for the last.
          return em.getKysely().getExecutor().provideConnection(workOn);
        });
        em.clear();
        idle.push(em);
        return result;
      } catch (error) {
        throw thrown === undefined ? journalErrorOf(error) : thrown.error;
      }
    },
  };
}

/** Commits what was done, or rolls it back if it failed or was not committed. */
async function endWith<T>(em: EntityManager, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await em.commit();
    return result;
  } catch (error) {
    // What failed counts, and not that its connection is broken.
    await em.rollback().catch(() => undefined);
    throw error;
  }
}
