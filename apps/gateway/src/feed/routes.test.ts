// The feed over plain HTTP, in front of a ledger that a test writes down.
import { Code, type ConnectError, type HandlerContext } from '@connectrpc/connect';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { EventKind, SystemAccount, TransactionKind } from '@scrip/contract';
import type { EventSchema, WatchHistoryRequest, WatchHistoryResponseSchema } from '@scrip/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeGateway, known, refusal, type FakeLedger } from '../fake-ledger.ts';
import type { Gateway } from '../gateway.ts';
import { openFeed, type OpenFeed } from './read-events.ts';

const chainHash = new Uint8Array(32).fill(7);
const hash = Buffer.from(chainHash).toString('base64url');
const createdAt = { seconds: 1_700_000_000n };
const token = 'eyJh.eyJz.c2ln';

const gateways: Gateway[] = [];
const feeds: OpenFeed[] = [];
afterEach(async () => {
  for (const feed of feeds.splice(0)) feed.close();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});

describe('/v1/feed', () => {
  it('tells each event with its position as id, its kind and one line of JSON', async () => {
    const { feed } = await watch(groupOfTwo);
    const events = await feed.take(4);
    expect(feed.response.headers.get('content-type')).toBe('text/event-stream');
    expect(feed.response.headers.get('cache-control')).toBe('no-store');
    expect(feed.response.headers.get('x-accel-buffering')).toBe('no');
    expect(feed.response.headers.get('connection')).toBe('close');
    expect(events).toEqual([
      { event: 'started', id: '4', data: { sequence: 4 } },
      { event: 'transaction_posted', id: `5-6-${hash}`, data: posted },
      { event: 'account_updated', id: `6-6-${hash}`, data: updated },
      { event: 'heartbeat', id: `6-6-${hash}`, data: { sequence: 6 } },
    ]);
  });

  it('asks the ledger for what the query says', async () => {
    const query =
      'account_id=cca_1&account_id=cca_2&external_id=mine&from_sequence=7' +
      '&kinds=transaction_posted,account_created';
    const { asked } = await watch(groupOfTwo, `?${query}`);
    expect(asked[0]).toMatchObject({
      accounts: [
        { ref: { case: 'id', value: 'cca_1' } },
        { ref: { case: 'id', value: 'cca_2' } },
        { ref: { case: 'externalId', value: 'mine' } },
      ],
      kinds: [EventKind.TRANSACTION_POSTED, EventKind.ACCOUNT_CREATED],
      start: { case: 'fromSequence', value: 7n },
    });
  });

  it.each([
    { query: '', start: { case: 'now' } },
    { query: '?from=beginning&customer_id=ada', start: { case: 'beginning' } },
    {
      query: '?from_time=2023-11-14T22:13:20Z',
      start: { case: 'fromTime', value: { seconds: 1_700_000_000n } },
    },
    { query: '?last_event_id=6', start: { case: 'fromSequence', value: 7n } },
  ])('starts where $query says', async ({ query, start }) => {
    const { asked } = await watch(groupOfTwo, query);
    expect(asked[0]?.start).toMatchObject(start);
  });

  it.each([
    {
      id: `5-6-${hash}`,
      start: { case: 'after', value: { sequence: 5n, sealedSequence: 6n, chainHash } },
    },
    {
      id: 'Zm9vYmFy_-',
      start: { case: 'after', value: { cursor: 'Zm9vYmFy_-' } },
      by: { authorization: `Bearer ${token}` },
    },
    { id: '', start: { case: 'beginning' } },
  ])('goes on behind Last-Event-ID $id, wherever the query starts', async (each) => {
    const { id, start, by = known } = each;
    const headers = { ...by, 'last-event-id': id };
    const { asked } = await watch(groupOfTwo, '?from=beginning', headers);
    expect(asked[0]?.start).toMatchObject(start);
  });

  it('tells nothing before the instant it starts at, to one who comes back either', async () => {
    const query = '?from_time=2023-11-14T22:13:21Z';
    const { feed } = await watch(groupOfTwo, query, { ...known, 'last-event-id': '4' });
    const names = (await feed.take(2)).map(({ event }) => event);
    expect(names).toEqual(['started', 'heartbeat']);
  });

  it('tells less with an access token, and cursors as ids', async () => {
    const { feed } = await watch(async function* alone(): AsyncGenerator<Sent> {
      yield { message: { case: 'started', value: { position: { cursor: 'c0' } } } };
      const transaction = { id: 'cct_1', kind: TransactionKind.POST, unitLabel: 'credits' };
      const change = { case: 'transactionPosted' as const, value: { transaction } };
      const value = { events: [{ createdAt, change }], position: { cursor: 'c1' } };
      yield { message: { case: 'events', value } };
    });
    const [started, event] = await feed.take(2);
    expect(started).toEqual({ event: 'started', id: 'c0', data: {} });
    expect(event?.id).toBe('c1');
    expect(Object.keys(event?.data as object)).toEqual(['kind', 'created_at', 'transaction']);
  });
});

