// The journal on PostgreSQL: one unit of work of the ORM for each flush.
import type { EventCodec, Journal } from '@scrip/engine';
import { IsolationLevel, type MikroORM } from '@mikro-orm/postgresql';
import { journalErrorOf } from './journal-error-of.ts';
import { createUnitOfWork } from './unit-of-work.ts';

/** Makes the journal on an ORM whose connections are the writer's. */
export function createJournal(orm: MikroORM, codec: EventCodec): Journal {
  return {
    transact: async (book, work) => {
      let thrown: { readonly error: unknown } | undefined;
      try {
        return await orm.em.fork().transactional(
          async (em) => {
            try {
              return await work(createUnitOfWork({ kysely: em.getKysely(), book, codec }));
            } catch (error) {
              thrown = { error };
              throw error;
            }
          },
          // Each statement after the lock sees what was committed before it was granted.
          { isolationLevel: IsolationLevel.READ_COMMITTED },
        );
      } catch (error) {
        throw thrown === undefined ? journalErrorOf(error) : thrown.error;
      }
    },
  };
}
