// The feed on PostgreSQL, read with curl and with the client, over a restart of the server.
import { createScripAdminClient, createScripClient } from '@scrip/client/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { curlFeed, type CurlFeed } from './curl-feed.ts';
import { type FeedServer, startFeedServer } from './feed-server.ts';

let server: FeedServer;
let accountId: string;
let keyCount = 0;
const feeds: CurlFeed[] = [];

beforeAll(async () => {
  server = await startFeedServer();
  const { account } = await client().createAccount({ customerId: 'ada', initialBalance: '100' });
  accountId = account?.id ?? '';
});
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
});
afterAll(() => server?.close());

describe('/v1/feed', () => {
  it('tells the past, says that it is live, and tells what comes', async () => {
    const feed = read('?from=beginning');
    const past = await feed.until('caught_up');
    expect(past.map(({ event }) => event)).toEqual(['started', 'account_created', 'caught_up']);
    expect(past[1]?.data).toMatchObject({
      kind: 'account_created',
      sequence: 1,
      account: { id: accountId, customer_id: 'ada', status: 'active' },
      opening: { kind: 'opening', entries: [{ amount: '100', balance_after: '100' }] },
      counterpart: 'issued',
    });
    await credit('7');
    const event = await feed.next();
    expect(event).toMatchObject({
      event: 'transaction_posted',
      data: { transaction: { entries: [{ account_id: accountId, amount: '7' }] } },
    });
    expect(event?.id).toMatch(/^2-2-[\w-]{43}$/);
  });

  it('goes on behind Last-Event-ID over a restart, with nothing lost or twice', async () => {
    const first = read('?from=now');
    await first.until('caught_up');
    const written = [await credit('1'), await credit('2')];
    const seen = [await first.next(), await first.next()];
    written.push(await credit('3'));
    await server.stop();
    expect(await ended(first)).toBe(true);
    await server.start();
    written.push(await credit('4'));
    // Behind the second: what was told of the third before the stop is told again.
    const again = read('?from=beginning', { 'last-event-id': seen[1]?.id ?? '' });
    const missed = (await again.until('caught_up')).slice(1, -1);
    written.push(await credit('5'));
    seen.push(...missed, await again.next());
    expect(seen.map((event) => event?.data['sequence'])).toEqual(written);
  });

  it('answers HISTORY_DIVERGED to a position of another history', async () => {
    const feed = read('?from=now');
    const [started] = await feed.until('started');
    const [sequence = ''] = started?.id.split('-') ?? [];
    const other = `${sequence}-${sequence}-${Buffer.alloc(32, 1).toString('base64url')}`;
    const headers = { 'x-api-key': server.apiKey, 'last-event-id': other };
    const answer = await fetch(`${server.urls.gateway}/v1/feed`, { headers });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { reason: 'HISTORY_DIVERGED' } });
  });

  it('answers for an account that nobody knows', async () => {
    const headers = { 'x-api-key': server.apiKey };
    const url = `${server.urls.gateway}/v1/feed?account_id=cca_00000000000`;
    const answer = await fetch(url, { headers });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { reason: 'ACCOUNT_NOT_FOUND' } });
  });

  it('tells the bearer of an access token its own, over a restart too', async () => {
    const token = await mint();
    const feed = read(`?access_token=${token}`, {}, null);
    const [, caughtUp] = await feed.until('caught_up');
    await credit('6');
    const event = await feed.next();
    expect(event?.data).not.toHaveProperty('sequence');
    expect(event?.data).not.toHaveProperty('transaction.idempotency_key');
    expect(event?.data).toHaveProperty('transaction.entries.0.account_id', accountId);
    expect(event?.id).not.toBe(caughtUp?.id);
    await server.stop();
    await server.start();
    await credit('7');
    const again = read(`?access_token=${token}`, { 'last-event-id': event?.id ?? '' }, null);
    const [, missed, live] = await again.until('caught_up');
    expect(missed?.data).toHaveProperty('transaction.entries.0.amount', '7');
    expect(live?.event).toBe('caught_up');
  });

  it('is all that the gateway gives for an access token: the rest needs an API key', async () => {
    const headers = { authorization: `Bearer ${await mint()}` };
    const statusOf = async (path: string) =>
      (await fetch(`${server.urls.gateway}${path}`, { headers })).status;
    expect(await statusOf('/v1/customer-credits/accounts')).toBe(403);
    expect(await statusOf('/v1/accounts')).toBe(401);
  });

  it('leaves no stream behind at the ledger when its readers leave', async () => {
    const readers = Array.from({ length: 5 }, () => read('?from=beginning'));
    for (const reader of readers) await reader.until('caught_up');
    expect(await server.streamCount()).toBe(5);
    for (const reader of readers) reader.close();
    await expect.poll(() => server.streamCount()).toBe(0);
  });
});