describe('who may read the feed', () => {
  it.each([
    { by: 'an API key', headers: { 'x-api-key': 'k' }, passed: { 'x-api-key': 'k' } },
    {
      by: 'a bearer',
      headers: { authorization: 'bearer  k' },
      passed: { authorization: 'Bearer k' },
    },
    {
      by: 'an access token',
      query: `?access_token=${token}`,
      passed: { authorization: `Bearer ${token}` },
    },
  ])('is told by $by, passed on as it came', async ({ headers = {}, query = '', passed }) => {
    const shown: Record<string, string>[] = [];
    const lines: string[] = [];
    await watch(groupOfTwo, query, headers, { lines, shown });
    expect(shown[0]).toMatchObject(passed);
    expect(lines.join('')).not.toContain(token);
  });

  it.each([
    { by: 'nothing', reason: 'KEY_MISSING' },
    {
      by: 'an API key in the address',
      query: '?access_token=scrip_test_a',
      reason: 'KEY_UNKNOWN',
    },
    { by: 'what can be no key', headers: { 'x-api-key': 'ü' }, reason: 'KEY_UNKNOWN' },
  ])('is refused with $by', async ({ query = '', headers = {}, reason }) => {
    const lines: string[] = [];
    const answer = await ask({ watchHistory: groupOfTwo }, query, headers, lines);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error: { reason } });
    expect(lines.join('')).not.toContain('scrip_test_a');
  });
});

