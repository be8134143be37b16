// Servers on one database for stories about holds, grants, schedules and coupons: clients of each,
// a clock that can be moved, and the record of an account.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createScripAdminClient,
  createScripClient,
  createScripCouponClient,
  type ScripAdminClient,
  type ScripClient,
  type ScripCouponClient,
} from '@scrip/client/node';
import type { Balance, Event } from '@scrip/contract';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type CommandResult,
  createTestDatabase,
  runScrip,
  type ScripProcess,
  startScrip,
} from '@scrip/testkit';

export type TermsServer = {
  readonly scrip: ScripProcess;
  readonly ledger: ScripClient;
  readonly coupons: ScripCouponClient;
  readonly admin: ScripAdminClient;
};

export type TermsWorld = {
  readonly servers: readonly [TermsServer, ...TermsServer[]];
  /** What `scrip verify` says of each book, and how it ended. */
  readonly verify: () => Promise<Pick<CommandResult, 'exitCode' | 'stdout'>>;
  readonly stop: () => Promise<void>;
};

/** Starts so many servers on one empty database. */
export async function startTermsWorld(serverCount = 1): Promise<TermsWorld> {
  const database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, SCRIP_ALLOW_UNSAFE_DATABASE: 'true' };
  const dataDirs: string[] = [];
  const first = serverOf(await startScrip({ env }));
  const others: TermsServer[] = [];
  for (let i = 1; i < serverCount; i++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'scrip-terms-'));
    dataDirs.push(dataDir);
    await cp(join(first.scrip.dataDir, 'keys.json'), join(dataDir, 'keys.json'));
    others.push(serverOf(await startScrip({ env, dataDir })));
  }
  const servers = [first, ...others] as const;
  return {
    servers,
    verify: () => runScrip(['verify'], env),
    stop: async () => {
      await Promise.all(servers.map(({ scrip }) => scrip.stop()));
      await database.drop();
      await Promise.all(dataDirs.map((dataDir) => rm(dataDir, { recursive: true })));
    },
  };
}

function serverOf(scrip: ScripProcess): TermsServer {
  const options = { baseUrl: scrip.ledgerUrl, apiKey: scrip.keys().test.api_key };
  return {
    scrip,
    ledger: createScripClient(options),
    coupons: createScripCouponClient(options),
    admin: createScripAdminClient(options),
  };
}

/** An account by its external id. */
export function byName(name: string) {
  return { account: { ref: { case: 'externalId', value: name } } } as const;
}

/** An instant, so many milliseconds after a moment. */
export function instantOf(ms: number): { readonly seconds: bigint; readonly nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}

/** The clock of the book, moved forward to a moment at the least; answers what it shows. */
export async function moveClockTo({ admin }: TermsServer, ms: number): Promise<number> {
  const now = async (by: number) => {
    const answer = await admin.advanceClock({ by: instantOf(by) });
    return timestampMs(there(answer.now));
  };
  const before = await now(1);
  return now(Math.max(1, ms - before));
}

let keyCount = 0;

/** A reference, and a key of its own. */
export function named(reference = 'story') {
  return { reference, idempotencyKey: `${reference} ${++keyCount}` };
}

/** What the streams of an account tell, from its beginning on. */
export type AccountRecord = {
  readonly events: readonly Event[];
  readonly balances: readonly Balance[];
  /** The kinds of its events, in order. */
  readonly kinds: () => readonly (string | undefined)[];
  readonly end: () => Promise<void>;
};

/** Watches the history and the balance of an account, until it is ended. */
export function recordAccount(ledger: ScripClient, name: string): AccountRecord {
  const events: Event[] = [];
  const balances: Balance[] = [];
  const leaving = new AbortController();
  const options = { signal: leaving.signal };
  const { account } = byName(name);
  const start = { case: 'beginning', value: {} } as const;
  const readHistory = async (): Promise<void> => {
    const history = ledger.watchHistory({ accounts: [account], start }, options);
    for await (const { event } of history) events.push(event);
  };
  const readBalances = async (): Promise<void> => {
    for await (const item of ledger.watchBalances({ accounts: [account] }, options)) {
      if (item.kind === 'balance') balances.push(item.balance);
    }
  };
  const reading = Promise.all([readHistory(), readBalances()]);
  return {
    events,
    balances,
    kinds: () => events.map(({ change }) => change.case),
    end: async () => {
      leaving.abort();
      await reading;
    },
  };
}

/** What an answer has to have. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The answer lacks what it should have.');
  return value;
}