describe('the client', () => {
  it.each(['grpc', 'connect', 'grpc-web'] as const)(
    'sees each event once over a restart, in %s',
    async (protocol) => {
      const written: number[] = [];
      const seen: number[] = [];
      const states: string[] = [];
      const live = Promise.withResolvers<void>();
      const onState = (state: string): void => {
        states.push(state);
        if (state === 'live') live.resolve();
      };
      const watching = (async () => {
        for await (const { event } of client(protocol).watchHistory({}, { onState })) {
          if (seen.push(Number(event.sequence)) === 6) return;
        }
      })();
      await live.promise;
      for (const amount of ['1', '2', '3']) written.push(await credit(amount));
      await server.stop();
      await server.start();
      for (const amount of ['4', '5', '6']) written.push(await credit(amount));
      await watching;
      expect(seen).toEqual(written);
      expect(states).toContain('waiting');
      await expect.poll(() => server.streamCount()).toBe(0);
    },
  );

  it('sees the newest balance over a restart', async () => {
    const balances: string[] = [];
    const { balance: before } = await client().getBalance({ account: ref() });
    for await (const item of client().watchBalances({ customerId: 'ada' })) {
      if (item.kind === 'snapshot_end') {
        if (balances.length === 1) void credit('10');
        continue;
      }
      if (balances.push(item.balance.balance) === 2) {
        await server.stop();
        await server.start();
        void credit('11');
      }
      if (balances.length === 3) break;
    }
    const first = Number(before?.balance);
    expect(balances.map(Number)).toEqual([first, first + 10, first + 21]);
  });

  it('is refused once its key is revoked', async () => {
    const events = client().watchHistory({ start: { case: 'now', value: {} } });
    const feed = read('?from=now');
    await feed.until('caught_up');
    const next = events[Symbol.asyncIterator]().next();
    const [refused] = await Promise.allSettled([next, server.revoke()]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { reason: 'KEY_UNKNOWN' } });
    expect((await feed.until('ended')).at(-1)?.data).toMatchObject({ reason: 'KEY_UNKNOWN' });
    expect(await ended(feed)).toBe(true);
  });
});

function client(protocol: 'grpc' | 'connect' | 'grpc-web' = 'grpc') {
  const { apiKey, urls } = server;
  const reconnect = { delayMsFirst: 20, delayMsMax: 200 };
  return createScripClient({ baseUrl: urls.ledger, apiKey, protocol, reconnect });
}

function ref() {
  return { ref: { case: 'id', value: accountId } } as const;
}

/** Adds an amount and gives the sequence of the event. */
async function credit(amount: string): Promise<number> {
  const key = `credit-${(keyCount += 1)}`;
  const asked = { account: ref(), amount, reference: key, idempotencyKey: key };
  return Number((await client().credit(asked)).sequence);
}

async function mint(): Promise<string> {
  const { apiKey, urls } = server;
  const admin = createScripAdminClient({ baseUrl: urls.ledger, apiKey });
  return (await admin.mintAccessToken({ customerId: 'ada' })).accessToken;
}

function read(
  query: string,
  headers: Readonly<Record<string, string>> = {},
  key: string | null = server.apiKey,
): CurlFeed {
  const shown = key === null ? headers : { 'x-api-key': key, ...headers };
  const feed = curlFeed(`${server.urls.gateway}/v1/feed${query}`, shown);
  feeds.push(feed);
  return feed;
}

/** Whether the stream ends, whatever it still tells. */
async function ended(feed: CurlFeed): Promise<boolean> {
  while ((await feed.next()) !== undefined);
  return true;
}