describe('a refusal', () => {
  it.each([
    ['FIELD_INVALID', Code.InvalidArgument, 400],
    ['CURSOR_INVALID', Code.InvalidArgument, 400],
    ['KEY_UNKNOWN', Code.Unauthenticated, 401],
    ['TOKEN_EXPIRED', Code.Unauthenticated, 401],
    ['SCOPE_MISSING', Code.PermissionDenied, 403],
    ['ACCOUNT_NOT_FOUND', Code.NotFound, 404],
    ['HISTORY_DIVERGED', Code.FailedPrecondition, 409],
    ['WATCHES_FULL', Code.ResourceExhausted, 503],
    ['UNAVAILABLE', Code.Unavailable, 503],
    ['DEADLINE_EXCEEDED', Code.DeadlineExceeded, 504],
    ['INTERNAL', Code.Internal, 500],
  ] as const)('%s before the stream is an answer of its own', async (reason, code, status) => {
    const answer = await ask({ watchHistory: refusing(() => refusal(reason, code)) });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({
      error: { reason, request_id: answer.headers['x-request-id'] },
    });
  });

  it('names the parameter that is wrong as it is called here', async () => {
    const field = { field: 'accounts[1].id' };
    const invalid = () => refusal('FIELD_INVALID', Code.InvalidArgument, field);
    const answer = await ask({ watchHistory: refusing(invalid) });
    expect(answer.json()).toMatchObject({ error: { metadata: { field: 'account_id' } } });
  });

  it.each([
    ['?from_seqence=1', 'from_seqence is no parameter.'],
    ['?from_sequence=one', 'from_sequence must be a whole number, 0 or more.'],
    ['?from_sequence=99999999999999999999', 'from_sequence must be a whole number, 0 or more.'],
    ['?from_time=yesterday', 'from_time must be an ISO 8601 date-time.'],
    ['?from=then', 'from must be now or beginning.'],
    ['?from=now&from_sequence=1', 'from_sequence must be the only start.'],
    ['?customer_id=a&customer_id=b', 'customer_id must be a text.'],
    [
      '?kinds=debit',
      expect.stringMatching(/^kinds must be some of account_created, .+, credit_rule_deleted\.$/),
    ],
  ])('of %s says what is wrong', async (query, message: unknown) => {
    const answer = await ask({ watchHistory: groupOfTwo }, query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { reason: 'FIELD_INVALID', message } });
  });

  it.each([
    ['UNAVAILABLE', Code.Unavailable],
    ['WATCHES_FULL', Code.ResourceExhausted],
  ] as const)('%s of one who comes back is a stream that says when', async (reason, code) => {
    const watchHistory = refusing(() => refusal(reason, code));
    const answer = await ask({ watchHistory }, '', { ...known, 'last-event-id': '4' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(/^retry: 2000\n\nevent: ended\ndata: \{"reason":"[A-Z_]+",/);
    expect(answer.body).toContain(`"reason":"${reason}"`);
  });

  it.each([
    { id: 'a cursor', by: known, message: /^Last-Event-ID must be an id of a stream with an API/ },
    { id: '5-6-short', by: known, message: /: <sequence> or <sequence>-<sealed sequence>-<hash>/ },
    { id: `5-${'9'.repeat(20)}-${hash}`, by: known, message: /^Last-Event-ID must be a whole/ },
    {
      id: '5',
      by: { authorization: `Bearer ${token}` },
      message: /^Last-Event-ID is of a stream with an API key, not an access token/,
    },
  ])('of Last-Event-ID $id says what is wrong with it', async ({ id, by, message }) => {
    const headers = { ...by, 'last-event-id': id };
    const answer = await ask({ watchHistory: groupOfTwo }, '', headers);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty('error.metadata.field', 'Last-Event-ID');
    expect(answer.json()).toHaveProperty('error.message', expect.stringMatching(message));
  });

  it('of a cursor speaks of the header that it came in', async () => {
    const field = { field: 'after.cursor' };
    const invalid = () => refusal('CURSOR_INVALID', Code.InvalidArgument, field);
    const answer = await ask({ watchHistory: refusing(invalid) });
    const message = 'Last-Event-ID is no id of this feed.';
    const metadata = { field: 'Last-Event-ID' };
    expect(answer.json()).toMatchObject({ error: { message, metadata } });
  });

  it('of one who comes back is an answer where another try would only repeat it', async () => {
    const diverged = () => refusal('HISTORY_DIVERGED', Code.FailedPrecondition);
    const headers = { ...known, 'last-event-id': '4' };
    const answer = await ask({ watchHistory: refusing(diverged) }, '', headers);
    expect(answer.statusCode).toBe(409);
  });

  it('in the middle is the last event, without an id', async () => {
    const { feed } = await watch(async function* revoked(): AsyncGenerator<Sent> {
      yield started;
      throw refusal('KEY_UNKNOWN', Code.Unauthenticated);
    });
    const events = await feed.take(9);
    const data = { reason: 'KEY_UNKNOWN', message: 'refused: KEY_UNKNOWN', metadata: {} };
    expect(events.slice(1)).toEqual([{ event: 'ended', id: '4', data }]);
  });

  it('of an unknown path below is in its words', async () => {
    const gateway = await createFakeGateway();
    const answer = await gateway.inject({ url: '/v1/feed/nope' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toHaveProperty('error.reason', 'ROUTE_UNKNOWN');
  });
});

describe('the end of a stream', () => {
  it('is told to the ledger when the reader leaves', async () => {
    const { feed, ended } = await watch(groupOfTwo);
    await feed.take(1);
    feed.close();
    await expect(ended).resolves.toBe('ended');
  });

  it('comes at once when the gateway stops', async () => {
    const { feed, gateway } = await watch(groupOfTwo);
    await feed.take(4);
    const [events] = await Promise.all([feed.take(9), gateway.close()]);
    expect(events).toMatchObject([{ event: 'ended', data: { reason: 'UNAVAILABLE' } }]);
  });

  it('does not come by asking for the headers', async () => {
    const gateway = await createFakeGateway({ watchHistory: groupOfTwo });
    const answer = await gateway.inject({ method: 'HEAD', url: '/v1/feed', headers: known });
    expect(answer.statusCode).toBe(404);
  });
});

it('holds no more than a little for a reader who does not read', async () => {
  let told = 0;
  const reference = 'x'.repeat(10_000);
  const { feed } = await watch(async function* endless(): AsyncGenerator<Sent> {
    for (;;) {
      const transaction = { id: 'cct_1', reference };
      const change = { case: 'transactionPosted' as const, value: { transaction } };
      const events = Array.from({ length: 100 }, () => ({ createdAt, sequence: 1n, change }));
      const value = { events, position: { sequence: 1n } };
      yield { message: { case: 'events' as const, value } };
      told += 1;
    }
  });
  let before = -1;
  await expect
    .poll(() => [before, (before = told)].join(), { interval: 200 })
    .toMatch(/^(\d+),\1$/);
  expect(told).toBeLessThan(50);
  expect(feed.response.status).toBe(200);
});

describe('a page of another origin', () => {
  const allowedOrigins = ['https://shop.example'];
  const origin = 'https://shop.example';

  it('may read the feed, and its refusals, if it is allowed to', async () => {
    const gateway = await createFakeGateway({}, { allowedOrigins });
    const answer = await gateway.inject({ url: '/v1/feed', headers: { origin } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
    expect(answer.headers.vary).toBe('Origin');
  });

  it('may ask beforehand', async () => {
    const gateway = await createFakeGateway({}, { allowedOrigins });
    const headers = { origin, 'access-control-request-method': 'GET' };
    const answer = await gateway.inject({ method: 'OPTIONS', url: '/v1/feed', headers });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['access-control-allow-headers']).toContain('last-event-id');
  });

  it.each([
    ['of another origin', allowedOrigins, 'https://evil.example'],
    ['where none is allowed', [], origin],
  ])('is told nothing %s', async (_when, allowed, from) => {
    const gateway = await createFakeGateway({}, { allowedOrigins: allowed });
    const answer = await gateway.inject({ url: '/v1/feed', headers: { origin: from } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may read nothing else', async () => {
    const gateway = await createFakeGateway({}, { allowedOrigins });
    const answer = await gateway.inject({ url: '/v1/accounts', headers: { origin } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

type Watch = NonNullable<FakeLedger['watchHistory']>;
type Sent = MessageInitShape<typeof WatchHistoryResponseSchema>;
type SentEvent = MessageInitShape<typeof EventSchema>;

const started: Sent = {
  message: { case: 'started', value: { position: { sequence: 4n } } },
};
const position = { sequence: 6n, sealedSequence: 6n, chainHash };

/** Tells two events of one group and then nothing more. */
async function* groupOfTwo(
  _request: WatchHistoryRequest,
  { signal }: HandlerContext,
): AsyncGenerator<Sent> {
  yield started;
  const value = { events: [postedEvent, updatedEvent], position };
  yield { message: { case: 'events' as const, value } };
  yield { message: { case: 'heartbeat' as const, value: { position } } };
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

const postedEvent: SentEvent = {
  sequence: 5n,
  createdAt,
  idempotencyKey: 'order-1',
  change: {
    case: 'transactionPosted' as const,
    value: {
      counterpart: SystemAccount.ISSUED,
      transaction: {
        id: 'cct_1',
        kind: TransactionKind.CREDIT,
        reference: 'order-1\nline two',
        idempotencyKey: 'order-1',
        unitLabel: 'credits',
        entries: [{ id: 'cce_1', accountId: 'cca_1', side: 1, amount: '5', balanceAfter: '105' }],
        metadata: { a: 1 },
      },
    },
  },
};
const posted = {
  kind: 'transaction_posted',
  sequence: 5,
  created_at: '2023-11-14T22:13:20.000Z',
  idempotency_key: 'order-1',
  transaction: {
    id: 'cct_1',
    kind: 'credit',
    reference: 'order-1\nline two',
    idempotency_key: 'order-1',
    unit_label: 'credits',
    unit_scale: 0,
    entries: [
      { id: 'cce_1', account_id: 'cca_1', side: 'credit', amount: '5', balance_after: '105' },
    ],
    metadata: { a: 1 },
  },
  counterpart: 'issued',
};
const updatedEvent: SentEvent = {
  sequence: 6n,
  createdAt,
  change: {
    case: 'accountUpdated' as const,
    value: {
      account: {
        id: 'cca_1',
        customerId: 'ada',
        name: 'default',
        unitLabel: 'credits',
        status: 1,
        balance: '105',
        held: '0',
        available: '105',
        createdAt,
        updatedAt: createdAt,
      },
      changedFields: ['email'],
    },
  },
};
const updated = {
  kind: 'account_updated',
  sequence: 6,
  created_at: '2023-11-14T22:13:20.000Z',
  account: {
    id: 'cca_1',
    customer_id: 'ada',
    name: 'default',
    unit_label: 'credits',
    unit_scale: 0,
    status: 'active',
    balance: '105',
    held: '0',
    available: '105',
    created_at: '2023-11-14T22:13:20.000Z',
    updated_at: '2023-11-14T22:13:20.000Z',
  },
  changed_fields: ['email'],
};

type Seen = { readonly lines?: string[]; readonly shown?: Record<string, string>[] };

/** Opens a feed on a socket of its own. */
async function watch(
  watchHistory: Watch,
  query = '',
  ...[headers = known, { lines = [], shown = [] } = {}]: readonly [Record<string, string>?, Seen?]
) {
  const asked: WatchHistoryRequest[] = [];
  const ended = Promise.withResolvers<string>();
  const told: Watch = (request, context) => {
    asked.push(request);
    shown.push(Object.fromEntries(context.requestHeader));
    context.signal.addEventListener('abort', () => ended.resolve('ended'));
    return watchHistory(request, context);
  };
  const gateway = await createFakeGateway({ watchHistory: told }, { lines });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const feed = await openFeed(`http://127.0.0.1:${port}/v1/feed${query}`, headers);
  gateways.push(gateway);
  feeds.push(feed);
  return { feed, gateway, asked, ended: ended.promise };
}

async function ask(
  fake: FakeLedger,
  query = '',
  ...[headers = known, lines = []]: readonly [Record<string, string>?, string[]?]
) {
  const gateway = await createFakeGateway(fake, { lines });
  gateways.push(gateway);
  return gateway.inject({ url: `/v1/feed${query}`, headers });
}

function refusing(error: () => ConnectError): Watch {
  return () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error()) }) });
}
