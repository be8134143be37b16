// Access tokens and web pages, as a running server has them: over every protocol, under new signing
// keys, and from the origins that are allowed.

import { createClient, type ConnectError, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { eventCodec } from '@scrip/codec';
import { AdminService, ErrorDetailSchema, ErrorReason, LedgerService } from '@scrip/contract';
import { type Database, openDatabase, parseDatabaseUrl } from '@scrip/persistence';
import { runScrip } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';

let scrip: ScripOnTestCluster;
let databaseEnv: Readonly<Record<string, string>>;
let database: Database;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
  databaseEnv = { DATABASE_URL: scrip.databaseUrl, SCRIP_ALLOW_UNSAFE_DATABASE: 'true' };
  const connection = parseDatabaseUrl(scrip.databaseUrl);
  database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: true });
});

afterAll(async () => {
  await database?.close();
  await scrip?.stop();
});

const transportsByProtocol: Record<string, (baseUrl: string) => Transport> = {
  Connect: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  'gRPC-Web': (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '2' }),
};

const withKey = (mode: 'test' | 'prod' = 'test') => ({
  headers: { 'x-api-key': scrip.keys()[mode].api_key },
});
const asBearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

async function reasonOf(call: Promise<unknown>): Promise<ErrorReason | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown as ConnectError,
  );
  return error?.findDetails(ErrorDetailSchema)[0]?.reason;
}

function overConnect() {
  const transport = createConnectTransport({ baseUrl: scrip.ledgerUrl, httpVersion: '1.1' });
  return {
    admin: createClient(AdminService, transport),
    ledger: createClient(LedgerService, transport),
  };
}

describe.each(Object.entries(transportsByProtocol))('over %s', (protocol, transportTo) => {
  it('a token reads its own customer, and of others what it reads of nobody', async () => {
    const transport = transportTo(scrip.ledgerUrl);
    const ledger = createClient(LedgerService, transport);
    const admin = createClient(AdminService, transport);
    const open = async (customerId: string) =>
      (await ledger.createAccount({ customerId, initialBalance: '7' }, withKey())).account?.id;
    const [own, strange] = [await open(`ada ${protocol}`), await open(`bob ${protocol}`)];
    const request = { customerId: `ada ${protocol}` };
    const options = asBearer((await admin.mintAccessToken(request, withKey())).accessToken);
    const { accounts, sequence } = await ledger.listAccounts({}, options);
    expect(accounts.map(({ id }) => id)).toEqual([own]);
    expect(sequence).toBe(0n);
    for (const id of [strange, 'cca_00000000000']) {
      const account = { ref: { case: 'id' as const, value: id ?? '' } };
      const thrown = (await ledger
        .getBalance({ account }, options)
        .catch((error: unknown) => error)) as ConnectError;
      const [detail] = thrown.findDetails(ErrorDetailSchema);
      expect(detail?.reason).toBe(ErrorReason.ACCOUNT_NOT_FOUND);
      expect(detail?.metadata).toEqual({ account: id });
      expect(thrown.rawMessage).toBe('No such account.');
    }
    const credit = { account: { ref: { case: 'id' as const, value: own ?? '' } }, amount: '1' };
    expect(await reasonOf(ledger.credit(credit, options))).toBe(ErrorReason.SCOPE_MISSING);
  });
});

describe.each(Object.entries(transportsByProtocol))('over %s', (protocol, transportTo) => {
  it('a stream goes on under a new signing key, and ends with its token', async () => {
    const transport = transportTo(scrip.ledgerUrl);
    const ledger = createClient(LedgerService, transport);
    const customerId = `watched ${protocol}`;
    const { account } = await ledger.createAccount({ customerId }, withKey());
    const strange = await ledger.createAccount({ customerId: `not ${customerId}` }, withKey());
    const { accessToken, expiresAt } = await createClient(AdminService, transport).mintAccessToken(
      { customerId, ttlSeconds: 8 },
      withKey(),
    );
    const options = { ...asBearer(accessToken), timeoutMs: 60_000 };
    const amounts: string[] = [];
    const credit = async (id: string | undefined, amount: string) => {
      const ref = { ref: { case: 'id' as const, value: id ?? '' } };
      const posting = { amount, reference: 'r', idempotencyKey: `${id} ${amount}` };
      await ledger.credit({ account: ref, ...posting }, withKey());
    };
    const watch = async () => {
      for await (const { message } of ledger.watchHistory({}, options)) {
        if (message.case === 'caughtUp') {
          await credit(strange.account?.id, '999');
          await credit(account?.id, '1');
          await database.signingKeys.rotate();
          await credit(account?.id, '2');
        }
        if (message.case !== 'events') continue;
        for (const { change, sequence } of message.value.events) {
          expect(sequence).toBe(0n);
          const { entries } = (change.case === 'transactionPosted' && change.value.transaction) || {
            entries: [],
          };
          amounts.push(...entries.map(({ amount }) => amount));
        }
      }
    };
    expect(await reasonOf(watch())).toBe(ErrorReason.TOKEN_EXPIRED);
    expect(amounts).toEqual(['1', '2']);
    const lateMs = Date.now() - Number(expiresAt?.seconds) * 1000;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    // It is not the next heartbeat, after 15 seconds, that ended it.
    expect(lateMs).toBeLessThan(10_000);
  });
});

