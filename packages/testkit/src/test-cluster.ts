// A PostgreSQL cluster for tests: it ends with the process that made it, and takes its data along.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, type PostgresConnection, startEmbeddedPostgres } from '@scrip/runtime';

export type TestCluster = {
  readonly connection: PostgresConnection;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

export type TestClusterOptions = {
  /**
   * True turns `fsync`, `synchronous_commit` and `full_page_writes` on, for a test of the check
   * that refuses a database without them. Default false.
   */
  readonly durable?: boolean;
};

/** Starts a cluster in a folder of its own. Even a `kill -9` of this process leaves nothing. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { connection, pid, stop } = await startEmbeddedPostgres({
    dataDir: await mkdtemp(join(tmpdir(), 'scrip-test-')),
    log: createLog({ level: 'silent' }),
    forTests: { sync: options.durable ?? false },
  });
  return { connection, pid, stop };
}
