// What only a raw socket can send: other request targets, broken and half-sent requests.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeGateway, known, storeId } from './fake-ledger.ts';

const gateway = await createFakeGateway();
const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => gateway.close());

const end = '\r\nhost: x\r\nconnection: close\r\n\r\n';
const half = 'x'.repeat(3_000_000);
const chunk = `${half.length.toString(16)}\r\n${half}\r\n`;

describe('a request target', () => {
  it('that is * is refused in format 1', async () => {
    const { status, body } = await send(`OPTIONS * HTTP/1.1${end}`);
    expect(status).toBe(404);
    expect(body).toHaveProperty('trace_id');
  });

  it.each([
    { path: '/v1/customer-credits/nope', key: 'error.request_id' },
    { path: '/v1/accounts/nope?x=http://y/', key: 'success' },
    { path: '', key: 'trace_id' },
    { path: '?x=1', key: 'trace_id' },
  ])('with an origin is refused in the words of the façade: $path', async ({ path, key }) => {
    const { status, body } = await send(`GET http://127.0.0.1:7480${path} HTTP/1.1${end}`);
    expect(status).toBe(404);
    expect(body).toHaveProperty(key);
  });

  it('with an origin reaches its route', async () => {
    const { status, body } = await send(`GET http://127.0.0.1:7480/healthz HTTP/1.1${end}`);
    expect({ status, body }).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

describe('a broken request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', '400 Bad Request'],
    [
      'too much of a header',
      `GET / HTTP/1.1\r\nx: ${'x'.repeat(70_000)}${end}`,
      '431 Request Header Fields Too Large',
    ],
  ])('(%s) is answered in format 1, with its request id', async (_what, sent, line) => {
    const { head, body } = await send(sent);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${line}\r\n`));
    expect(body).toHaveProperty('trace_id', /^x-request-id: (.+)$/m.exec(head)?.[1]?.trim());
  });
});

describe('a body that is too large', () => {
  it.each([
    ['of a length that is told', 'content-length: 6000000', [half, half]],
    ['in chunks', 'transfer-encoding: chunked', [chunk, chunk, '0\r\n\r\n']],
  ])('is answered 413 to a caller who sends all of it first: %s', async (_how, framing, parts) => {
    const socket = await open(port);
    socket.on('error', () => undefined);
    const write = promisify<string, void>(socket.write.bind(socket));
    const headers = `host: x\r\nx-api-key: ${known['x-api-key']}\r\n${framing}`;
    await write(`POST /v1/accounts/create HTTP/1.1\r\n${headers}\r\n\r\n`);
    for (const each of parts) {
      await write(each);
      // Time for the server to see that it is too much: it answers others meanwhile.
      expect((await send(`GET /healthz HTTP/1.1${end}`)).status).toBe(200);
    }
    expect((await answerOf(socket)).status).toBe(413);
  });
});

describe('a stop', () => {
  it('cuts a half-sent request off after the grace, and calls that no bug', async () => {
    const lines: string[] = [];
    const asked = Promise.withResolvers<void>();
    const getHead = () => {
      asked.resolve();
      return { storeId };
    };
    const stopped = await createFakeGateway({ getHead }, { lines });
    const address = await stopped.listen({ host: '127.0.0.1', port: 0 });
    const socket = await open(address.port);
    const isClosed = once(socket.resume(), 'close');
    const headers = `host: x\r\nx-api-key: ${known['x-api-key']}\r\ncontent-length: 500`;
    socket.write(`POST /v1/accounts/create HTTP/1.1\r\n${headers}\r\n\r\n{`);
    await asked.promise;
    await Promise.all([stopped.close(), isClosed]);
    expect(lines.join('')).not.toContain('unexpectedly');
  });
});

type Received = { readonly head: string; readonly status: number; readonly body: unknown };

async function send(text: string): Promise<Received> {
  const socket = await open(port);
  socket.write(text);
  return answerOf(socket);
}

/** All that comes until the connection ends well. */
async function answerOf(socket: Socket): Promise<Received> {
  let received = '';
  for await (const part of socket.setEncoding('utf8')) received += String(part);
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { head, status: Number(head.split(' ')[1]), body: JSON.parse(body) as unknown };
}

async function open(to: number): Promise<Socket> {
  const socket = connect(to, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
