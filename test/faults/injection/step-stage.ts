// The stage of the faults at single steps: a PostgreSQL, and servers on one book that each reach it
// through a proxy of their own, so that a step tells whose flush it is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScrip, type ScripProcess } from '@scrip/testkit';
import { Client } from 'pg';
import { startCluster, type Cluster } from './cluster.ts';
import { startStepProxy, type StepProxy } from './step-proxy.ts';

/** A server and the proxy before its PostgreSQL. */
export type Actor = { readonly server: ScripProcess; readonly proxy: StepProxy };

export type StepStage = {
  readonly cluster: Cluster;
  readonly actors: readonly Actor[];
  readonly apiKey: string;
  /** The environment of a command on the database, past the proxies. */
  readonly env: Readonly<Record<string, string>>;
  /** Leads all proxies to the socket of another PostgreSQL, or to none; cuts what is connected. */
  readonly leadTo: (socketPath: string | undefined) => void;
  /** A folder that is removed in the end. */
  readonly folder: string;
  /** Has something ended before the servers' folder is removed. */
  readonly onClose: (end: () => Promise<unknown>) => void;
  readonly close: () => Promise<void>;
};

const nowhere = '/nowhere/.s.PGSQL.5432';

/** Starts everything; whatever was started is ended again when a later part fails. */
export async function openStepStage(options: { readonly serverCount: number }): Promise<StepStage> {
  const folder = await mkdtemp(join(tmpdir(), 'scrip-steps-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const cluster = await startCluster(join(folder, 'cluster'));
    closing.push(() => cluster.stop().catch(() => undefined));
    let target: (() => string) | undefined = cluster.socketPath;
    const lead = (): string => target?.() ?? nowhere;
    const direct = await startStepProxy(lead);
    closing.push(direct.close);
    const env = { DATABASE_URL: urlOf(cluster, direct), SCRIP_LOG: 'info' };
    const actors: Actor[] = [];
    while (actors.length < options.serverCount) {
      const proxy = await startStepProxy(lead);
      closing.push(proxy.close);
      const own = { ...env, DATABASE_URL: urlOf(cluster, proxy) };
      const server = await startScrip({ env: own, dataDir: join(folder, 'scrip') });
      closing.push(server.stop);
      actors.push({ server, proxy });
    }
    const leadTo = (socketPath: string | undefined): void => {
      target = () => socketPath ?? nowhere;
      for (const { cutAll } of [direct, ...actors.map(({ proxy }) => proxy)]) cutAll();
    };
    const apiKey = actors[0]?.server.keys().test.api_key ?? '';
    const onClose = (end: () => Promise<unknown>): void => void closing.push(end);
    return { cluster, actors, apiKey, env, leadTo, folder, onClose, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function urlOf({ user, database }: Cluster, { port }: StepProxy): string {
  return `postgres://${user}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** Asks the database itself, past the servers. */
export async function askDatabase(
  { env }: Pick<StepStage, 'env'>,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
