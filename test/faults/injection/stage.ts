// The stage of the faults: one durable PostgreSQL, the cutter before it, two servers on one book.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScrip, type ScripProcess } from '@scrip/testkit';
import { startCluster, type Cluster } from './cluster.ts';
import { startCommitCutter, type CommitCutter } from './commit-cutter.ts';

export type Stage = {
  readonly cluster: Cluster;
  readonly cutter: CommitCutter;
  readonly servers: readonly ScripProcess[];
  readonly apiKey: string;
  /** The environment of a command on the same database. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export type StageOptions = {
  readonly serverCount: number;
  /** Where PostgreSQL keeps its data; by default a new folder. */
  readonly dataDir?: string;
};

/** Starts everything; whatever was started is ended again when a later part fails. */
export async function openStage({ serverCount, dataDir }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'scrip-faults-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const cluster = await startCluster(dataDir ?? join(folder, 'cluster'));
    closing.push(cluster.stop);
    const cutter = await startCommitCutter(cluster.socketPath);
    closing.push(cutter.close);
    const { user, database } = cluster;
    const url = `postgres://${user}@127.0.0.1:${cutter.port}/${database}?sslmode=disable`;
    const env = { DATABASE_URL: url, SCRIP_LOG: 'info' };
    const servers: ScripProcess[] = [];
    for (let count = 0; count < serverCount; count += 1) {
      const server = await startScrip({ env, dataDir: join(folder, 'scrip') });
      servers.push(server);
      closing.push(server.stop);
    }
    const apiKey = servers[0]?.keys().test.api_key ?? '';
    return { cluster, cutter, servers, apiKey, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}
