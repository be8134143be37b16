// The fast path answers as the router does: the same requests to both, compared byte for byte.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditRequest } from '../stub-ledger.ts';
import type { RawRequest } from './raw-call.ts';
import { allSpoken, carry, creditPath, encode, frameOf, requestOf, type Spoken } from './spoken.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

let ledgers: TwoLedgers;

type Change = (request: RawRequest, spoken: Spoken) => RawRequest;

/** Asks both, and tells what each answered and what its log says of the call. */
async function ask(spoken: Spoken, body: Uint8Array, change: Change = (same) => same) {
  const plain = requestOf(spoken, body);
  const keyed = { ...plain, headers: { ...plain.headers, 'x-api-key': ledgers.apiKey } };
  const before = { fast: endsOf('fast').length, stock: endsOf('stock').length };
  const { fast, stock } = await ledgers.ask(change(keyed, spoken));
  const since = (which: 'fast' | 'stock') => endsOf(which).slice(before[which]);
  await expect
    .poll(() => since('fast').length === since('stock').length, { interval: 2 })
    .toBe(true);
  return {
    fast: { ...fast, lines: since('fast') },
    stock: { ...stock, lines: since('stock') },
  };
}

function endsOf(which: 'fast' | 'stock') {
  const lines = ledgers[which].stub.lines().filter(({ msg }) => msg === 'call');
  return lines.map(({ time: _time, duration_ms: _duration, ...told }) => told);
}

const withHeaders =
  (headers: RawRequest['headers']): Change =>
  (request) => ({ ...request, headers: { ...request.headers, ...headers } });

const without =
  (name: string): Change =>
  ({ headers: { [name]: _gone, ...headers }, ...request }) => ({ ...request, headers });

