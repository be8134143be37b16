// One process to a data folder: a file lock that the system drops when its holder dies.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Held until released, or until the process ends in any way. */
export type FolderLock = {
  readonly release: () => void;
};

const busy = 5;

/**
 * Takes the lock of a data folder, or gives `undefined` when a live process holds it. SQLite is
 * used for nothing but its portable file lock, which needs no process id and so is never stale.
 */
export function takeFolderLock(dataDir: string): FolderLock | undefined {
  const file = new DatabaseSync(join(dataDir, 'scrip.lock'));
  try {
    file.exec('pragma busy_timeout = 0; begin exclusive');
    return { release: () => file.close() };
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode === busy) return undefined;
    throw error;
  }
}
