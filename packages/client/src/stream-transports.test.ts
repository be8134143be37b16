// Streams over every protocol of both doors, against real servers whose connections are cut.
import { createServer as createHttp1Server } from 'node:http';
import { createServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Code, type HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LedgerService, type WatchHistoryRequest } from '@scrip/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScripClient } from './index.ts';
import { createScripClient as createFetchClient } from './index.ts';
import { createScripClient as createNodeClient } from './node.ts';
import { positionOf, refusal } from './scripted-feed.ts';

let openCount = 0;
const sockets = new Set<Socket>();
const handler = connectNodeAdapter({
  routes: ({ service }) => service(LedgerService, { watchHistory }),
});
const servers = { http1: createHttp1Server(handler), http2: createServer(handler) };
const reconnect = { delayMsFirst: 1 };

beforeAll(async () => {
  await Promise.all(Object.values(servers).map(listen));
});
afterAll(() => {
  for (const server of Object.values(servers)) server.close();
  cutAll();
});

const clients: readonly (readonly [string, () => ScripClient])[] = [
  ...(['grpc', 'connect', 'grpc-web'] as const).map(
    (protocol) =>
      [
        `${protocol} over HTTP/2`,
        () => createNodeClient({ baseUrl: addressOf(servers.http2), protocol, reconnect }),
      ] as const,
  ),
  ...(['connect', 'grpc-web'] as const).map(
    (protocol) =>
      [
        `${protocol} over fetch`,
        () => createFetchClient({ baseUrl: addressOf(servers.http1), protocol, reconnect }),
      ] as const,
  ),
];

describe.each(clients)('a stream in %s', (_name, createClient) => {
  const start = { case: 'beginning', value: {} } as const;

  it('goes on after its connection was cut, and ends at the server when it ends here', async () => {
    const sequences: bigint[] = [];
    for await (const { event } of createClient().watchHistory({ start })) {
      sequences.push(event.sequence);
      if (sequences.length % 3 === 0) cutAll();
      if (sequences.length === 8) break;
    }
    expect(sequences).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    await expect.poll(() => openCount).toBe(0);
  });

  it('goes on after the connection fell silent', async () => {
    const events = createClient().watchHistory({ start }, { silenceMsMax: 50 });
    const sequences: bigint[] = [];
    for await (const { event } of events) if (sequences.push(event.sequence) === 6) break;
    expect(sequences).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
    await expect.poll(() => openCount).toBe(0);
  });

  it('throws the refusal of the ledger', async () => {
    const events = createClient().watchHistory({ customerId: 'nobody' })[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ reason: 'SCOPE_MISSING' });
  });

  it('ends quietly by its signal while it waits', async () => {
    const abort = new AbortController();
    const onState = (state: string): void => {
      if (state === 'live') abort.abort();
    };
    const events = createClient().watchHistory({ start }, { signal: abort.signal, onState });
    const sequences: bigint[] = [];
    for await (const { event } of events) sequences.push(event.sequence);
    expect(sequences).toEqual([1n, 2n, 3n, 4n]);
    await expect.poll(() => openCount).toBe(0);
  });
});

/** Tells four events a connection, and then nothing more. */
async function* watchHistory({ start, customerId }: WatchHistoryRequest, context: HandlerContext) {
  if (customerId !== undefined) throw refusal('SCOPE_MISSING', Code.PermissionDenied);
  openCount += 1;
  try {
    const after = start.case === 'after' ? Number(start.value.sequence) : 0;
    const value = { position: positionOf(after) };
    yield { message: { case: 'started' as const, value } };
    for (let sequence = after + 1; sequence <= after + 4; sequence += 1) {
      const events = [{ sequence: BigInt(sequence) }];
      const group = { events, position: positionOf(sequence) };
      yield { message: { case: 'events' as const, value: group } };
    }
    yield { message: { case: 'caughtUp' as const, value: { position: positionOf(after + 4) } } };
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
  } finally {
    openCount -= 1;
  }
}

function cutAll(): void {
  for (const socket of sockets) socket.destroy();
}

function listen(server: Server): Promise<void> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  return promise;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
