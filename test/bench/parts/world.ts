// The stage of the measurements: a durable PostgreSQL, the real server on it, accounts, and a count
// of what the server acknowledged, which is compared with the book in the end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  runScrip,
  startScrip,
  startTestCluster,
  type ScripProcess,
  type TestCluster,
} from '@scrip/testkit';
import { Client } from 'pg';
import { startGenerator, type Generator } from '../generate.ts';
import type { Load } from '../load/load.ts';
import { countBook, type BookCounts } from '../postgres/cluster-facts.ts';
import { medianOf } from '../processes.ts';
import { measureLoad, type Measured } from './measure.ts';
import { createManyAccounts } from './many-accounts.ts';
import { startEmptyServers, type EmptyServer, type EmptyServers } from './empty-servers.ts';

/** A server with a database and a book of its own. */
export type Ledger = {
  readonly scrip: ScripProcess;
  readonly sql: Client;
  readonly accountIds: readonly string[];
  /** Runs a load on the ledger; whatever fails is counted. */
  readonly run: (load: LedgerLoad) => Promise<Measured>;
  /** Compares the book with what was acknowledged, and replays it; says what is wrong. */
  readonly verify: () => Promise<readonly string[]>;
  /** Ends its server; the database stays until `close`. */
  readonly stop: () => Promise<void>;
  /** Ends its server and removes its database, for which PostgreSQL makes a checkpoint at once. */
  readonly close: () => Promise<void>;
};

/** A load without what the ledger knows itself. */
export type LedgerLoad = Omit<Load, 'url' | 'apiKey' | 'accountIds'> &
  Partial<Pick<Load, 'accountIds'>>;

export type World = {
  readonly cluster: TestCluster;
  readonly ledger: Ledger;
  readonly empty: EmptyServers;
  /** Runs a load on a server that does nothing. */
  readonly runEmpty: (server: EmptyServer, load: LedgerLoad) => Promise<Measured>;
  /** Another ledger on the same PostgreSQL, with an empty book. Close it before the world. */
  readonly openLedger: (accountCount: number) => Promise<Ledger>;
  /** Calls that failed so far, and what the first of each load said. */
  readonly failures: () => { readonly count: number; readonly said: readonly string[] };
  /** Cores that others used during the loads, in the median. */
  readonly otherCores: () => number;
  readonly close: () => Promise<void>;
};

export async function openWorld(accountCount: number): Promise<World> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  const failures = { count: 0, said: [] as string[] };
  const otherCores: number[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'scrip-bench-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const cluster = await startTestCluster({ durable: true });
    closing.push(cluster.stop);
    const empty = await startEmptyServers();
    closing.push(async () => empty.stop());
    const note = <Of extends Measured>(measured: Of): Of => {
      failures.count += measured.failureCount;
      otherCores.push(measured.otherCores);
      if (measured.failure !== undefined) failures.said.push(measured.failure);
      return measured;
    };
    const generator = startGenerator();
    closing.push(generator.stop);
    const stage: Stage = { cluster, folder, generator, note };
    const ledger = await openLedger(stage, accountCount);
    closing.push(ledger.close);
    return {
      cluster,
      ledger,
      empty,
      runEmpty: async ({ url, pid }, load) => {
        const plain = { ...load, debitShare: 0, refusedShare: 0, replayedShare: 0 };
        const accountIds = ['cca_00000000000'];
        return note(
          await measureLoad(
            generator,
            { ...plain, url, apiKey: emptyKey, accountIds },
            { serverPid: pid },
          ),
        );
      },
      openLedger: (count) => openLedger(stage, count),
      failures: () => failures,
      otherCores: () => medianOf(otherCores),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** As long as a real one: it is sent, and not looked at. */
const emptyKey = 'scrip_test_00000000000000000000000000000000';

type Stage = {
  readonly cluster: TestCluster;
  readonly folder: string;
  readonly generator: Generator;
  readonly note: (measured: Measured) => Measured;
};

async function openLedger(stage: Stage, accountCount: number): Promise<Ledger> {
  const { cluster, folder } = stage;
  const { connection, url: databaseUrl, drop } = await createTestDatabase(cluster.connection);
  const place = join(folder, connection.database);
  const scrip = await startScrip({
    env: { DATABASE_URL: databaseUrl },
    dataDir: `${place}-data`,
    logFile: `${place}.log`,
  });
  const sql = new Client({ ...connection });
  const stop = async (): Promise<void> => {
    await scrip.stop();
  };
  const close = async (): Promise<void> => {
    await sql.end();
    await stop();
    await drop();
  };
  try {
    return await openOn({ ...stage, scrip, sql, databaseUrl, stop, close }, accountCount);
  } catch (error) {
    await close();
    throw error;
  }
}

type Opening = Stage &
  Pick<Ledger, 'scrip' | 'sql' | 'stop' | 'close'> & { readonly databaseUrl: string };

async function openOn(opening: Opening, accountCount: number): Promise<Ledger> {
  const { cluster, generator, note, scrip, sql, databaseUrl, stop, close } = opening;
  await sql.connect();
  // Now, so that no measured log has it.
  await sql.query('create extension if not exists pg_walinspect');
  const apiKey = scrip.keys().test.api_key;
  const accountIds = await createManyAccounts(
    generator,
    { url: scrip.ledgerUrl, apiKey },
    accountCount,
  );
  const before = await countBook(sql);
  let posted = 0;
  const run = async (load: LedgerLoad): Promise<Measured> => {
    const url = load.protocol === 'rest' ? scrip.gatewayUrl : scrip.ledgerUrl;
    const counted = { serverPid: scrip.pid(), postgresPid: cluster.pid };
    const measured = await measureLoad(generator, { accountIds, ...load, url, apiKey }, counted);
    posted += measured.all.posted;
    return note(measured);
  };
  const verify = async (): Promise<readonly string[]> => {
    const wrong = differences(before, await countBook(sql), posted);
    const { exitCode, stdout, stderr } = await runScrip(['verify'], { DATABASE_URL: databaseUrl });
    process.stdout.write(`  ${stdout.trim().replaceAll('\n', '\n  ')}\n`);
    return exitCode === 0 ? wrong : [...wrong, `scrip verify: ${stderr || stdout}`];
  };
  return { scrip, sql, accountIds, run, verify, stop, close };
}

function differences(before: BookCounts, now: BookCounts, posted: number): readonly string[] {
  const added = now.entries - before.entries;
  process.stdout.write(`  acknowledged ${posted} posts, the book has ${added} more entries\n`);
  return added === posted ? [] : [`The book has ${added} entries of ${posted} posts.`];
}