describe.each(allSpoken)('$contentType over $version', (spoken) => {
  beforeAll(async () => {
    const isAllowedOrigin = (origin: string) => origin === 'https://shop.example';
    ledgers = await startTwoLedgers({ isAllowedOrigin });
  });

  afterAll(() => ledgers.close());

  const message = encode(spoken, creditRequest);
  const body = carry(spoken, message);
  const about = (reference: string) =>
    carry(spoken, encode(spoken, { ...creditRequest, reference }));

  it('credits', async () => {
    const { fast: answer, stock } = await ask(spoken, body);
    expect(answer).toEqual(stock);
    expect(answer.status).toBe(200);
    expect(answer.headers['scrip-request-id']).toBe('r-1');
  });

  it.each(['refused', 'replayed', 'queue full', 'unavailable', 'collided', 'bug'])(
    'tells of a call that ends with: %s',
    async (reference) => {
      const { fast, stock } = await ask(spoken, about(reference));
      expect(fast).toEqual(stock);
    },
  );

  it.each([
    ['without an amount', { ...creditRequest, amount: '' }],
    ['with an amount that is none', { ...creditRequest, amount: '1e3' }],
    ['without all', {}],
    ['with a reference that is too long', { ...creditRequest, reference: 'x'.repeat(2000) }],
  ])('refuses a request %s', async (_what, malformed) => {
    const { fast, stock } = await ask(spoken, carry(spoken, encode(spoken, malformed)));
    expect(fast).toEqual(stock);
  });

  it('names the field of a call about coupons', async () => {
    const to = (path: string) => (request: RawRequest) => ({ ...request, path });
    const nothing = carry(spoken, spoken.isJson ? Buffer.from('{}') : Buffer.alloc(0));
    const method = 'scrip.coupons.v1.CouponService/RevokeCustomerCredit';
    const { fast, stock } = await ask(spoken, nothing, to(`/${method}`));
    expect(fast).toEqual(stock);
    expect(fast.lines).toMatchObject([{ method, reason: 'FIELD_INVALID' }]);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['bytes that are no message', Buffer.from([0xff, 0xff, 0xff])],
    ['half a message', message.subarray(0, message.length / 2)],
    ['unknown fields', Buffer.from(JSON.stringify({ amount: '5', colour: 'red' }))],
    ['a word that names nothing', Buffer.from(JSON.stringify({ grant: { category: 'FREE' } }))],
    ['JSON that breaks off', Buffer.from('{"amount": ')],
    ['JSON of another type', Buffer.from('{"amount": 5}')],
    ['a byte order mark', Buffer.concat([Buffer.from('\uFEFF'), message])],
    ['bytes that are no text', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
  ])('carries %s', async (_what, bytes) => {
    const { fast, stock } = await ask(spoken, carry(spoken, bytes));
    expect(fast).toEqual(stock);
  });

  it.each([
    ['two messages', Buffer.concat([body, body])],
    ['a frame too few bytes', frameOf(message, 0, message.length + 3)],
    ['a frame too many bytes', frameOf(message, 0, message.length - 3)],
    ['half of a prefix', Buffer.from([0, 0, 0])],
    ['the flag of compression', frameOf(message, 1)],
    ['the flag of trailers', frameOf(message, 0x80)],
    ['a flag nobody knows', frameOf(message, 2)],
    ['more than it may', carry(spoken, Buffer.alloc(4001, 'x'))],
    ['just as much as it may', carry(spoken, Buffer.alloc(4000, 'x'))],
    ['the promise of gigabytes', frameOf(message, 0, 0xffffffff)],
  ])('has a body of %s', async (_what, bytes) => {
    const { fast, stock } = await ask(spoken, bytes);
    expect(fast).toEqual(stock);
  });

  it('comes byte by byte', async () => {
    const pieces = Array.from(body, (byte) => Uint8Array.of(byte));
    const { fast, stock } = await ask(spoken, body, (request) => ({ ...request, body: pieces }));
    expect(fast).toEqual(stock);
  });

  it('says how long it is', async () => {
    for (const said of [body, Buffer.alloc(5000, 'x')]) {
      const { fast, stock } = await ask(
        spoken,
        said,
        withHeaders({ 'content-length': said.byteLength }),
      );
      expect(fast).toEqual(stock);
    }
  });

  it.each(['none', 'nonsense', 'unknown', 'may not'])('has a key: %s', async (kind) => {
    const keys: Readonly<Record<string, string>> = {
      nonsense: 'nonsense',
      unknown: ledgers.apiKey.replace(/.$/, 'X'),
      'may not': ledgers.readKey,
    };
    const key = keys[kind];
    const change = key === undefined ? without('x-api-key') : withHeaders({ 'x-api-key': key });
    const { fast, stock } = await ask(spoken, body, change);
    expect(fast).toEqual(stock);
  });

  it('has a key as a bearer', async () => {
    const authorization = `Bearer ${ledgers.apiKey}`;
    const { fast, stock } = await ask(spoken, body, (request, on) =>
      without('x-api-key')(withHeaders({ authorization })(request, on), on),
    );
    expect(fast).toEqual(stock);
  });

  it.each([
    '5000',
    '5S',
    '0',
    '0m',
    '1n',
    '1u',
    '99999999999',
    '9999999H',
    '400000',
    'x',
    '-1',
    '',
  ])('gives itself the time of %j', async (time) => {
    const { fast, stock } = await ask(
      spoken,
      body,
      withHeaders({ 'connect-timeout-ms': time, 'grpc-timeout': time }),
    );
    expect(fast).toEqual(stock);
  });

  it('ends at its deadline', async () => {
    const times = { 'connect-timeout-ms': '40', 'grpc-timeout': '40m' };
    const { fast, stock } = await ask(spoken, about('slow'), withHeaders(times));
    expect(fast).toEqual(stock);
  });

  it.each([
    { 'accept-encoding': 'gzip', 'grpc-accept-encoding': 'gzip' },
    { 'accept-encoding': 'nonsense, br;q=1, br', 'grpc-accept-encoding': 'identity,deflate,gzip' },
    { 'accept-encoding': '', 'grpc-accept-encoding': '' },
    { 'content-encoding': 'identity', 'grpc-encoding': 'identity' },
    { 'content-encoding': 'nonsense', 'grpc-encoding': 'nonsense' },
    { 'content-encoding': 'gzip', 'grpc-encoding': 'gzip' },
    { origin: 'https://shop.example' },
    { origin: 'https://elsewhere.example' },
    { 'connect-protocol-version': '1' },
    { 'connect-protocol-version': '2' },
    { 'x-request-id': 'not sane' },
    { expect: '100-continue' },
    { 'x-user-agent': 'any', traceparent: 'nonsense', cookie: 'a=b' },
  ])('comes with %j', async (headers) => {
    const { 'x-request-id': _named, ...others } = headers as Record<string, string>;
    for (const sent of [body, about('refused')]) {
      const { fast, stock } = await ask(spoken, sent, withHeaders(others));
      expect(fast).toEqual(stock);
    }
  });

  it('takes large answers compressed', async () => {
    const accept = { 'accept-encoding': 'gzip', 'grpc-accept-encoding': 'gzip' };
    const wrong = { ...creditRequest, amount: 'x'.repeat(700), reference: 'x'.repeat(1200) };
    const { fast, stock } = await ask(
      spoken,
      carry(spoken, encode(spoken, wrong)),
      withHeaders(accept),
    );
    expect(fast).toEqual(stock);
  });

  it('is compressed', async () => {
    const small = gzipSync(message);
    const named = { 'content-encoding': 'gzip', 'grpc-encoding': 'gzip' };
    const { fast: answer, stock } = await ask(
      spoken,
      spoken.isFramed ? frameOf(small, 1) : small,
      withHeaders(named),
    );
    expect(answer).toEqual(stock);
    expect(answer.status).toBe(200);
  });

  it.each([
    `${spoken.contentType}; charset=utf-8`,
    `${spoken.contentType};charset=utf-8`,
    spoken.contentType.toUpperCase(),
    `${spoken.contentType}+xml`,
    `${spoken.contentType}-text`,
    spoken.contentType.replace('/', '/connect+'),
    'text/plain',
    '',
  ])('is spoken of as %j', async (contentType) => {
    const { fast, stock } = await ask(spoken, body, withHeaders({ 'content-type': contentType }));
    expect(fast).toEqual(stock);
  });

  it.each(['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])('is called by %s', async (method) => {
    const change: Change = (request) => ({ ...request, method, body: [] });
    const { fast, stock } = await ask(spoken, body, change);
    expect(fast).toEqual(stock);
  });

  it.each([
    `${creditPath}?a=b`,
    `${creditPath}/`,
    creditPath.toLowerCase(),
    creditPath.replace('Credit', 'GetHead'),
    creditPath.replace('Credit', 'WatchHistory'),
    '/grpc.health.v1.Health/Check',
    '/',
  ])('is sent to %s', async (path) => {
    const { fast, stock } = await ask(spoken, body, (request) => ({ ...request, path }));
    expect(fast).toEqual(stock);
  });
});
