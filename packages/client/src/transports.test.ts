// Every protocol of both doors against one real server on loopback.
import { createServer } from 'node:http2';
import { createServer as createHttp1Server } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScripClient as createFetchClient } from './index.ts';
import { createScripClient as createNodeClient } from './node.ts';

const handler = connectNodeAdapter({
  routes: ({ service }) => service(LedgerService, { getHead: () => ({ storeId: 'sto_1' }) }),
});
const http1 = createHttp1Server(handler);
const http2 = createServer(handler);

describe('the transports', () => {
  beforeAll(async () => {
    await Promise.all([listen(http1), listen(http2)]);
  });
  afterAll(() => {
    http1.close();
    http2.close();
  });

  it.each(['connect', 'grpc', 'grpc-web'] as const)('speak %s over HTTP/2', async (protocol) => {
    const client = createNodeClient({ baseUrl: addressOf(http2), protocol });
    expect((await client.getHead({})).storeId).toBe('sto_1');
  });

  it.each(['connect', 'grpc-web'] as const)('speak %s over fetch', async (protocol) => {
    const client = createFetchClient({ baseUrl: addressOf(http1), protocol });
    expect((await client.getHead({})).storeId).toBe('sto_1');
  });

  it('say unavailable when nobody listens', async () => {
    const client = createNodeClient({ baseUrl: 'http://127.0.0.1:1', retry: false });
    await expect(client.getHead({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

function listen(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  return promise;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
