// Readers who do not read: how their streams end all the same.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import type { WatchHistoryResponseSchema } from '@scrip/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeGateway, known, refusal, type FakeLedger } from '../fake-ledger.ts';
import type { Gateway } from '../gateway.ts';

type Sent = MessageInitShape<typeof WatchHistoryResponseSchema>;

/** What a stop waits for calls under way. */
const graceMs = 20_000;
const gateways: Gateway[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});

describe('a reader who does not read', () => {
  it('is hung up on when what let them in is good no more', async () => {
    const { ended, endAll, openCount } = await openUnread();
    await expect.poll(openCount).toBe(2);
    endAll();
    await expect(ended).resolves.toBe('ended');
    await expect.poll(openCount).toBe(0);
  });

  it('is not looked after any more once they have left', async () => {
    const { openCount } = await openUnread();
    await expect.poll(openCount).toBe(2);
    for (const socket of sockets) socket.destroy();
    await expect.poll(openCount).toBe(0);
  });

  it('does not hold up a stop', async () => {
    const { ended, gateway } = await openUnread();
    const startedAt = performance.now();
    await Promise.all([gateway.close(), ended]);
    expect(performance.now() - startedAt).toBeLessThan(graceMs / 2);
  });
});

/** A stream without an end, whose reader reads nothing; its ledger knows what is open. */
async function openUnread() {
  const open = new Set<AbortSignal>();
  const ended = Promise.withResolvers<string>();
  const good = new AbortController();
  const revoked = once(good.signal, 'abort');
  const watchHistory: FakeLedger['watchHistory'] = async function* ({ kinds }, { signal }) {
    open.add(signal);
    signal.addEventListener('abort', () => open.delete(signal));
    if (kinds.length > 0) {
      await Promise.race([revoked, once(signal, 'abort')]);
      open.delete(signal);
      throw refusal('KEY_UNKNOWN', Code.Unauthenticated);
    }
    signal.addEventListener('abort', () => ended.resolve('ended'));
    while (!signal.aborted) yield large;
  };
  const gateway = await createFakeGateway({ watchHistory }, { graceMs });
  gateways.push(gateway);
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(`GET /v1/feed HTTP/1.1\r\nhost: x\r\nx-api-key: ${known['x-api-key']}\r\n\r\n`);
  await expect.poll(() => open.size).toBe(1);
  return { gateway, ended: ended.promise, openCount: () => open.size, endAll: () => good.abort() };
}

const transaction = { id: 'cct_1', reference: 'x'.repeat(100_000) };
const change = { case: 'transactionPosted' as const, value: { transaction } };
const events = [{ createdAt: { seconds: 1n }, sequence: 1n, change }];
const large: Sent = {
  message: { case: 'events', value: { events, position: { sequence: 1n } } },
};
