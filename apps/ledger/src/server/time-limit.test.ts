// Time limits that no call can have: refused by the header's name, and no timer is asked for them.
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { callRaw, type RawAnswer } from '../fast-path/raw-call.ts';
import { frameOf } from '../fast-path/spoken.ts';
import { createStubLedger, type StubLedger } from '../stub-ledger.ts';

let stub: StubLedger;
let baseUrl: string;

beforeAll(async () => {
  stub = createStubLedger();
  const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  baseUrl = `http://${host}:${port}`;
});

afterEach(() => vi.restoreAllMocks());
afterAll(() => stub.ledger.close());

const connect = ['application/json', 'connect-timeout-ms'] as const;
const connectStream = ['application/connect+json', 'connect-timeout-ms'] as const;
const grpc = ['application/grpc+json', 'grpc-timeout'] as const;
const grpcWeb = ['application/grpc-web+json', 'grpc-timeout'] as const;

const tooLong = 'connect-timeout-ms or grpc-timeout of this call must be at most';

it.each([
  [...connect, '300001', `${tooLong} 300000 ms`],
  [...connect, '2147483648', `${tooLong} 300000 ms`],
  [...connect, '9999999999', `${tooLong} 300000 ms`],
  [...connect, '99999999999', 'connect-timeout-ms must be a whole number of milliseconds'],
  [...connect, 'soon', 'connect-timeout-ms must be a whole number of milliseconds'],
  [...grpc, '301S', `${tooLong} 300000 ms`],
  [...grpc, '99999999H', `${tooLong} 300000 ms`],
  [...grpc, '5', 'grpc-timeout must be a whole number of at most 8 digits with a unit'],
  [...grpcWeb, '99999999H', `${tooLong} 300000 ms`],
  [...grpcWeb, '5', 'grpc-timeout must be a whole number of at most 8 digits with a unit'],
  [...connectStream, '9999999999', `${tooLong} 2073600000 ms`],
])('refuses over %s a %s of %j', async (...row) => {
  const [contentType, header, limit, message] = row;
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const method = contentType.includes('connect+') ? 'WatchHistory' : 'GetHead';
  const body = contentType === 'application/json' ? Buffer.from('{}') : frameOf(Buffer.from('{}'));
  const answer = await callRaw(baseUrl, {
    version: 'h2',
    path: `/scrip.ledger.v1.LedgerService/${method}`,
    headers: { 'content-type': contentType, 'x-api-key': stub.addKey(), [header]: limit },
    body: [body],
  });
  expect(textOf(answer)).toContain(message);
  expect(timers.mock.calls.filter(([, ms = 0]) => ms > 2 ** 31 - 1)).toEqual([]);
});

function textOf({ trailers, body }: RawAnswer): string {
  const text = `${String(trailers['grpc-message'])} ${Buffer.from(body, 'base64').toString()}`;
  return text.replaceAll('%20', ' ');
}
