// Is this a PostgreSQL that a ledger can be kept in?
import type { MikroORM } from '@mikro-orm/postgresql';
import { DatabaseUnfitError } from '../database-unfit-error.ts';

interface ServerRow {
  readonly version: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly in_recovery: boolean;
}

const versionMin = 150_000;

/**
 * Throws a `DatabaseUnfitError` on a server that is older than 15, in recovery, or may lose what
 * it confirmed. The last is only warned of when `allowUnsafe` says so: for tests.
 */
export async function checkServer(
  orm: MikroORM,
  options: {
    readonly allowUnsafe: boolean;
    readonly onWarning?: (message: string) => void;
  },
): Promise<void> {
  const row = await readServer(orm);
  if (Number(row.version) < versionMin) {
    const version = Math.floor(Number(row.version) / 10_000);
    throw new DatabaseUnfitError(`PostgreSQL ${version} is too old: 15 or newer is needed.`);
  }
  if (row.in_recovery) {
    throw new DatabaseUnfitError('The database is a standby in recovery: it accepts no writes.');
  }
  const problem = durabilityProblem(row);
  if (problem === undefined) return;
  if (!options.allowUnsafe) throw new DatabaseUnfitError(problem);
  options.onWarning?.(problem);
}

async function readServer(orm: MikroORM): Promise<ServerRow> {
  try {
    const [row] = await orm.em.fork().execute<ServerRow[]>(`
      select current_setting('server_version_num') as version,
        current_setting('fsync') as fsync,
        current_setting('full_page_writes') as full_page_writes,
        current_setting('synchronous_commit') as synchronous_commit,
        pg_is_in_recovery() as in_recovery`);
    if (row !== undefined) return row;
  } catch (error) {
    const reason = reasonOf(error);
    throw new DatabaseUnfitError(`The database cannot be reached: ${reason}`, { cause: error });
  }
  throw new DatabaseUnfitError('The database does not say which server it is.');
}

function reasonOf(error: unknown): string {
  const [said = ''] = error instanceof Error ? error.message.split('\n', 1) : [];
  // The driver's words for it are about a string.
  if (/client password must be a/.test(said)) return 'it asks for a password, and none is given';
  // Where each of several addresses failed, there is but a code.
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return said || (code ?? 'no reason given');
}

function durabilityProblem(row: ServerRow): string | undefined {
  if (row.fsync !== 'on') return 'fsync is off: a crash could lose confirmed transactions.';
  if (row.full_page_writes !== 'on') {
    return 'full_page_writes is off: a crash could damage the data.';
  }
  if (row.synchronous_commit !== 'on' && row.synchronous_commit !== 'remote_apply') {
    const setting = row.synchronous_commit;
    return `synchronous_commit is ${setting}: it must be on, or remote_apply with a standby.`;
  }
  return undefined;
}
