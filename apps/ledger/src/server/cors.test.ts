// What browsers are told, over both versions of HTTP.
import { once } from 'node:events';
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { request, type IncomingMessage } from 'node:http';
import { cors } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from 'vitest';
import { createStubLedger, type StubLedger } from '../stub-ledger.ts';

const shop = 'https://shop.example';
const path = '/scrip.ledger.v1.LedgerService/GetHead';
const running: StubLedger[] = [];

async function start() {
  const stub = createStubLedger({ isAllowedOrigin: (origin) => origin === shop });
  running.push(stub);
  return { stub, ...(await stub.ledger.listen({ host: '127.0.0.1', port: 0 })) };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((stub) => stub.ledger.close()));
});

type Asked = {
  readonly port: number;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
};
type Answer = { readonly status: number | undefined; readonly headers: IncomingHttpHeaders };

async function overHttp1({ port, method, headers }: Asked): Promise<Answer> {
  const call = request({ port, method, headers, path, agent: false }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  return { status: answer.statusCode, headers: answer.headers };
}

async function overHttp2({ port, method, headers }: Asked): Promise<Answer> {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': method, ':path': path, ...headers }).end();
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  session.destroy();
  return { status: Number(answered[':status']), headers: answered };
}

const preflight = (origin: string) => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,connect-protocol-version,content-type',
});
const listOf = (text: unknown) => String(text).toLowerCase().split(', ');
const namesOfCors = ({ headers }: Answer) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe.each([
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
])('over %s', (_version, ask) => {
  it('a page of an allowed origin is told what it may send', async () => {
    const { port } = await start();
    const answer = await ask({ port, method: 'OPTIONS', headers: preflight(shop) });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'POST, GET',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
    const allowed = listOf(answer.headers['access-control-allow-headers']);
    const own = ['authorization', 'x-api-key', 'x-request-id'];
    const expected = [...cors.allowedHeaders.map((each) => each.toLowerCase()), ...own];
    expect(allowed).toEqual(expect.arrayContaining(expected));
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('a page of an allowed origin may read answers and refusals', async () => {
    const { port } = await start();
    const headers = { origin: shop, 'content-type': 'application/json' };
    const answer = await ask({ port, method: 'POST', headers });
    expect(answer.status).toBe(401);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': shop, vary: 'Origin' });
    const exposed = listOf(answer.headers['access-control-expose-headers']);
    const own = ['scrip-request-id', 'scrip-idempotent-replay', 'grpc-status', 'grpc-message'];
    expect(exposed).toEqual(expect.arrayContaining(own));
  });

  it.each(['https://other.example', 'null', 'https://shop.example.other', ''])(
    'a page of the origin %j is told nothing',
    async (origin) => {
      const { port } = await start();
      const asked = await ask({ port, method: 'OPTIONS', headers: preflight(origin) });
      expect([asked.status, namesOfCors(asked)]).toEqual([204, []]);
      const headers = { origin, 'content-type': 'application/json' };
      expect(namesOfCors(await ask({ port, method: 'POST', headers }))).toEqual([]);
    },
  );

  it('other callers are told nothing, and OPTIONS of theirs is no RPC', async () => {
    const { port } = await start();
    const headers = { 'content-type': 'application/json' };
    const answer = await ask({ port, method: 'OPTIONS', headers });
    expect([answer.status, namesOfCors(answer)]).toEqual([405, []]);
  });
});
