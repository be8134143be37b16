// The one port, over real sockets and every protocol.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, Code, type ConnectError, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import {
  ErrorDetailSchema,
  ErrorReason,
  Health,
  HealthServingStatus,
  LedgerService,
} from '@scrip/contract';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createStubLedger,
  credited,
  creditRequest,
  type StubLedger,
  type StubOptions,
} from '../stub-ledger.ts';

type Running = { readonly stub: StubLedger; readonly baseUrl: string; readonly apiKey: string };

const running: StubLedger[] = [];

async function start(options: StubOptions = {}): Promise<Running> {
  const limits = { graceMs: 200, ...options.limits };
  const stub = createStubLedger({ ...options, limits });
  running.push(stub);
  const { host, port } = await stub.ledger.listen({ host: '127.0.0.1', port: 0 });
  return { stub, baseUrl: `http://${host}:${port}`, apiKey: stub.addKey() };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((stub) => stub.ledger.close()));
});

const creditPath = '/scrip.ledger.v1.LedgerService/Credit';
const headPath = '/scrip.ledger.v1.LedgerService/GetHead';
const json = { 'content-type': 'application/json' };
const creditJson = {
  account: { id: 'cca_00000000001' },
  amount: '5',
  reference: 'order 1',
  idempotencyKey: 'k1',
};

async function post({ baseUrl, apiKey }: Running, body: string, path = creditPath) {
  const headers = { ...json, 'x-api-key': apiKey };
  const response = await fetch(baseUrl + path, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function errorOf(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as ConnectError,
  );
}

const transports: readonly (readonly [string, (baseUrl: string) => Transport])[] = [
  ['gRPC', (baseUrl) => createGrpcTransport({ baseUrl })],
  ['gRPC-Web, HTTP/1.1', (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })],
  ['gRPC-Web, HTTP/2', (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '2' })],
  ['Connect, HTTP/1.1', (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' })],
  [
    'Connect JSON, HTTP/2',
    (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat: false }),
  ],
];

