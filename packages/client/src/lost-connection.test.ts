// A connection that is lost under a call, over every protocol of both doors.
import { createServer as createHttp1Server } from 'node:http';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScripClient as createFetchClient, type ScripClient } from './index.ts';
import { createScripClient as createNodeClient } from './node.ts';

type Cut = 'before the answer' | 'in the midst of the answer' | 'by a reset';

let cut: Cut;
let cutsLeft: number;
let heardCount: number;
const sockets = new Set<Socket>();
const account = { ref: { case: 'id', value: 'cca_0123456789A' } } as const;
const answer = connectNodeAdapter({
  routes: ({ service }) =>
    service(LedgerService, { getHead: () => ({ storeId: 'sto_1' }), freezeAccount: () => ({}) }),
});
const servers = {
  http1: createHttp1Server((request, response) => {
    const type = request.headers['content-type'];
    const begin = (): Writable =>
      response.writeHead(200, { 'content-type': type, 'content-length': 1_000 });
    if (!isCut(begin)) answer(request, response);
  }),
  http2: createServer((request, response) => {
    const { stream } = response as { stream: ServerHttp2Stream };
    const type = request.headers['content-type'];
    const begin = (): Writable => {
      stream.respond({ ':status': 200, 'content-type': type ?? '' });
      return stream;
    };
    if (!isCut(begin)) answer(request, response);
  }),
};

beforeAll(async () => {
  await Promise.all(Object.values(servers).map(listen));
});
beforeEach(() => {
  heardCount = 0;
});
afterAll(() => {
  for (const server of Object.values(servers)) server.close();
  for (const socket of sockets) socket.destroy();
});

const cuts: readonly Cut[] = ['before the answer', 'in the midst of the answer', 'by a reset'];
const clients: readonly (readonly [string, () => ScripClient])[] = [
  ...(['grpc', 'connect', 'grpc-web'] as const).map(
    (protocol) =>
      [
        `${protocol} over HTTP/2`,
        () => createNodeClient({ baseUrl: addressOf(servers.http2), protocol }),
      ] as const,
  ),
  ...(['connect', 'grpc-web'] as const).map(
    (protocol) =>
      [
        `${protocol} over fetch`,
        () => createFetchClient({ baseUrl: addressOf(servers.http1), protocol }),
      ] as const,
  ),
];

describe.each(clients)('a call whose connection is lost, %s', (_name, createClient) => {
  it.each(cuts)('is sent again where that is safe, when it is cut %s', async (where) => {
    [cut, cutsLeft] = [where, 1];
    await expect(createClient().getHead({})).resolves.toMatchObject({ storeId: 'sto_1' });
    expect(heardCount).toBe(2);
  });

  it.each(cuts)('is unavailable where that is not safe, when it is cut %s', async (where) => {
    [cut, cutsLeft] = [where, 1];
    const call = createClient().freezeAccount({ account });
    await expect(call).rejects.toMatchObject({ name: 'ScripError', code: 'unavailable' });
    expect(heardCount).toBe(1);
  });
});

/** Cuts all connections where that is still to be done; gives whether it did. */
function isCut(begin: () => Writable): boolean {
  heardCount += 1;
  if (cutsLeft === 0) return false;
  cutsLeft -= 1;
  const end = (): void => {
    for (const socket of sockets) {
      if (cut === 'by a reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  if (cut === 'in the midst of the answer') begin().write('{', () => setImmediate(end));
  else end();
  return true;
}

function listen(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1', resolve);
  return promise;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
