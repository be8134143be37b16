// Access tokens: when they are asked for, shown and replaced.
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect';
import { LedgerService } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import type { ClientDefaults } from './index.ts';
import { createScripClient, ScripError } from './index.ts';
import { refusal, scriptedFeed } from './scripted-feed.ts';

const account = { ref: { case: 'id', value: 'cca_0123456789A' } } as const;

describe('an access token', () => {
  it('is asked for once, by calls at the same time too, and shown by all', async () => {
    const { client, shown, asked } = ledgerOf(() => false);
    await Promise.all([client.getBalance({ account }), client.getBalance({ account })]);
    await client.getBalance({ account });
    expect(shown).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1']);
    expect(asked()).toBe(1);
  });

  it('is replaced when it has expired, and the call sent again', async () => {
    const { client, shown, asked } = ledgerOf((bearer) => bearer === 'Bearer token-1');
    await Promise.all([client.getBalance({ account }), client.getBalance({ account })]);
    await client.getBalance({ account });
    expect(shown.slice(-1)).toEqual(['Bearer token-2']);
    expect(asked()).toBe(2);
  });

  it('is replaced once for a call', async () => {
    const { client, shown } = ledgerOf(() => true);
    await expect(client.getBalance({ account })).rejects.toMatchObject({ reason: 'TOKEN_EXPIRED' });
    expect(shown).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is not shown where there is an API key', async () => {
    const { client, shown, asked } = ledgerOf(() => false);
    await client.getBalance({ account }, { apiKey: 'scrip_test_a' });
    expect(shown).toEqual([null]);
    expect(asked()).toBe(0);
  });

  it('that cannot be got makes a call unavailable', async () => {
    const accessToken = () => Promise.reject(new Error('no network'));
    const { client } = ledgerOf(() => false, { accessToken });
    const call = client.getBalance({ account });
    await expect(call).rejects.toMatchObject({ name: 'ScripError', code: 'unavailable' });
  });

  it('that does not come holds a call up no longer than its deadline', async () => {
    const accessToken = () => new Promise<string>(() => undefined);
    const { client } = ledgerOf(() => false, { accessToken });
    const call = client.getBalance({ account }, { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });
});

describe('the access token of a stream', () => {
  const expired = { messages: 2, breaks: 'TOKEN_EXPIRED' } as const;

  it('is replaced when it ends, and the stream goes on', async () => {
    const feed = scriptedFeed([1, 1, 1], [expired, expired]);
    let asked = 0;
    const accessToken = () => `token-${(asked += 1)}`;
    const reconnect = { delayMsFirst: 0 };
    const client = createScripClient({ transport: feed.transport, accessToken, reconnect });
    const sequences: bigint[] = [];
    for await (const { event } of client.watchHistory({
      start: { case: 'beginning', value: {} },
    })) {
      if (sequences.push(event.sequence) === 3) break;
    }
    expect(sequences).toEqual([1n, 2n, 3n]);
    expect(feed.credentials).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
  });

  it('that cannot be got is asked for again, unless its provider refuses', async () => {
    const feed = scriptedFeed([1]);
    const failures = [
      new Error('no network'),
      new ScripError('signed out', { code: 'unauthenticated', cause: undefined }),
    ];
    const accessToken = () => Promise.reject(failures.shift() ?? new Error('asked too often'));
    const reconnect = { delayMsFirst: 0 };
    const client = createScripClient({ transport: feed.transport, accessToken, reconnect });
    const events = client.watchHistory({})[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toThrow('signed out');
    expect(failures).toEqual([]);
  });
});

/** A ledger that calls some tokens expired, and a client whose provider numbers its tokens. */
function ledgerOf(isExpired: (bearer: string) => boolean, defaults: ClientDefaults = {}) {
  const shown: (string | null)[] = [];
  let asked = 0;
  const transport = createRouterTransport(({ service }) =>
    service(LedgerService, {
      getBalance(_request, { requestHeader }) {
        const bearer = requestHeader.get('authorization');
        shown.push(bearer);
        if (bearer === null && !requestHeader.has('x-api-key')) {
          throw new ConnectError('who?', Code.Unauthenticated);
        }
        if (isExpired(bearer ?? '')) throw refusal('TOKEN_EXPIRED', Code.Unauthenticated);
        return {};
      },
    }),
  );
  const accessToken = () => `token-${(asked += 1)}`;
  const client = createScripClient({ transport, accessToken, retry: false, ...defaults });
  return { client, shown, asked: () => asked };
}
