// What is sent on a stream of HTTP/2, as a client of Node gets it.
import { once } from 'node:events';
import {
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { h2Exchange } from './h2-exchange.ts';

it('sends the headers of an answer, each value of those that have several', async () => {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream) => {
    h2Exchange(stream, { handOver: () => undefined }).send({
      status: 404,
      headers: { 'content-length': 2, 'set-cookie': ['a', 'b'], vary: undefined },
      body: Buffer.from('no'),
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const [headers] = (await once(client.request({}), 'response')) as [IncomingHttpHeaders];
  const { date: _date, ...others } = headers;
  expect({ ...others }).toMatchObject({
    ':status': 404,
    'content-length': '2',
    'set-cookie': ['a', 'b'],
  });
  expect(others.vary).toBeUndefined();
});
