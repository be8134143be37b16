// The console in a real Chromium, on a real server: what a person sees, does and is told.

import { createScripAdminClient, createScripClient, type ScripClient } from '@scrip/client/node';
import { BatchMode } from '@scrip/contract';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsolePage,
  type ConsoleWindow,
  excessWidth,
  launchBrowser,
  openConsole,
} from './console-page.ts';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';

let scrip: ScripOnTestCluster;
let browser: Browser;
let ledger: ScripClient;
let apiKey: string;
let shownPage: ConsolePage;

const huge = '12345678901234567890123456789012345678.123456789012345678';

beforeAll(async () => {
  [scrip, browser] = await Promise.all([startScripOnTestCluster(), launchBrowser()]);
  apiKey = scrip.keys().test.api_key;
  ledger = createScripClient({ baseUrl: scrip.ledgerUrl, apiKey });
});

afterAll(async () => {
  await browser?.close();
  await scrip?.stop();
});

afterEach(() => shownPage?.close());

async function open(window: ConsoleWindow = {}): Promise<ConsolePage> {
  shownPage = await openConsole(browser, scrip.gatewayUrl, window);
  return shownPage;
}

let customerCount = 0;

/** A customer of its own for each test, with one account. */
async function makeCustomer(initialBalance = '100') {
  const customerId = `customer-${(customerCount += 1)}`;
  const { account } = await ledger.createAccount({ customerId, initialBalance });
  const post = (side: 'credit' | 'debit', amount: string, key: string) =>
    ledger[side]({
      account: { ref: { case: 'id', value: account?.id ?? '' } },
      amount,
      reference: 'job',
      idempotencyKey: `${customerId} ${key}`,
    });
  return { customerId, accountId: account?.id ?? '', post };
}

async function mint(customerId: string, ttlSeconds: number): Promise<string> {
  const admin = createScripAdminClient({ baseUrl: scrip.ledgerUrl, apiKey });
  return (await admin.mintAccessToken({ customerId, ttlSeconds })).accessToken;
}

const textsOf = async ({ rows }: ConsolePage): Promise<readonly string[]> =>
  (await rows.locator('[data-side]').allTextContents()).map((text) => text.trim());

