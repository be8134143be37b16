// Brings an empty database to the shape that an earlier version gave it, for tests of upgrades.
import type { EventCodec } from '@scrip/engine';
import { openOrm } from '../connection/orm.ts';
import type { ConnectionSettings } from '../connection/parse-database-url.ts';
import { migrationsList } from './migrations-list.ts';

/** Applies the migrations up to the one of this name. */
export async function migrateTo(
  connection: ConnectionSettings,
  codec: EventCodec,
  name: string,
): Promise<void> {
  const { orm, close } = openOrm(connection, 'migrate', migrationsList(codec));
  try {
    await orm.migrator.up({ to: name });
  } finally {
    await close();
  }
}
