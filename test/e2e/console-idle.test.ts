// A console on which nothing happens for minutes, behind a proxy that cuts silent connections: the
// heartbeats keep its two streams. Every day on a scale of a third; CONSOLE_CUT_SECONDS=60 with
// CONSOLE_IDLE_SECONDS=600 is the real thing.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createScripClient } from '@scrip/client/node';
import { createTestDatabase, startScrip } from '@scrip/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { launchBrowser, openConsole } from './console-page.ts';
import { findFreePort, startSilenceCutter } from './silence-cutter.ts';

const cutSeconds = Number(process.env['CONSOLE_CUT_SECONDS'] ?? 20);
const idleSeconds = Number(process.env['CONSOLE_IDLE_SECONDS'] ?? 65);

it(
  'keeps both streams of an idle console through a proxy that cuts silent connections',
  async () => {
    const proxyPort = await findFreePort();
    const scrip = await startBehind(proxyPort);
    const silent = await startSilentServer();
    const silentProxyPort = await findFreePort();
    const proxy = await startSilenceCutter({
      ports: {
        [proxyPort]: Number(new URL(scrip.ledgerUrl).port),
        [silentProxyPort]: silent,
      },
      cutSeconds,
    });
    onTestFinished(() => proxy.stop());
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { api_key: apiKey } = scrip.keys().test;
    const ledger = createScripClient({ baseUrl: scrip.ledgerUrl, apiKey });
    const { account } = await ledger.createAccount({ customerId: 'ada', initialBalance: '100' });

    const shown = await openConsole(browser, scrip.gatewayUrl);
    const streams: string[] = [];
    shown.page.on('request', (request) => {
      if (request.url().includes('/Watch')) streams.push(request.url());
    });
    await shown.signIn('ada', apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    const through = `http://127.0.0.1:${proxyPort}/scrip.ledger.v1.LedgerService`;
    const both = [`${through}/WatchBalances`, `${through}/WatchHistory`];
    const heard = await shown.page.locator('.detail').textContent();

    const [cutAfter] = await Promise.all([
      secondsUntilCut(`http://127.0.0.1:${silentProxyPort}/`),
      pause(idleSeconds * 1_000),
    ]);
    expect(cutAfter).toBeGreaterThan(cutSeconds - 2);
    expect(cutAfter).toBeLessThan(cutSeconds + 10);
    expect(idleSeconds).toBeGreaterThan(3 * cutSeconds);
    expect(await shown.status.textContent()).toBe('Live');
    expect(await shown.page.locator('.detail').textContent()).not.toBe(heard);

    await ledger.credit({
      account: { ref: { case: 'id', value: account?.id ?? '' } },
      amount: '1',
      reference: 'late',
      idempotencyKey: 'late',
    });
    await expect.poll(() => shown.balance('default').textContent()).toBe('101');
    await expect.poll(() => shown.rows.count()).toBe(2);
    expect(streams.toSorted()).toEqual(both);
    expect(shown.problems).toEqual([]);
  },
  (idleSeconds + 120) * 1_000,
);

/** A server whose console is told to find the ledger behind the proxy. */
async function startBehind(proxyPort: number) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const scrip = await startScrip({
    env: {
      DATABASE_URL: database.url,
      SCRIP_ALLOW_UNSAFE_DATABASE: 'true',
      SCRIP_LEDGER_URL: `http://127.0.0.1:${proxyPort}`,
    },
  });
  onTestFinished(async () => void (await scrip.stop()));
  return scrip;
}

/** Takes connections, and never says a word. */
async function startSilentServer(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** How long the proxy waits for a server that says nothing. */
async function secondsUntilCut(url: string): Promise<number> {
  const began = performance.now();
  const { status } = await fetch(url);
  expect(status).toBe(504);
  return (performance.now() - began) / 1_000;
}
