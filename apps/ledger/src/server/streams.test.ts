// Streams over the one port, in every protocol: each message at once, and ends that say why.
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { createClient, Code, type ConnectError, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import {
  ErrorDetailSchema,
  ErrorReason,
  EventKind,
  LedgerService,
  type WatchHistoryResponse,
} from '@scrip/contract';
import { FeedError } from '@scrip/engine';
import type { BookEvent, Sequence } from '@scrip/kernel';
import { createTestBook } from '@scrip/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createScriptedFeed, feedEventsOf, positionAt } from '../rpc/feed/scripted-feed.ts';
import { createStubLedger, type StubLedger } from '../stub-ledger.ts';

const running: StubLedger[] = [];

/** What a stop waits for calls under way. */
const graceMs = 20_000;

async function start() {
  const script = createScriptedFeed();
  const stub = createStubLedger({ feed: script.feed, limits: { graceMs } });
  running.push(stub);
  const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  return { stub, script, host, port, baseUrl: `http://${host}:${port}`, apiKey: stub.addKey() };
}

type Running = Awaited<ReturnType<typeof start>>;

afterEach(async () => {
  await Promise.all(running.splice(0).map((stub) => stub.ledger.close()));
});

const watchPath = '/scrip.ledger.v1.LedgerService/WatchHistory';
const started = { kind: 'started', position: positionAt(1) } as const;
const transports: readonly (readonly [string, (baseUrl: string) => Transport])[] = [
  ['gRPC', (baseUrl) => createGrpcTransport({ baseUrl })],
  ['gRPC-Web, HTTP/1.1', (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })],
  ['gRPC-Web, HTTP/2', (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '2' })],
  ['Connect, HTTP/1.1', (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' })],
  ['Connect, HTTP/2', (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '2' })],
  [
    'Connect JSON, HTTP/1.1',
    (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat: false }),
  ],
];

const headersOf = ({ apiKey }: Running) => ({ 'x-api-key': apiKey, 'x-request-id': 'r-1' });

/** Opens a stream; the answer reads it message by message. */
function watch(
  server: Running,
  createTransport: (baseUrl: string) => Transport,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
) {
  const client = createClient(LedgerService, createTransport(server.baseUrl));
  const header = Promise.withResolvers<Headers>();
  const messages = client.watchHistory(
    {},
    { headers: headersOf(server), onHeader: header.resolve, ...options },
  );
  const reading = messages[Symbol.asyncIterator]();
  return {
    header: header.promise,
    next: async (): Promise<WatchHistoryResponse['message'] | undefined> => {
      const { value } = (await reading.next()) as { value: WatchHistoryResponse | undefined };
      return value?.message;
    },
  };
}

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as ConnectError,
  );
}

/** The log lines of calls. */
const callsOf = ({ stub }: Running) => stub.lines().filter(({ msg }) => msg === 'call');

const reasonOf = (error: ConnectError) => error.findDetails(ErrorDetailSchema)[0]?.reason;

function events(): readonly BookEvent[] {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c1' });
  for (let i = 0; i < 20; i++) book.post('credit', id, '1');
  return book.events;
}

