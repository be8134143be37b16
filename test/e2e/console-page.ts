// The console as a person has it: a page in a real Chromium, which remembers what it complained of.

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a busy machine may take to start a browser, or to draw a page. */
const patienceMs = 120_000;

/** Starts Debian's Chromium. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`there is no ${executablePath}; install Debian's chromium, or set CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: flags, timeout: patienceMs });
}

export type ConsoleWindow = {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly path?: string;
};

export type ConsolePage = {
  readonly page: Page;
  /** Warnings, errors and exceptions that the page has caused so far. */
  readonly problems: readonly string[];
  /** Where the connection stands, in the page's own words. */
  readonly status: Locator;
  /** The row of an account, of the name. */
  readonly account: (name: string) => Locator;
  /** The balance of an account as it is written. */
  readonly balance: (name: string) => Locator;
  /** The rows of the history, newest first. */
  readonly rows: Locator;
  readonly signIn: (customerId: string, apiKey: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens the console in a window of its own, with nothing stored. */
export async function openConsole(
  browser: Browser,
  gatewayUrl: string,
  { width = 1280, colorScheme = 'light', path = '' }: ConsoleWindow = {},
): Promise<ConsolePage> {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${gatewayUrl}/console/${path}`);
  const account = (name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('radio', { name, exact: true }) });
  return {
    page,
    problems,
    status: page.getByRole('status'),
    account,
    balance: (name) => account(name).locator('.balance .amount'),
    rows: page.locator('.history tbody tr'),
    signIn: async (customerId, apiKey) => {
      const form = page.getByRole('form', { name: 'With an API key' });
      await form.getByLabel('Customer id').fill(customerId);
      await form.getByLabel('API key').fill(apiKey);
      await form.getByRole('button').click();
    },
    close: async () => {
      // A request that is held up here would fail with the page, and nobody would hear of it.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    },
  };
}

/** By how many pixels the page is wider than its window. */
export async function excessWidth(page: Page): Promise<number> {
  const root = 'document.documentElement';
  return Number(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`));
}
