// `/v1/feed` with the browser's own EventSource: a page of another origin, an access token, and a
// server that is stopped, killed and started again.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createScripAdminClient, createScripClient, type ScripClient } from '@scrip/client/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './console-page.ts';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';

let site: Server;
let scrip: ScripOnTestCluster;
let browser: Browser;
let page: Page;
let ledger: ScripClient;
let accountId: string;

beforeAll(async () => {
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>shop</title>');
  });
  const origin = await originOf(site);
  [scrip, browser] = await Promise.all([
    startScripOnTestCluster({ SCRIP_ALLOWED_ORIGINS: origin }),
    launchBrowser(),
  ]);
  const apiKey = scrip.keys().test.api_key;
  ledger = createScripClient({ baseUrl: scrip.ledgerUrl, apiKey });
  const { account } = await ledger.createAccount({ customerId: 'ada', initialBalance: '100' });
  accountId = account?.id ?? '';
  page = await browser.newPage();
  await page.goto(origin);
});

afterAll(async () => {
  await browser?.close();
  await scrip?.stop();
  site?.close();
});

describe('an EventSource', () => {
  it('goes on where it was after a stop and after a kill, with nothing lost or twice', async () => {
    await watch(`?from=beginning&access_token=${await mint(600)}`);
    await expect.poll(balances).toEqual(['100']);
    await credit('1');
    await expect.poll(balances).toEqual(['100', '101']);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await scrip.kill(signal);
      await scrip.restart();
      await credit('1');
      await credit('1');
      await expect.poll(lastBalance).toBe((await balanceNow()).toString());
    }
    expect(await balances()).toEqual(['100', '101', '102', '103', '104', '105']);
    expect(await readyState()).toBe(1);
  });

  it('keeps the id of a heartbeat, and goes on behind it', async () => {
    await watch(`?access_token=${await mint(600)}&kinds=account_frozen`);
    await expect.poll(lastIdOf('heartbeat')).toMatch(/./);
    await scrip.kill('SIGTERM');
    await scrip.restart();
    await ledger.freezeAccount({ account: ref() });
    await expect.poll(lastIdOf('account_frozen')).toMatch(/./);
    await ledger.unfreezeAccount({ account: ref() });
  });

  it('ends when its access token does, and is told why', async () => {
    await watch(`?access_token=${await mint(5)}`);
    await expect.poll(reasons).toEqual(['TOKEN_EXPIRED']);
    // It comes back once, is refused and gives up, for its address has the old token in it.
    await expect.poll(readyState).toBe(2);
  });
});

function ref() {
  return { ref: { case: 'id', value: accountId } } as const;
}

async function credit(amount: string): Promise<void> {
  const reference = crypto.randomUUID();
  await ledger.credit({ account: ref(), amount, reference, idempotencyKey: reference });
}

async function balanceNow(): Promise<string> {
  return (await ledger.getBalance({ account: ref() })).balance?.balance ?? '';
}

async function mint(ttlSeconds: number): Promise<string> {
  const admin = createScripAdminClient({
    baseUrl: scrip.ledgerUrl,
    apiKey: scrip.keys().test.api_key,
  });
  return (await admin.mintAccessToken({ customerId: 'ada', ttlSeconds })).accessToken;
}

/** What the page keeps of its EventSource. */
type Kept = {
  readonly source: { readyState: number };
  readonly events: { readonly event: string; readonly id: string; readonly data: string }[];
};

/** Opens an EventSource in the page, in place of the last one. */
async function watch(query: string): Promise<void> {
  const names = ['started', 'caught_up', 'heartbeat', 'ended', 'account_frozen'];
  const url = `${scrip.gatewayUrl}/v1/feed${query}`;
  const all = [...names, 'account_created', 'transaction_posted'];
  await page.evaluate(`
    globalThis.kept?.source.close();
    globalThis.kept = { source: new EventSource(${JSON.stringify(url)}), events: [] };
    for (const event of ${JSON.stringify(all)}) {
      kept.source.addEventListener(event, ({ lastEventId: id, data }) => {
        if (data !== undefined) kept.events.push({ event, id, data });
      });
    }
  `);
}

async function events(): Promise<Kept['events']> {
  return page.evaluate<Kept['events']>('kept.events');
}

function readyState(): Promise<number> {
  return page.evaluate<number>('kept.source.readyState');
}

/** The balance after each event, in the order of their arrival. */
async function balances(): Promise<readonly string[]> {
  const told = (await events()).map(({ data }) => JSON.parse(data) as Told);
  return told.flatMap(({ opening, transaction }) => {
    const after = (transaction ?? opening)?.entries[0]?.balance_after;
    return after === undefined ? [] : [after];
  });
}

type Posted = { readonly entries: readonly { readonly balance_after: string }[] };
type Told = { readonly opening?: Posted; readonly transaction?: Posted; readonly reason?: string };

async function lastBalance(): Promise<string | undefined> {
  return (await balances()).at(-1);
}

async function reasons(): Promise<readonly (string | undefined)[]> {
  const ends = (await events()).filter(({ event }) => event === 'ended');
  return ends.map(({ data }) => (JSON.parse(data) as Told).reason);
}

function lastIdOf(name: string) {
  return async () => (await events()).findLast(({ event }) => event === name)?.id ?? '';
}

async function originOf(server: Server): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