describe.each(transports)('%s', (_name, transport) => {
  it('delivers each message when it is there', async () => {
    const server = await start();
    const { next, header } = watch(server, transport);
    server.script.tell(started);
    expect(await next()).toMatchObject({ case: 'started' });
    expect((await header).get('scrip-request-id')).toBe('r-1');
    const [first, second, third] = events() as [BookEvent, BookEvent, BookEvent];
    server.script.tell(feedEventsOf(first));
    expect(await next()).toMatchObject({
      case: 'events',
      value: {
        events: [{ sequence: 1n, change: { case: 'accountCreated' } }],
        position: { sequence: 1n, sealedSequence: 1n },
      },
    });
    server.script.tell(feedEventsOf(second, third));
    expect(await next()).toMatchObject({ value: { events: [{ sequence: 2n }, { sequence: 3n }] } });
  });

  it('ends with UNAVAILABLE as soon as the server begins to stop', async () => {
    const server = await start();
    server.script.tell(started);
    const { next } = watch(server, transport);
    await next();
    const end = errorOf(next());
    const stoppedAt = performance.now();
    await server.stub.ledger.close();
    expect(performance.now() - stoppedAt).toBeLessThan(graceMs / 2);
    const error = await end;
    expect(error.code).toBe(Code.Unavailable);
    expect(reasonOf(error)).toBe(ErrorReason.UNAVAILABLE);
  });

  it('ends with KEY_UNKNOWN soon after its key is revoked', async () => {
    const server = await start();
    server.script.tell(started);
    const { next } = watch(server, transport);
    await next();
    const revokedAt = performance.now();
    server.stub.revoke(server.apiKey);
    const error = await errorOf(next());
    // A second is promised; a busy machine may be late, but no heartbeat has passed.
    expect(performance.now() - revokedAt).toBeLessThan(10_000);
    expect(error.code).toBe(Code.Unauthenticated);
    expect(reasonOf(error)).toBe(ErrorReason.KEY_UNKNOWN);
  });

  it('ends at the deadline of its caller', async () => {
    const server = await start();
    server.script.tell(started);
    const { next } = watch(server, transport, { timeoutMs: 150 });
    const readOn = async (): Promise<never> => {
      for (;;) await next();
    };
    expect((await errorOf(readOn())).code).toBe(Code.DeadlineExceeded);
  });

  it('tells why the feed ended it', async () => {
    const server = await start();
    server.script.tell(started);
    const { next } = watch(server, transport);
    await next();
    server.script.fail(new FeedError('history_diverged', { headSequence: 7 as Sequence }));
    const error = await errorOf(next());
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.findDetails(ErrorDetailSchema)[0]).toMatchObject({
      reason: ErrorReason.HISTORY_DIVERGED,
      metadata: { head_sequence: '7' },
    });
    const lines = () => callsOf(server).map(({ code, reason }) => ({ code, reason }));
    const line = { code: 'failed_precondition', reason: 'HISTORY_DIVERGED' };
    await expect.poll(lines).toEqual([line]);
  });

  it('refuses a malformed request', async () => {
    const server = await start();
    const client = createClient(LedgerService, transport(server.baseUrl));
    const request = { kinds: [EventKind.UNSPECIFIED] };
    const messages = client.watchHistory(request, { headers: headersOf(server) });
    const error = await errorOf(messages[Symbol.asyncIterator]().next());
    expect(error.findDetails(ErrorDetailSchema)[0]).toMatchObject({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field: 'kinds[0]' },
    });
    expect(server.script.watches).toHaveLength(0);
  });

  it('lets the feed go when its caller does', async () => {
    const server = await start();
    server.script.tell(started);
    const leave = new AbortController();
    const { next } = watch(server, transport, { signal: leave.signal });
    await next();
    const end = errorOf(next());
    leave.abort();
    expect((await end).code).toBe(Code.Canceled);
    await expect.poll(() => server.script.signals[0]?.aborted).toBe(true);
    await expect.poll(() => callsOf(server).map(({ code }) => code)).toEqual(['canceled']);
  });
});