describe('the console', () => {
  it('shows a credit and a debit as they happen, and complains of nothing', async () => {
    const { customerId, post } = await makeCustomer('1000');
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    expect(await shown.balance('default').textContent()).toBe('1,000');
    await post('credit', '250', 'c');
    await expect.poll(() => shown.balance('default').textContent()).toBe('1,250');
    await post('debit', '50', 'd');
    await expect.poll(() => textsOf(shown)).toEqual(['−50', '+250', '+1,000']);
    await expect.poll(() => shown.balance('default').textContent()).toBe('1,200');
    expect(await shown.page.locator('.detail').textContent()).toMatch(/last heard \d/);
    const zone = await shown.page.evaluate('Intl.DateTimeFormat().resolvedOptions().timeZone');
    await shown.page.getByText(`Times are those of ${String(zone)}.`).waitFor();
    expect(shown.problems).toEqual([]);
  });

  it('shows an account that is made and frozen while it looks on', async () => {
    const { customerId } = await makeCustomer();
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    const { account } = await ledger.createAccount({
      customerId,
      name: 'promo',
      unitLabel: 'EUR',
      unitScale: 2,
      initialBalance: '12.5',
    });
    await expect.poll(() => shown.balance('promo').allTextContents()).toEqual(['12.50']);
    await ledger.freezeAccount({ account: { ref: { case: 'id', value: account?.id ?? '' } } });
    await expect.poll(() => shown.account('promo').textContent()).toContain('frozen');
    expect(shown.problems).toEqual([]);
  });

  it('says that it reconnects while the server is gone, and then catches up', async () => {
    const { customerId, post } = await makeCustomer();
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    await expect.poll(() => textsOf(shown)).toEqual(['+100']);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await scrip.kill(signal);
      await expect.poll(() => shown.status.textContent()).toBe('Reconnecting');
      await expect.poll(() => shown.page.locator('.wait').textContent()).toMatch(/^in \d s/);
      await scrip.restart();
      await post('credit', '1', signal);
      await expect.poll(() => shown.status.textContent()).toBe('Live');
    }
    await expect.poll(() => textsOf(shown)).toEqual(['+1', '+1', '+100']);
    await expect.poll(() => shown.balance('default').textContent()).toBe('102');
    // A browser notes every connection that it could not make.
    const others = shown.problems.filter((problem) => !/net::ERR_/.test(problem));
    expect(others).toEqual([]);
  });

  it('reads a history that was chosen while the server was gone when it is back', async () => {
    const { customerId } = await makeCustomer();
    await ledger.createAccount({ customerId, name: 'promo', initialBalance: '7' });
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => textsOf(shown)).toEqual(['+100']);
    await scrip.kill('SIGKILL');
    await shown.account('promo').locator('label').click();
    await shown.page.getByRole('button', { name: 'Try again' }).waitFor();
    await scrip.restart();
    await expect.poll(() => textsOf(shown)).toEqual(['+7']);
  });

  it('lets its streams go while nobody sees it, and catches up when somebody does', async () => {
    const { customerId, post } = await makeCustomer();
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    await hide(shown, true);
    await expect.poll(() => shown.status.textContent()).toMatch(/^Paused/);
    await post('credit', '1', 'unseen');
    expect(await shown.balance('default').textContent()).toBe('100');
    await hide(shown, false);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    await expect.poll(() => textsOf(shown)).toEqual(['+1', '+100']);
    expect(shown.problems).toEqual([]);
  });

  it.each([
    ['test', 'Test book'],
    ['prod', 'Production book'],
  ] as const)('says which book it shows: that of the mode %s', async (mode, name) => {
    const shown = await open();
    await shown.signIn('nobody', scrip.keys()[mode].api_key);
    const banner = shown.page.getByRole('banner');
    await expect.poll(() => banner.allTextContents()).toEqual([expect.stringContaining(name)]);
  });

  it('takes a token from the link, keeps it for a reload and out of the address', async () => {
    const { customerId } = await makeCustomer();
    const token = await mint(customerId, 60);
    const shown = await open({ path: `#token=${token}` });
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['100']);
    expect(shown.page.url()).toBe(`${scrip.gatewayUrl}/console/`);
    await shown.page.reload();
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['100']);
    await shown.page.getByRole('button', { name: 'Sign out' }).click();
    await shown.page.reload();
    await shown.page.getByRole('heading', { name: 'With an access token' }).waitFor();
    expect(shown.problems).toEqual([]);
  });

  it('takes a token from a link opened in the tab that shows another customer', async () => {
    const [first, second] = [await makeCustomer('100'), await makeCustomer('200')];
    const shown = await open({ path: `#token=${await mint(first.customerId, 60)}` });
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['100']);
    const token = await mint(second.customerId, 60);
    // As typing it into the address bar does: nothing is loaded anew.
    await shown.page.evaluate(`location.hash = 'token=${token}'`);
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['200']);
    expect(shown.page.url()).toBe(`${scrip.gatewayUrl}/console/`);
    await shown.page.reload();
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['200']);
    expect(shown.problems).toEqual([]);
  });

  it('renews its token by itself, and shows each entry once over the change', async () => {
    const { customerId, post } = await makeCustomer();
    const shown = await open();
    let mintCount = 0;
    await shown.page.route('**/MintAccessToken', async (route) => {
      mintCount += 1;
      const asked = route.request().postDataJSON() as object;
      await route.continue({ postData: JSON.stringify({ ...asked, ttlSeconds: 3 }) });
    });
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    for (const count of [1, 2, 3]) {
      const mintedBefore = mintCount;
      await post('credit', '1', String(count));
      const balance = String(100 + count);
      await expect.poll(() => shown.balance('default').textContent()).toBe(balance);
      await expect.poll(() => shown.rows.count()).toBe(count + 1);
      await expect.poll(() => mintCount).toBeGreaterThan(mintedBefore);
    }
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    expect(shown.problems.filter((problem) => !/401/.test(problem))).toEqual([]);
  });

  it('says when its token has expired, keeps what it showed and asks to sign in', async () => {
    const { customerId } = await makeCustomer();
    const shown = await open();
    // The token has no time to lose: the page is there already.
    await shown.page.evaluate(`location.hash = 'token=${await mint(customerId, 6)}'`);
    await expect.poll(() => shown.balance('default').allTextContents()).toEqual(['100']);
    await expect.poll(() => shown.status.textContent()).toBe('The access token has expired.');
    expect(await shown.balance('default').textContent()).toBe('100');
    await shown.page.getByRole('button', { name: 'Sign in again' }).click();
    await shown.page.getByRole('form', { name: 'With an access token' }).waitFor();
  });

  it('says in a sentence why a key or a token is not taken', async () => {
    const shown = await open();
    await shown.signIn('nobody', 'scrip_test_strange');
    const alert = shown.page.getByRole('alert');
    await expect.poll(() => alert.textContent()).toMatch(/^The key or token is not known/);
    await shown.page.getByRole('textbox', { name: 'Access token' }).fill('strange');
    await shown.page.getByRole('textbox', { name: 'Access token' }).press('Enter');
    await expect.poll(() => alert.textContent()).toMatch(/^[A-Z].*\.$/);
    await shown.signIn('nobody', 'schlüssel ☃');
    const unsendable = 'The key or token has characters that cannot be sent.';
    await expect.poll(() => alert.textContent()).toBe(unsendable);
  });

  it('names the customer who has no account yet, as they were typed', async () => {
    const shown = await open();
    await shown.signIn('Ada Lovelance', apiKey);
    await shown.page.getByText('There is no account yet.').waitFor();
    expect(await shown.page.getByRole('heading', { level: 1 }).textContent()).toBe('Ada Lovelance');
  });

  it('shows the newest of more accounts than it can watch, live, and says so', async () => {
    const { customerId } = await makeCustomer();
    const make = (index: number) =>
      ledger.createAccount({ customerId, name: `n${index}`, initialBalance: '1' });
    const made = await Promise.all(Array.from({ length: 1_000 }, (_, index) => make(index)));
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    await shown.page.getByText('These are the 1,000 newest.').waitFor();
    expect(await shown.page.getByRole('radio').count()).toBe(1_000);
    await ledger.credit({
      account: { ref: { case: 'id', value: made[7]?.account?.id ?? '' } },
      amount: '6',
      reference: 'job',
      idempotencyKey: `${customerId} more`,
    });
    await expect.poll(() => shown.balance('n7').textContent()).toBe('7');
    expect(shown.problems).toEqual([]);
  });

  it('shows the newest accounts when there became too many and the server was gone', async () => {
    const { customerId } = await makeCustomer();
    const make = (name: string) => ledger.createAccount({ customerId, name });
    await Promise.all(Array.from({ length: 999 }, (_, index) => make(`n${index}`)));
    const shown = await open();
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
    const radios = shown.page.getByRole('radio');
    await expect.poll(() => radios.count()).toBe(1_000);
    await make('last');
    await expect.poll(() => radios.count()).toBe(1_001);
    await scrip.kill('SIGKILL');
    await expect.poll(() => shown.status.textContent()).toBe('Reconnecting');
    await scrip.restart();
    await shown.page.getByText('These are the 1,000 newest.').waitFor();
    await expect.poll(() => radios.count()).toBe(1_000);
    expect(await shown.account('last').count()).toBe(1);
    await expect.poll(() => shown.status.textContent()).toBe('Live');
  });

  it('is used without a pointer: sign-in, choice of account, older entries, sign-out', async () => {
    const { customerId, accountId } = await makeCustomer('1');
    const account = { ref: { case: 'id', value: accountId } } as const;
    await ledger.createAccount({ customerId, name: 'promo', initialBalance: '7' });
    const items = Array.from({ length: 60 }, (_, index) => ({
      item: {
        case: 'credit' as const,
        value: { account, amount: '1', reference: 'r', idempotencyKey: `${customerId} ${index}` },
      },
    }));
    await ledger.postBatch({ mode: BatchMode.ATOMIC, items });
    const { page, rows, status, problems } = await open();
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab', 'Tab', 'Tab');
    await page.keyboard.type(customerId);
    await press('Tab');
    await page.keyboard.type(apiKey);
    await press('Enter');
    await expect.poll(() => status.allTextContents()).toEqual(['Live']);
    await expect.poll(() => rows.count()).toBe(50);
    await press('Tab', 'Tab');
    await press('ArrowDown');
    await expect.poll(() => page.locator('#history').textContent()).toContain('promo');
    await expect.poll(() => rows.count()).toBe(1);
    await press('ArrowUp');
    await expect.poll(() => rows.count()).toBe(50);
    await press('Tab', 'Enter');
    await expect.poll(() => rows.count()).toBe(61);
    expect(await page.getByText('The history begins here.').count()).toBe(1);
    await press('Shift+Tab', 'Shift+Tab', 'Enter');
    await page.getByRole('form', { name: 'With an API key' }).waitFor();
    const isAtHeading = "document.activeElement === document.querySelector('h1')";
    await expect.poll(() => page.evaluate(isAtHeading)).toBe(true);
    expect(problems).toEqual([]);
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'fits a window of %i pixels, %s, with amounts of 38 digits',
    async (width, colorScheme) => {
      const { customerId, post } = await makeCustomer('128450');
      await post('debit', '1250', 'd');
      const unit = { unitLabel: 'wei', unitScale: 18 };
      await ledger.createAccount({ customerId, name: 'treasury', ...unit, initialBalance: huge });
      const shown = await open({ width, colorScheme });
      expect(await excessWidth(shown.page)).toBe(0);
      await shown.signIn(customerId, apiKey);
      await expect.poll(() => shown.status.textContent()).toBe('Live');
      await expect.poll(() => shown.rows.count()).toBe(2);
      expect(await excessWidth(shown.page)).toBe(0);
      await picture(shown, `${width}-${colorScheme}-short`);
      await shown.page.getByRole('radio', { name: 'treasury' }).click({ force: true });
      await expect.poll(() => shown.rows.count()).toBe(1);
      expect(await excessWidth(shown.page)).toBe(0);
      const exact = shown.account('treasury').locator('.balance data');
      expect(await exact.getAttribute('value')).toBe(huge);
      await picture(shown, `${width}-${colorScheme}-long`);
      expect(shown.problems).toEqual([]);
    },
  );

  it('brings the history into a small window for who taps an account, chosen or not', async () => {
    const { customerId } = await makeCustomer();
    const names = Array.from({ length: 9 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name) => ledger.createAccount({ customerId, name })));
    const shown = await open({ width: 390 });
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.rows.count()).toBe(1);
    const heading = shown.page.locator('#history');
    for (const name of ['default', 'n0', 'n0']) {
      await shown.page.evaluate('scrollTo(0, 0)');
      await shown.account(name).locator('label').click();
      await expect.poll(() => heading.textContent()).toContain(name);
      await expect.poll(async () => (await heading.boundingBox())?.y).toBeLessThan(600);
    }
    await shown.page.evaluate('scrollTo(0, 0)');
    await shown.page.keyboard.press('ArrowDown');
    await expect.poll(() => heading.textContent()).toContain('n1');
    expect((await heading.boundingBox())?.y).toBeGreaterThan(900);
  });

  it('makes cards of its rows on a phone, and a table elsewhere', async () => {
    const { customerId } = await makeCustomer();
    const shown = await open({ width: 390 });
    await shown.signIn(customerId, apiKey);
    await expect.poll(() => shown.rows.count()).toBe(1);
    const kindOf = (): Promise<string> =>
      shown.page.evaluate(`getComputedStyle(document.querySelector('.history tbody tr')).display`);
    await expect.poll(kindOf).toBe('grid');
    await shown.page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(kindOf).toBe('table-row');
  });
});

/** Tells the page that it is hidden, as when another tab is in front. */
async function hide({ page }: ConsolePage, isHidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

/** Keeps a picture where somebody wants to look at it. */
async function picture({ page }: ConsolePage, name: string): Promise<void> {
  const folder = process.env['CONSOLE_PICTURES'];
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
