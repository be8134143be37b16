// A stream is told no faster than its caller reads, and goes on for as long as that one wants.
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { LedgerService } from '@scrip/contract';
import { createTestBook } from '@scrip/testkit';
import { afterEach, expect, it } from 'vitest';
import { feedEventsOf, positionAt } from '../rpc/feed/scripted-feed.ts';
import {
  createStubLedger,
  creditRequest,
  type StubLedger,
  type StubOptions,
} from '../stub-ledger.ts';

const path = '/scrip.ledger.v1.LedgerService/WatchHistory';
const running: StubLedger[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((stub) => stub.ledger.close()));
});

async function start(options: StubOptions) {
  const stub = createStubLedger(options);
  running.push(stub);
  const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  const headers = { 'x-api-key': stub.addKey(), 'content-type': 'application/connect+proto' };
  return { host, port, baseUrl: `http://${host}:${port}`, headers };
}

/** Some 100 MB, told as fast as they are taken. */
function createFlood() {
  const { createId, post, events } = createTestBook();
  const accountId = createId({ customerId: 'c1' });
  for (let i = 0; i < 20; i++) post('credit', accountId, '1');
  const item = feedEventsOf(...events);
  const itemCountMax = 40_000;
  let [count, grewAt] = [0, 0];
  return {
    itemCountMax,
    count: () => count,
    /** Whether it was told something, and nothing more for a while. */
    isStalled: () => count > 0 && performance.now() - grewAt > 300,
    feed: {
      watchHistory: async function* () {
        for (; count < itemCountMax; count++) {
          if (count % 50 === 0) await setImmediate();
          grewAt = performance.now();
          yield item;
        }
      },
    },
  };
}

it('waits for a caller that does not read, over HTTP/2', async () => {
  const flood = createFlood();
  const { baseUrl, headers } = await start({ feed: flood.feed });
  const session = connect(baseUrl);
  const request = session.request({ ':method': 'POST', ':path': path, ...headers });
  request.on('error', () => undefined);
  request.pause();
  request.end(new Uint8Array(5));
  await expect.poll(flood.isStalled).toBe(true);
  expect(flood.count()).toBeLessThan(flood.itemCountMax / 2);
  session.destroy();
});

it('waits for a caller that does not read, over HTTP/1.1', async () => {
  const flood = createFlood();
  const { host, port, headers } = await start({ feed: flood.feed });
  const socket = connectTcp({ host, port });
  socket.on('error', () => undefined);
  const all = Object.entries({ host: 'x', ...headers, 'content-length': '5' });
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.pause();
  socket.write(`POST ${path} HTTP/1.1\r\n${lines}\r\n\0\0\0\0\0`);
  await expect.poll(flood.isStalled).toBe(true);
  expect(flood.count()).toBeLessThan(flood.itemCountMax / 2);
  socket.destroy();
});

it('goes on beyond the deadline of other calls', async () => {
  const passed = Promise.withResolvers<void>();
  const watchHistory = async function* () {
    yield { kind: 'started', position: positionAt(1) } as const;
    await passed.promise;
    yield { kind: 'heartbeat', position: positionAt(1) } as const;
  };
  const { baseUrl, headers } = await start({
    feed: { watchHistory },
    submit: () => new Promise(() => undefined),
    limits: { deadlineMsDefault: 500 },
  });
  const client = createClient(LedgerService, createGrpcTransport({ baseUrl }));
  const told: unknown[] = [];
  const options = { headers: { 'x-api-key': headers['x-api-key'] } };
  for await (const { message } of client.watchHistory({}, options)) {
    told.push(message.case);
    if (told.length > 1) continue;
    // It begins behind the stream, and so does its deadline.
    await expect(client.credit(creditRequest, options)).rejects.toThrow('deadline');
    passed.resolve();
  }
  expect(told).toEqual(['started', 'heartbeat']);
});
