// Where the database and its books stand, for an operator.
import type { Mode } from '@scrip/engine';
import type { Instant } from '@scrip/kernel';
import type { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { createRun } from '../connection/run.ts';
import { fromMs, selectMs } from '../mapping/instant-column.ts';

/** Where one book stands. */
export interface BookStatus {
  readonly storeId: string;
  readonly mode: Mode;
  readonly sequence: number;
  /** Absent for an empty book. */
  readonly lastEventAt?: Instant;
  /** Events of the last sixty seconds of the book's clock. */
  readonly eventsLastMinute: number;
}

/** Where the database stands. */
export interface DatabaseStatus {
  /** As the server says it, for example `18.4`. */
  readonly serverVersion: string;
  readonly sizeBytes: number;
  readonly connectionCount: number;
  readonly connectionCountMax: number;
  /** By store and mode. */
  readonly books: readonly BookStatus[];
}

interface ServerRow {
  readonly version: string;
  readonly size: string;
  readonly connections: number;
  readonly connections_max: number;
}

interface BookRow {
  readonly store_id: string;
  readonly mode: Mode;
  readonly head_sequence: string;
  readonly last_ms: string | null;
  readonly minute_ago: string;
}

/** Reads the status. Failures are `JournalError`s. */
export async function readStatus(orm: MikroORM): Promise<DatabaseStatus> {
  const run = createRun(orm.em.fork().getKysely());
  const [server] = await run(sql<ServerRow>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
      pg_database_size(current_database()) as size,
      (select count(*)::int4 from pg_stat_activity where backend_type = 'client backend')
        as connections,
      current_setting('max_connections')::int4 as connections_max`);
  const books = await run(sql<BookRow>`
    select b.store_id, b.mode, b.head_sequence, ${selectMs('b.last_instant')} as last_ms,
      coalesce(s.last_sequence, 0) as minute_ago
    from book b
    left join lateral (
      select last_sequence from seal
      where book_id = b.id and created_at <=
        clock_timestamp() + b.clock_offset_ms * interval '1 millisecond' - interval '1 minute'
      order by created_at desc, last_sequence desc limit 1
    ) s on true
    order by b.store_id, b.mode`);
  return {
    serverVersion: server?.version ?? '',
    sizeBytes: Number(server?.size),
    connectionCount: server?.connections ?? 0,
    connectionCountMax: server?.connections_max ?? 0,
    books: books.map(fromBookRow),
  };
}

function fromBookRow(row: BookRow): BookStatus {
  const sequence = Number(row.head_sequence);
  return {
    storeId: row.store_id,
    mode: row.mode,
    sequence,
    ...(row.last_ms === null ? {} : { lastEventAt: fromMs(row.last_ms) }),
    eventsLastMinute: sequence - Number(row.minute_ago),
  };
}
