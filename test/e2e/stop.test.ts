// A stop while somebody reads nothing: nobody else waits for it.

import { once } from 'node:events';
import { connect } from 'node:net';
import { BatchMode } from '@scrip/contract';
import { createScripClient, type ScripError } from '@scrip/client/node';
import { expect, it, onTestFinished } from 'vitest';
import { startScripOnTestCluster } from './scrip-on-test-cluster.ts';

const batchCount = 12;
const itemCount = 1_000;
/** What the gateway waits for whoever is not done. A busy machine stops sooner all the same. */
const graceMs = 5_000;
const metadata = { pad: 'x'.repeat(700) };

it('a reader of the feed who does not read holds up neither other streams nor a stop', async () => {
  const scrip = await startScripOnTestCluster();
  onTestFinished(async () => void (await scrip.stop()));
  const apiKey = scrip.keys().test.api_key;
  const client = createScripClient({ baseUrl: scrip.ledgerUrl, apiKey });
  const { account } = await client.createAccount({ customerId: 'ada' });
  const ref = { ref: { case: 'id' as const, value: account?.id ?? '' } };
  // More than the system takes for a reader who reads nothing.
  for (let batch = 0; batch < batchCount; batch++) {
    const items = Array.from({ length: itemCount }, (_, i) => {
      const key = `${batch}-${i}`;
      const credit = { account: ref, amount: '1', reference: key, idempotencyKey: key, metadata };
      return { item: { case: 'credit' as const, value: credit } };
    });
    await client.postBatch({ mode: BatchMode.INDEPENDENT, items });
  }
  await readNothing(`${scrip.gatewayUrl}/v1/feed?from=beginning`, apiKey);
  const live = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ readonly reason: unknown; readonly atMs: number }>();
  const leave = new AbortController();
  const watched = (async () => {
    const onState = (state: string, cause?: ScripError): void => {
      if (state === 'live') live.resolve();
      if (state === 'waiting') ended.resolve({ reason: cause?.reason, atMs: performance.now() });
    };
    for await (const _ of client.watchHistory({}, { onState, signal: leave.signal }));
  })();
  await live.promise;
  const startedAtMs = performance.now();
  const exitCode = scrip.kill('SIGTERM');
  const { reason, atMs } = await ended.promise;
  expect(reason).toBe('UNAVAILABLE');
  expect(atMs - startedAtMs).toBeLessThan(graceMs);
  expect(await exitCode).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(graceMs);
  leave.abort();
  await watched;
});

/** Opens a stream of events, reads its headers, and from then on nothing. */
async function readNothing(address: string, apiKey: string): Promise<void> {
  const { hostname, port, pathname, search } = new URL(address);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: x\r\nx-api-key: ${apiKey}\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  // Until it stands still: the server has written all that the system takes.
  let before = -1;
  await expect
    .poll(() => [before, (before = socket.bytesRead)].join(), { interval: 500 })
    .toMatch(/^(\d+),\1$/);
}
