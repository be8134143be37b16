// The samples of the Accounts API's documentation, sent by curl: the same keys, nulls and kinds of
// values, by either kind of id.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { at, type Caller, type Json, textAt } from './wire/caller.ts';
import { createConnectCaller } from './wire/connect-caller.ts';
import { succeeding } from './wire/transcript.ts';

const execute = promisify(execFile);

/** The documented answers, of which only keys, nulls and kinds of values are compared. */
const documentedAccount = {
  id: 'acc_abc123',
  developerId: 'dev_xxx',
  externalId: 'user_123',
  name: 'John Doe',
  email: 'john@example.com',
  balance: 0,
  metadata: null,
  createdAt: '2024-01-15T10:00:00Z',
  updatedAt: '2024-01-15T10:00:00Z',
};
const documentedBalance = {
  accountId: 'acc_123',
  externalId: 'user_123',
  balance: 1000,
  reserved: 150,
  available: 850,
};
const sent = { name: 'John Doe', externalId: 'user_123', email: 'john@example.com' };
const digits = '12345678901234567890123456789012345678';

let scrip: ScripOnTestCluster;
let ledger: Caller;
let created: Json;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
  ledger = createConnectCaller(scrip.ledgerUrl, scrip.keys().test.api_key);
  created = JSON.parse(await curlCreate(JSON.stringify(sent))) as Json;
});

afterAll(() => scrip?.stop());

describe('the documented samples', () => {
  it('create an account', () => {
    expect(kindsOf(created)).toEqual(kindsOf({ success: true, account: documentedAccount }));
    expect(at(created, 'account')).toMatchObject({ ...sent, balance: 0, metadata: null });
    const instant = textAt(created, 'account', 'createdAt');
    expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(at(created, 'account', 'updatedAt')).toBe(instant);
  });

  it('create an account with metadata, which comes back as it went', async () => {
    const metadata = { plan: 'premium', company: 'Acme Corp' };
    const text = await curlCreate(JSON.stringify({ ...sent, externalId: 'user_124', metadata }));
    expect(at(JSON.parse(text) as Json, 'account', 'metadata')).toEqual(metadata);
  });

  it('list the accounts, newest first', async () => {
    const { accounts } = JSON.parse(await curl('/v1/accounts')) as { readonly accounts: Json[] };
    const ids = accounts.map((account) => at(account, 'externalId'));
    expect(ids).toEqual(['user_124', 'user_123']);
    expect(kindsOf(accounts[1])).toEqual(kindsOf(documentedAccount));
  });

  it('get one account by internal and by external id', async () => {
    const id = textAt(created, 'account', 'id');
    const asked = [`accountId=${id}`, 'accountId=user_123', 'externalId=user_123'];
    const texts = await Promise.all(asked.map((query) => curl(`/v1/accounts/get?${query}`)));
    expect(new Set(texts).size).toBe(1);
    expect(JSON.parse(texts[0] ?? '')).toEqual(at(created, 'account'));
  });

  it('get the balance by internal and by external id', async () => {
    const id = textAt(created, 'account', 'id');
    await credit('user_123', '1000');
    const asked = [`accountId=${id}`, 'accountId=user_123', 'externalId=user_123'];
    const texts = await Promise.all(asked.map((query) => curl(`/v1/accounts/balance?${query}`)));
    expect(new Set(texts).size).toBe(1);
    const balance = JSON.parse(texts[0] ?? '') as Json;
    expect(kindsOf(balance)).toEqual(kindsOf(documentedBalance));
    const numbers = { balance: 1000, reserved: 0, available: 1000 };
    expect(balance).toEqual({ accountId: id, externalId: 'user_123', ...numbers });
  });
});

describe('a balance of 38 digits', () => {
  it('is exact in the text of every answer', async () => {
    await curlCreate(JSON.stringify({ name: 'Rich', externalId: 'rich' }));
    await credit('rich', digits);
    const texts = [
      await curl('/v1/accounts/balance?accountId=rich'),
      await curl('/v1/accounts/get?accountId=rich'),
      await curl('/v1/accounts'),
    ];
    expect(texts.filter((text) => text.includes(`"balance":${digits},`))).toEqual(texts);
    expect(texts[0]).toContain(`"available":${digits}`);
  });
});

describe('an error', () => {
  it('of an external id that is taken names the account that has it', async () => {
    const body = JSON.parse(await curlCreate(JSON.stringify(sent), 409)) as Json;
    expect(at(body, 'success')).toBe(false);
    expect(at(body, 'error', 'code')).toBe('external_id_conflict');
    expect(at(body, 'error', 'details', 'accountId')).toBe(at(created, 'account', 'id'));
  });

  it('is 401 without a key and with a wrong one', async () => {
    for (const key of ['', 'YOUR_API_KEY']) {
      const body = JSON.parse(await curl('/v1/accounts', { key, status: 401 })) as Json;
      expect(at(body, 'error', 'code')).toBe('unauthorized');
    }
  });
});

type CurlOptions = {
  readonly key?: string;
  readonly status?: number;
  readonly more?: readonly string[];
};

/** Runs curl as the documentation writes it, and gives the body. */
async function curl(path: string, options: CurlOptions = {}): Promise<string> {
  const { key = scrip.keys().test.api_key, status = 200, more = [] } = options;
  const shown = ['-sS', '-w', '\n%{http_code}', '-H', `X-API-Key: ${key}`, ...more];
  const { stdout } = await execute('curl', [...shown, scrip.gatewayUrl + path]);
  const end = stdout.lastIndexOf('\n');
  expect({ path, status: stdout.slice(end + 1) }).toEqual({ path, status: String(status) });
  return stdout.slice(0, end);
}

function curlCreate(body: string, status = 200): Promise<string> {
  const more = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', body];
  return curl('/v1/accounts/create', { status, more });
}

async function credit(externalId: string, amount: string): Promise<void> {
  const named = { reference: 'test', idempotencyKey: `credit-${externalId}` };
  await succeeding(ledger)('Credit', { account: { externalId }, amount, ...named });
}

/** The keys in their order, with the kind of each value: `{ balance: 'number' }`. */
function kindsOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.entries(value).map(([key, inner]) => [key, kindsOf(inner)]);
}
