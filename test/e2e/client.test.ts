// The typed client against a real server: through both of its doors, over every protocol.

import { createScripClient as createFetchClient, type ScripClient } from '@scrip/client';
import { createScripClient as createNodeClient, isReplay } from '@scrip/client/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScripOnTestCluster, startScripOnTestCluster } from './scrip-on-test-cluster.ts';

type Place = { readonly baseUrl: string; readonly apiKey: string };

let scrip: ScripOnTestCluster;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
});

afterAll(() => scrip?.stop());

const clients: readonly (readonly [string, (place: Place) => ScripClient])[] = [
  ['gRPC from Node', (place) => createNodeClient({ ...place, protocol: 'grpc' })],
  ['Connect from Node', (place) => createNodeClient({ ...place, protocol: 'connect' })],
  ['gRPC-Web from Node', (place) => createNodeClient({ ...place, protocol: 'grpc-web' })],
  ['Connect over fetch', (place) => createFetchClient({ ...place, protocol: 'connect' })],
  ['gRPC-Web over fetch', (place) => createFetchClient({ ...place, protocol: 'grpc-web' })],
];

describe.each(clients)('the client with %s', (name, createClient) => {
  const account = { ref: { case: 'externalId', value: `client ${name}` } } as const;
  const job = { account, amount: '25', reference: 'job', idempotencyKey: `job ${name}` };
  const client = (): ScripClient =>
    createClient({ baseUrl: scrip.ledgerUrl, apiKey: scrip.keys().test.api_key });

  it('opens an account, debits it and is given the first answer again', async () => {
    const opened = { customerId: name, externalId: account.ref.value, initialBalance: '100' };
    await client().createAccount(opened);
    const replays: boolean[] = [];
    const onHeader = (header: Headers): void => void replays.push(isReplay(header));
    const first = await client().debit(job, { onHeader });
    const second = await client().debit(job, { onHeader });
    expect(second).toEqual(first);
    expect(replays).toEqual([false, true]);
    expect(first.transaction?.entries[0]?.balanceAfter).toBe('75');
  });

  it('throws a refusal with its reason, its facts and the request id', async () => {
    const headers = { 'x-request-id': 'client-1' };
    const asked = client().debit({ ...job, amount: '80', idempotencyKey: 'more' }, { headers });
    await expect(asked).rejects.toMatchObject({
      name: 'ScripError',
      code: 'failed_precondition',
      reason: 'INSUFFICIENT_BALANCE',
      metadata: { required: '80', available: '75' },
      requestId: 'client-1',
    });
  });

  it('throws what is wrong with the key', async () => {
    const asked = client().getHead({}, { apiKey: 'scrip_test_strange' });
    await expect(asked).rejects.toMatchObject({ code: 'unauthenticated', reason: 'KEY_UNKNOWN' });
  });
});

it('says unavailable when nobody listens', async () => {
  const client = createNodeClient({ baseUrl: 'http://127.0.0.1:1', retry: false });
  await expect(client.getHead({})).rejects.toMatchObject({ code: 'unavailable' });
});