describe('a token', () => {
  it('goes on under new signing keys, which the command line makes', async () => {
    const { admin, ledger } = overConnect();
    const mint = async () =>
      (await admin.mintAccessToken({ customerId: 'ada' }, withKey())).accessToken;
    const kidOf = (token: string) =>
      (
        JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
          kid: string;
        }
      ).kid;
    const first = await mint();
    const { exitCode, stdout } = await runScrip(['keys', 'rotate-signing'], databaseEnv);
    expect(exitCode).toBe(0);
    await expect.poll(async () => kidOf(await mint())).toBe(stdout.trim());
    expect(stdout.trim()).not.toBe(kidOf(first));
    for (const token of [first, await mint()]) await ledger.listAccounts({}, asBearer(token));
  });

  it('that was changed, or is of no signature, is refused: KEY_UNKNOWN', async () => {
    const { admin, ledger } = overConnect();
    const { accessToken } = await admin.mintAccessToken({ customerId: 'ada' }, withKey());
    const [header = '', claims = '', signature = ''] = accessToken.split('.');
    const text = (part: string) => Buffer.from(part, 'base64url').toString();
    const part = (value: string) => Buffer.from(value).toString('base64url');
    const none = part(JSON.stringify({ ...(JSON.parse(text(header)) as object), alg: 'none' }));
    const bobs = part(text(claims).replace('ada', 'bob'));
    for (const token of [
      `${header}.${bobs}.${signature}`,
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
    ]) {
      const call = ledger.listAccounts({}, asBearer(token));
      expect(await reasonOf(call)).toBe(ErrorReason.KEY_UNKNOWN);
    }
  });

  it('is good for the mode of its API key alone', async () => {
    const { admin, ledger } = overConnect();
    const { accessToken } = await admin.mintAccessToken({ customerId: 'eve' }, withKey('prod'));
    await ledger.createAccount({ customerId: 'eve' }, withKey('test'));
    expect((await ledger.listAccounts({}, asBearer(accessToken))).accounts).toEqual([]);
  });
});

describe('a web page', () => {
  const path = '/scrip.ledger.v1.LedgerService/ListAccounts';
  const allowedFor = async (ledgerUrl: string, origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,connect-protocol-version,content-type',
    };
    const answer = await fetch(ledgerUrl + path, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    return answer.headers.get('access-control-allow-origin');
  };

  it('of the gateway may call, by both of its names, and no other', async () => {
    const { port } = new URL(scrip.gatewayUrl);
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      expect(await allowedFor(scrip.ledgerUrl, origin)).toBe(origin);
    }
    for (const origin of ['https://shop.example', `http://evil.example:${port}`, 'null']) {
      expect(await allowedFor(scrip.ledgerUrl, origin)).toBeNull();
    }
  });

  it('of an origin that was named may call', async () => {
    const told = await startScripOnTestCluster({
      SCRIP_ALLOWED_ORIGINS: 'https://shop.example, https://other.example:8443',
      SCRIP_GATEWAY_URL: 'https://credits.example/rest/',
    });
    const named = ['https://shop.example', 'https://other.example:8443', 'https://credits.example'];
    try {
      for (const origin of named) {
        expect(await allowedFor(told.ledgerUrl, origin)).toBe(origin);
      }
      expect(await allowedFor(told.ledgerUrl, 'https://other.example')).toBeNull();
    } finally {
      await told.stop();
    }
  });

  it.each(['*', 'https://shop.example/', 'shop.example'])(
    'has no origin like %j: the start says so in one line',
    async (text) => {
      const { exitCode, stderr } = await runScrip(['start', '--allowed-origins', text]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^scrip: --allowed-origins must be origins [^\n]*\n$/);
    },
  );
});
