// The journal on PostgreSQL: one unit of work for each flush. It is begun and ended here: that of
// the ORM has nothing to track, and takes a caller alone as long as the lock and the keys.
import type { EventCodec, Journal } from '@scrip/engine';
import type { GuardedConnection } from '../connection/guarded-connection.ts';
import type { GuardedPool } from '../connection/guarded-pool.ts';
import { createRuns } from '../connection/run.ts';
import { journalErrorOf } from './journal-error-of.ts';
import { createUnitOfWork } from './unit-of-work.ts';

// Each statement after the lock sees what was committed before it was granted.
const begin = 'start transaction isolation level read committed';

/** Makes the journal on a pool whose connections are the writer's. */
export function createJournal(pool: Pick<GuardedPool, 'connect'>, codec: EventCodec): Journal {
  return {
    transact: async (book, work) => {
      const connection = await pool.connect().catch(fail);
      try {
        await connection.query(begin);
        const unit = createUnitOfWork({ ...createRuns(connection), book, codec });
        const result = await orRollBack(connection, () => work(unit));
        await connection.query('commit').catch(fail);
        return result;
      } finally {
        // One that saw an error is destroyed, which rolls back as well.
        connection.release();
      }
    },
  };
}

function fail(error: unknown): never {
  throw journalErrorOf(error);
}

/** What the work throws counts, whatever becomes of the rollback. */
async function orRollBack<T>(connection: GuardedConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}
