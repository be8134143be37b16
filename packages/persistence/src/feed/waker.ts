// Tells other processes which books have new events.
import type { ConnectionSettings } from '../connection/parse-database-url.ts';
import { createGuardedPool, type ConnectionUse } from '../connection/guarded-pool.ts';
import { journalErrorOf } from '../journal/journal-error-of.ts';
import { wakeChannel } from './wake-channel.ts';

/** Sends wake-ups, on a connection of its own. */
export interface Waker {
  wake(bookIds: readonly number[]): Promise<void>;
  /** Whether wake-ups by this process of the server are this waker's, as far as it knows. */
  isOwn(serverProcessId: number): boolean;
  connectionUse(): ConnectionUse;
  close(): Promise<void>;
}

/**
 * Makes a waker. Its connection never waits for the disk, and is never that of a writer: the server
 * commits notifications one after another, under one lock, for which no flush must wait.
 */
export function createWaker(connection: ConnectionSettings): Waker {
  const pool = createGuardedPool(connection, 'wake');
  let ownProcessId: number | undefined;
  return {
    wake: async (bookIds) => {
      try {
        const guarded = await pool.connect();
        try {
          const { rows } = await guarded.query(notify, [wakeChannel, bookIds]);
          ownProcessId = (rows[0] as { readonly pid: number }).pid;
        } finally {
          guarded.release();
        }
      } catch (error) {
        ownProcessId = undefined;
        throw journalErrorOf(error);
      }
    },
    isOwn: (serverProcessId) => serverProcessId === ownProcessId,
    connectionUse: () => pool.use(),
    close: () => pool.end(),
  };
}

const notify =
  'select pg_backend_pid() as pid, count(pg_notify($1, id::text)) from unnest($2::int4[]) id';