describe.each(transports)('%s', (_name, createTransport) => {
  it('credits', async () => {
    const { baseUrl, apiKey } = await start();
    const client = createClient(LedgerService, createTransport(baseUrl));
    const headers = { 'x-api-key': apiKey };
    const answer = await client.credit(creditRequest, { headers });
    expect(answer.transaction?.reference).toBe('order 1');
  });

  it('tells refusals with their reason and the request id', async () => {
    const { baseUrl } = await start();
    const client = createClient(LedgerService, createTransport(baseUrl));
    const error = await errorOf(
      client.credit(creditRequest, { headers: { 'x-request-id': 'r-1' } }),
    );
    expect(error.code).toBe(Code.Unauthenticated);
    expect(error.findDetails(ErrorDetailSchema)[0]?.reason).toBe(ErrorReason.KEY_MISSING);
    expect(error.metadata.get('scrip-request-id')).toBe('r-1');
  });

  it('refuses a message beyond the limit', async () => {
    const { baseUrl, apiKey } = await start({ limits: { messageBytesMax: 1000 } });
    const client = createClient(LedgerService, createTransport(baseUrl));
    const request = { ...creditRequest, metadata: { text: 'x'.repeat(2000) } };
    const error = await errorOf(client.credit(request, { headers: { 'x-api-key': apiKey } }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(ErrorDetailSchema)[0]).toMatchObject({
      reason: ErrorReason.MESSAGE_TOO_LARGE,
      metadata: { limit_bytes: '1000' },
    });
  });

  it('logs one line a call', async () => {
    const { stub, baseUrl, apiKey } = await start();
    const client = createClient(LedgerService, createTransport(baseUrl));
    await client.credit(creditRequest, { headers: { 'x-api-key': apiKey } });
    await errorOf(client.credit(creditRequest));
    const ends = () => stub.lines().map((line) => line['reason'] ?? line['code']);
    await expect.poll(ends).toEqual(['ok', 'KEY_MISSING']);
  });

  it('ends a call at its deadline', async () => {
    const { baseUrl, apiKey } = await start({ submit: () => new Promise(() => undefined) });
    const client = createClient(LedgerService, createTransport(baseUrl));
    const options = { headers: { 'x-api-key': apiKey }, timeoutMs: 50 };
    const error = await errorOf(client.credit(creditRequest, options));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });
});

describe('JSON over HTTP/1.1', () => {
  it.each([
    ['FIELD_INVALID', '{"amount": '],
    ['FIELD_INVALID', '[]'],
    ['FIELD_INVALID', JSON.stringify({ ...creditJson, colour: 'red' })],
    ['FIELD_INVALID', JSON.stringify({ ...creditJson, reference: 7 })],
    ['AMOUNT_INVALID', JSON.stringify({ ...creditJson, amount: 5 })],
    ['AMOUNT_INVALID', JSON.stringify({ ...creditJson, amount: '1e3' })],
  ])('refuses with %s the body %s', async (reason, body) => {
    const answer = await post(await start(), body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'invalid_argument',
      details: [{ debug: { reason: `ERROR_REASON_${reason}` } }],
    });
  });

  it('reads by GET', async () => {
    const reader = { head: async () => ({ kind: 'read', value: {}, sequence: 3 }) };
    const server = await start({ reader: { ...reader } as never });
    const query = '?connect=v1&encoding=json&message=%7B%7D';
    const headers = { 'x-api-key': server.apiKey };
    const response = await fetch(server.baseUrl + headPath + query, { headers });
    expect(await response.json()).toMatchObject({ mode: 'MODE_TEST', sequence: '3' });
  });

  it.each([
    { status: 404, method: 'POST', path: '/nowhere', contentType: 'application/json' },
    { status: 405, method: 'GET', path: creditPath, contentType: 'application/json' },
    { status: 405, method: 'PUT', path: creditPath, contentType: 'application/json' },
    { status: 415, method: 'POST', path: creditPath, contentType: 'text/plain' },
  ])('answers $status to $method $path as $contentType', async (asked) => {
    const { status, method, path, contentType } = asked;
    const server = await start();
    const headers = { 'content-type': contentType, 'x-api-key': server.apiKey };
    const response = await fetch(server.baseUrl + path, { method, headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: 'unimplemented' });
  });

  it('refuses bytes that are no message', async () => {
    const server = await start();
    const headers = { 'content-type': 'application/proto', 'x-api-key': server.apiKey };
    const body = new Uint8Array([0xff, 0xff]);
    const response = await fetch(server.baseUrl + creditPath, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_argument' });
  });

  it('blames the caller for bytes that are no message, in the log too', async () => {
    const server = await start();
    const url = `${server.baseUrl}/grpc.health.v1.Health/Check`;
    const headers = { 'content-type': 'application/proto' };
    const body = new Uint8Array([0xff, 0xff, 0xff]);
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
    const codes = () => server.stub.lines().map((line) => line['code']);
    await expect.poll(codes).toContain('invalid_argument');
    expect(server.stub.lines().filter((line) => Number(line['level']) >= 50)).toEqual([]);
  });

  it('refuses a body of several megabytes, and goes on serving', async () => {
    const server = await start();
    const body = JSON.stringify({ ...creditJson, reference: 'x'.repeat(5_000_000) });
    for (let i = 0; i < 3; i++) expect((await post(server, body)).status).toBe(429);
    expect((await post(server, JSON.stringify(creditJson))).status).toBe(200);
  });
});

describe('a connection', () => {
  const typed = 'Content-Type: application/json\r\n';

  it.each([
    ['no host', `POST ${creditPath} HTTP/1.0\r\n${typed}\r\n`],
    ['a host that is none', `POST ${creditPath} HTTP/1.1\r\nHost: [\r\n${typed}\r\n`],
    ['nonsense', 'PRINCE * of nowhere\r\n\r\n'],
  ])('with %s is answered 400, and the server goes on', async (_what, bytes) => {
    const server = await start();
    expect(await exchange(server, [bytes])).toMatch(/^HTTP\/1\.1 400/);
    expect((await post(server, JSON.stringify(creditJson))).status).toBe(200);
  });

  it('that breaks off within a body leaves the server unharmed', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.baseUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    const key = `x-api-key: ${server.apiKey}\r\n`;
    const head = `POST ${creditPath} HTTP/1.1\r\nHost: x\r\n${typed}${key}Content-Length: 99\r\n`;
    socket.write(`${head}\r\n{"amount`, () => socket.resetAndDestroy());
    await expect.poll(() => server.stub.lines().length).toBeGreaterThan(0);
    expect((await post(server, JSON.stringify(creditJson))).status).toBe(200);
  });

  it('may come in single bytes', async () => {
    const server = await start();
    const request = `GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(await exchange(server, Array.from(request))).toMatch(/^HTTP\/1\.1 404/);
  });
});

describe('a stop', () => {
  it('lets a call that is under way end', async () => {
    const called = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const server = await start({
      submit: async () => {
        called.resolve();
        await release.promise;
        return credited;
      },
      limits: { graceMs: 600_000 },
    });
    const answer = post(server, JSON.stringify(creditJson));
    await called.promise;
    const closed = server.stub.ledger.close();
    release.resolve();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it.each(transports)('cuts off a call that does not end, over %s', async (_name, transport) => {
    const called = Promise.withResolvers<void>();
    const server = await start({
      submit: () => {
        called.resolve();
        return new Promise(() => undefined);
      },
      limits: { graceMs: 20 },
    });
    const client = createClient(LedgerService, transport(server.baseUrl));
    const headers = { 'x-api-key': server.apiKey };
    const error = errorOf(client.credit(creditRequest, { headers }));
    await called.promise;
    await server.stub.ledger.close();
    expect((await error).code).toBe(Code.Unavailable);
  });

  it('takes no new connection', async () => {
    const server = await start();
    await server.stub.ledger.close();
    await expect(post(server, '{}')).rejects.toThrow('fetch failed');
  });

  it('ends at once when only idle connections are open', async () => {
    const server = await start({ limits: { graceMs: 600_000 } });
    const { hostname, port } = new URL(server.baseUrl);
    const silent = connect({ host: hostname, port: Number(port) });
    await once(silent, 'connect');
    await post(server, JSON.stringify(creditJson));
    const grpc = createClient(LedgerService, createGrpcTransport({ baseUrl: server.baseUrl }));
    await grpc.credit(creditRequest, { headers: { 'x-api-key': server.apiKey } });
    await server.stub.ledger.close();
    expect(await server.stub.ledger.ready()).toBe(false);
  });
});

const servedNames = [
  'scrip.ledger.v1.LedgerService',
  'scrip.coupons.v1.CouponService',
  'scrip.admin.v1.AdminService',
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

describe('health', () => {
  const answers = async (): Promise<void> => undefined;
  const isAway = (): Promise<void> => Promise.reject(new Error('away'));

  it.each([
    ...['', ...servedNames].map((name) => [name, HealthServingStatus.SERVING, answers] as const),
    ['', HealthServingStatus.NOT_SERVING, isAway] as const,
  ])('of %j is %d without a key', async (service, expected, ping) => {
    const { baseUrl } = await start({ ping });
    const client = createClient(Health, createGrpcTransport({ baseUrl }));
    expect((await client.check({ service })).status).toBe(expected);
  });

  it('of everything is listed', async () => {
    const { baseUrl } = await start();
    const client = createClient(Health, createGrpcTransport({ baseUrl }));
    const { statuses } = await client.list({});
    expect(statuses['']?.status).toBe(HealthServingStatus.SERVING);
    expect(Object.keys(statuses)).toEqual(['', ...servedNames]);
  });

  it('of an unknown service is not found', async () => {
    const { baseUrl } = await start();
    const client = createClient(Health, createGrpcTransport({ baseUrl }));
    const error = await errorOf(client.check({ service: 'nobody' }));
    expect(error.code).toBe(Code.NotFound);
  });

  it('is watched until the server stops', async () => {
    const { stub, baseUrl } = await start({ limits: { graceMs: 600_000 } });
    const client = createClient(Health, createGrpcTransport({ baseUrl }));
    const seen: HealthServingStatus[] = [];
    for await (const { status } of client.watch({})) {
      seen.push(status);
      if (seen.length === 1) void stub.ledger.close();
    }
    expect(seen).toEqual([HealthServingStatus.SERVING, HealthServingStatus.NOT_SERVING]);
  });
});

describe('reflection', () => {
  it('lists the services to buf curl', async () => {
    const { baseUrl } = await start();
    const { stdout } = await bufCurl('--http2-prior-knowledge', '--list-services', baseUrl);
    expect(stdout.trim().split('\n').toSorted()).toEqual(servedNames.toSorted());
  });

  it.each(['grpc', 'connect'])(
    'lets buf curl credit over %s without a schema',
    async (protocol) => {
      const { baseUrl, apiKey } = await start();
      const { stdout, stderr } = await bufCurl(
        '--http2-prior-knowledge',
        '--protocol',
        protocol,
        '-H',
        `x-api-key: ${apiKey}`,
        '-d',
        JSON.stringify(creditJson),
        baseUrl + creditPath,
      );
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ sequence: '7' });
    },
  );
});

async function exchange({ baseUrl }: Running, pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  const answered = Promise.race([once(socket, 'data'), once(socket, 'close')]);
  await answered;
  socket.destroy();
  return received;
}

async function bufCurl(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const buf = join(root, 'node_modules', '.bin', 'buf');
  const child = spawn(buf, ['curl', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  await once(child, 'close');
  return output;
}
