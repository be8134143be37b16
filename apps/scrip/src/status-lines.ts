// The status as lines, and whether all is well.

import type { BookStatus, DatabaseStatus } from '@scrip/persistence';
import type { ServerStatus } from './server-status.ts';

export type Status = {
  readonly server: ServerStatus;
  /** Migrations that the database lacks; without them its books are not read. */
  readonly pending: readonly string[];
  readonly database: DatabaseStatus | undefined;
};

/** A line for the server, the database, each missing migration and each book. */
export function statusLines({ server, pending, database }: Status): {
  readonly lines: readonly string[];
  readonly isWell: boolean;
} {
  const lines = [
    serverLine(server),
    ...(database === undefined ? [] : [databaseLine(database)]),
    ...pending.map((name) => `migration  ${name} is MISSING; run scrip migrate`),
    ...(database?.books ?? []).map(bookLine),
  ];
  return { lines, isWell: server.state === 'ready' && pending.length === 0 };
}

/** What a server says of itself, or that it does not. */
export function serverLine({ address, state, waitingCount }: ServerStatus): string {
  const said = state === 'ready' ? 'ready' : state.toUpperCase();
  const waiting = waitingCount === undefined ? '' : `, ${waitingCount} commands waiting`;
  return `server     ${address} ${said}${waiting}`;
}

function databaseLine(database: DatabaseStatus): string {
  const { serverVersion, sizeBytes, connectionCount, connectionCountMax } = database;
  const megabytes = Math.ceil(sizeBytes / 1_000_000);
  const connections = `${connectionCount} of ${connectionCountMax} connections`;
  return `database   PostgreSQL ${serverVersion}, ${megabytes} MB, ${connections}`;
}

function bookLine({ storeId, mode, sequence, lastEventAt, eventsLastMinute }: BookStatus): string {
  const name = `book       ${storeId} ${mode.padEnd(4)} sequence ${sequence}`;
  if (lastEventAt === undefined) return `${name}, empty`;
  const at = new Date(lastEventAt).toISOString();
  return `${name}, last event ${at}, ${eventsLastMinute} in the last minute`;
}
