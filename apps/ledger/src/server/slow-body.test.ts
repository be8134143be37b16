// Calls whose body comes piece by piece, or much later than their headers.
import { once } from 'node:events';
import { request as requestH1 } from 'node:http';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStubLedger } from '../stub-ledger.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

type SlowCall = {
  readonly send: (part: string) => void;
  readonly end: (body: string) => void;
  readonly answer: Promise<string>;
};

const path = '/scrip.ledger.v1.LedgerService/Credit';
const body = JSON.stringify({
  account: { id: 'cca_00000000001' },
  amount: '5',
  reference: 'order 1',
  idempotencyKey: 'k1',
});

function callH1(port: number, apiKey: string): SlowCall {
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
  const sent = requestH1({ host: '127.0.0.1', port, method: 'POST', path, headers });
  sent.flushHeaders();
  const answer = once(sent, 'response').then(([response]) => text(response as never));
  return { send: (part) => void sent.write(part), end: (rest) => void sent.end(rest), answer };
}

function callH2(port: number, apiKey: string): SlowCall {
  const session = connect(`http://127.0.0.1:${port}`);
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
  const sent = session.request({ ':method': 'POST', ':path': path, ...headers });
  const answer = text(sent).finally(() => session.close());
  return { send: (part) => void sent.write(part), end: (rest) => void sent.end(rest), answer };
}

it.each([
  ['HTTP/1.1, fast path', true, callH1],
  ['HTTP/1.1, router', false, callH1],
  ['HTTP/2, fast path', true, callH2],
  ['HTTP/2, router', false, callH2],
])('refuses a key that was revoked before the body came: %s', async (_name, fastPath, call) => {
  const stub = createStubLedger({ fastPath, limits: { graceMs: 200 } });
  const { port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  const apiKey = stub.addKey();
  const { end, answer } = call(port, apiKey);
  await expect.poll(stub.keyLookups).toBe(1);
  stub.revoke(apiKey);
  vi.setSystemTime(Date.now() + 1_000);
  end(body);
  expect(JSON.parse(await answer)).toMatchObject({ code: 'unauthenticated' });
  expect(stub.lines().filter(({ msg }) => msg === 'call')).toMatchObject([
    { code: 'unauthenticated', reason: 'KEY_UNKNOWN' },
  ]);
  await stub.ledger.close();
});

it.each([
  ['fast path', true],
  ['router', false],
])('refuses a body that is too long while it comes, and at once: %s', async (_name, fastPath) => {
  const limits = { messageBytesMax: 4_000, graceMs: 200 };
  const stub = createStubLedger({ fastPath, limits });
  const { port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  const { send, end, answer } = callH1(port, stub.addKey());
  await expect.poll(stub.keyLookups).toBe(1);
  const startedAt = performance.now();
  send('x'.repeat(4_096));
  // What comes after the part that is too long comes when the answer is on its way.
  await expect.poll(() => stub.lines().some(({ msg }) => msg === 'call')).toBe(true);
  end('x'.repeat(4_096));
  expect(JSON.parse(await answer)).toMatchObject({ code: 'resource_exhausted' });
  // Not after the five seconds for which a rest is waited for.
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  await stub.ledger.close();
});