describe('a stream', () => {
  it('may have a deadline of hours', async () => {
    const server = await start();
    server.script.tell(started);
    const transport = (baseUrl: string) => createGrpcTransport({ baseUrl });
    const { next } = watch(server, transport, { timeoutMs: 12 * 3_600_000 });
    expect(await next()).toMatchObject({ case: 'started' });
  });

  it('shows nothing of a bug, which is logged', async () => {
    const server = await start();
    server.script.fail(new Error('select secret from nowhere'));
    const transport = (baseUrl: string) => createGrpcTransport({ baseUrl });
    const error = await errorOf(watch(server, transport).next());
    expect(reasonOf(error)).toBe(ErrorReason.INTERNAL);
    expect(error.message).not.toContain('secret');
    const errors = () => server.stub.lines().filter(({ level }) => Number(level) >= 50);
    await expect.poll(() => JSON.stringify(errors())).toContain('select secret from nowhere');
  });

  it('is not compressed, though its caller would take that', async () => {
    const server = await start();
    server.script.tell(feedEventsOf(...events()));
    server.script.fail(new FeedError('history_diverged'));
    const answer = await fetch(server.baseUrl + watchPath, {
      method: 'POST',
      headers: {
        ...headersOf(server),
        'content-type': 'application/connect+proto',
        'connect-accept-encoding': 'gzip',
      },
      body: new Uint8Array(5),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.readUInt8(0)).toBe(0);
    expect(bytes.readUInt32BE(1)).toBeGreaterThan(1024);
  });

  it('is ended by the server at its deadline', async () => {
    const server = await start();
    server.script.tell(started);
    const answer = await fetch(server.baseUrl + watchPath, {
      method: 'POST',
      headers: {
        ...headersOf(server),
        'content-type': 'application/connect+json',
        'connect-timeout-ms': '100',
      },
      body: Buffer.from('\0\0\0\0\u0002{}', 'latin1'),
    });
    expect(await answer.text()).toContain('ERROR_REASON_DEADLINE_EXCEEDED');
    await expect.poll(() => callsOf(server)[0]?.['reason']).toBe('DEADLINE_EXCEEDED');
  });

  it('is not asked for by GET', async () => {
    const server = await start();
    const answer = await fetch(server.baseUrl + watchPath, { headers: headersOf(server) });
    expect(answer.status).toBe(405);
  });

  it('is refused while the server stops', async () => {
    const { stub, apiKey } = await start();
    await stub.ledger.close();
    const headers = { 'x-api-key': apiKey };
    const messages = stub.client.watchHistory({}, { headers });
    const error = await errorOf(messages[Symbol.asyncIterator]().next());
    expect(reasonOf(error)).toBe(ErrorReason.UNAVAILABLE);
  });
});

describe('a caller that does not read', () => {
  const bodyless = { 'content-type': 'application/connect+proto' };

  /** Many events, so that the connection is full. */
  function flood({ script }: Running): void {
    const all = feedEventsOf(...events());
    for (let i = 0; i < 5000; i++) script.tell(all);
  }

  it('does not hold up a stop, over HTTP/2', async () => {
    const server = await start();
    flood(server);
    const session = connect(server.baseUrl);
    const request = session.request({
      ':method': 'POST',
      ':path': watchPath,
      ...headersOf(server),
      ...bodyless,
    });
    request.on('error', () => undefined);
    request.pause();
    request.end(new Uint8Array(5));
    await expect.poll(() => server.script.watches.length).toBe(1);
    const stoppedAt = performance.now();
    await server.stub.ledger.close();
    expect(performance.now() - stoppedAt).toBeLessThan(graceMs / 2);
    session.destroy();
  });

  it('does not hold up a stop, over HTTP/1.1', async () => {
    const server = await start();
    flood(server);
    const socket = connectTcp({ host: server.host, port: server.port });
    socket.on('error', () => undefined);
    const headers = Object.entries({ host: 'x', ...headersOf(server), ...bodyless });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.pause();
    socket.write(`POST ${watchPath} HTTP/1.1\r\n${lines}content-length: 5\r\n\r\n\0\0\0\0\0`);
    await expect.poll(() => server.script.watches.length).toBe(1);
    const stoppedAt = performance.now();
    await server.stub.ledger.close();
    expect(performance.now() - stoppedAt).toBeLessThan(graceMs / 2);
    socket.destroy();
  });

  it('lets the feed go when it leaves', async () => {
    const server = await start();
    flood(server);
    const session = connect(server.baseUrl);
    const headers = { ':method': 'POST', ':path': watchPath, ...headersOf(server), ...bodyless };
    const request = session.request(headers);
    request.on('error', () => undefined);
    request.pause();
    request.end(new Uint8Array(5));
    await expect.poll(() => server.script.watches.length).toBe(1);
    session.destroy();
    await expect.poll(() => server.script.signals[0]?.aborted).toBe(true);
    await expect.poll(() => callsOf(server).map(({ code }) => code)).toEqual(['canceled']);
  });

  it('is broken off after its key was revoked', async () => {
    const server = await start();
    flood(server);
    const session = connect(server.baseUrl);
    const request = session.request({
      ':method': 'POST',
      ':path': watchPath,
      ...headersOf(server),
      ...bodyless,
    });
    const closed = Promise.withResolvers<void>();
    request.on('error', () => undefined).on('close', () => closed.resolve());
    request.pause();
    request.end(new Uint8Array(5));
    await expect.poll(() => server.script.watches.length).toBe(1);
    server.stub.revoke(server.apiKey);
    await expect.poll(() => callsOf(server).length).toBe(1);
    session.destroy();
    await closed.promise;
  });
});
