// Streams on the fast path are told what the router tells them: the same requests to both, compared
// byte for byte.
import { create, toBinary, toJsonString, type MessageInitShape } from '@bufbuild/protobuf';
import { WatchHistoryRequestSchema } from '@scrip/contract';
import { FeedError, type FeedItem } from '@scrip/engine';
import { createTestBook } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedEventsOf, positionAt } from '../rpc/feed/scripted-feed.ts';
import type { RawRequest } from './raw-call.ts';
import { frameOf } from './spoken.ts';
import { startTwoLedgers, type TwoLedgers } from './two-ledgers.ts';

const path = '/scrip.ledger.v1.LedgerService/WatchHistory';
const contentTypes = [
  'application/connect+proto',
  'application/connect+json',
  'application/grpc',
  'application/grpc+proto',
  'application/grpc+json',
  'application/grpc-web',
  'application/grpc-web+proto',
  'application/grpc-web+json',
];
const allSpoken = (['h1', 'h2'] as const).flatMap((version) =>
  contentTypes.map((contentType) => ({ version, contentType })),
);

const { createId, post, events } = createTestBook();
const accountId = createId({ customerId: 'c1' });
for (let amount = 1; amount <= 40; amount++) post('credit', accountId, String(amount));

let feedError: FeedError | undefined;
let ledgers: TwoLedgers;

beforeAll(async () => {
  const items: readonly FeedItem[] = [
    { kind: 'started', position: positionAt(1) },
    feedEventsOf(...events),
    { kind: 'heartbeat', position: positionAt(41) },
  ];
  const watchHistory = async function* () {
    yield* items;
    if (feedError !== undefined) throw feedError;
  };
  ledgers = await startTwoLedgers({ feed: { watchHistory } });
});

afterAll(() => ledgers.close());

type Spoken = (typeof allSpoken)[number];

/** What both paths answer to the same request. */
async function ask(spoken: Spoken, body: Uint8Array, headers: RawRequest['headers'] = {}) {
  const { version, contentType } = spoken;
  const plain = { 'content-type': contentType, 'x-request-id': 'r-1', te: 'trailers' };
  const all = { ...plain, 'x-api-key': ledgers.apiKey, ...headers };
  return ledgers.ask({ version, path, headers: all, body: [body] });
}

describe.each(allSpoken)('a stream of $contentType over $version', (spoken) => {
  const { contentType } = spoken;
  const bytesOf = (request: MessageInitShape<typeof WatchHistoryRequestSchema>) => {
    const message = create(WatchHistoryRequestSchema, request);
    if (!contentType.endsWith('json')) return toBinary(WatchHistoryRequestSchema, message);
    return Buffer.from(toJsonString(WatchHistoryRequestSchema, message));
  };
  const good = bytesOf({ start: { case: 'now', value: {} } });

  it('tells all of it', async () => {
    const { fast, stock } = await ask(spoken, frameOf(good));
    expect(fast).toEqual(stock);
    // gRPC needs HTTP/2: over HTTP/1.1 its messages come, and its trailers do not.
    expect(Buffer.from(fast.body, 'base64').length).toBeGreaterThan(1_000);
  });

  it('ends with what the feed ended by', async () => {
    feedError = new FeedError('watches_full');
    const { fast, stock } = await ask(spoken, frameOf(good));
    feedError = undefined;
    expect(fast).toEqual(stock);
  });

  it.each([
    ['a slip of the pen', Buffer.from('{"fromSequense": 5}')],
    ['bytes that are no message', Buffer.from([0xff, 0xff])],
    ['a sequence beyond all', bytesOf({ start: { case: 'fromSequence', value: 1n << 60n } })],
    ['a name that is too long', bytesOf({ customerId: 'x'.repeat(2_000) })],
    ['a cursor', bytesOf({ start: { case: 'after', value: { cursor: 'x' } } })],
  ])('is asked for with %s', async (_what, bytes) => {
    const { fast, stock } = await ask(spoken, frameOf(bytes));
    expect(fast).toEqual(stock);
  });

  it.each([
    ['two messages', Buffer.concat([frameOf(good), frameOf(good)])],
    ['no bytes', Buffer.alloc(0)],
    ['a frame too few bytes', frameOf(good, 0, good.length + 3)],
    ['the flag of compression', frameOf(good, 1)],
    ['a flag nobody knows', frameOf(good, 2)],
    ['no frame', good],
  ])('has a body of %s', async (_what, body) => {
    const { fast, stock } = await ask(spoken, body);
    expect(fast).toEqual(stock);
  });

  it.each([
    { 'x-api-key': 'nonsense' },
    { 'x-api-key': '' },
    { 'connect-accept-encoding': 'gzip', 'grpc-accept-encoding': 'gzip' },
    { 'connect-content-encoding': 'gzip', 'grpc-encoding': 'gzip' },
    { 'connect-timeout-ms': 'x', 'grpc-timeout': 'x' },
    { 'connect-timeout-ms': '0', 'grpc-timeout': '0m' },
    { 'connect-timeout-ms': '5000', 'grpc-timeout': '5S' },
    { origin: 'https://elsewhere.example' },
    { 'connect-protocol-version': '2' },
  ])('comes with %j', async (headers) => {
    const { fast, stock } = await ask(spoken, frameOf(good), { ...headers });
    expect(fast).toEqual(stock);
  });
});

describe('a frame that says it is compressed, and not how', () => {
  it.each(['application/grpc', 'application/connect+proto'])(
    'is its sender’s fault: %s',
    async (contentType) => {
      const answer = await ask({ version: 'h2', contentType }, frameOf(Buffer.from('x'), 1));
      const body = Buffer.from(answer.fast.body, 'base64').toString();
      const told = JSON.stringify([answer.fast.trailers['grpc-status'], body]);
      expect(told).toMatch(/^\["3"|invalid_argument/);
    },
  );
});
