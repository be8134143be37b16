// That the wire reads what a real server of HTTP/2 says.
import { createServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Answer } from './answers.ts';
import { createH2Wire } from './h2-wire.ts';

/** What a server of Node's answers with, as the wire reads it. */
async function ask(status: number, grpcStatus: string): Promise<Answer> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.resume().on('end', () => {
      stream.respond({ ':status': status, 'x-other': 'text' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus }));
      stream.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answered = Promise.withResolvers<Answer>();
  const wire = await createH2Wire({
    url: `http://127.0.0.1:${port}`,
    protocol: 'grpc',
    apiKey: 'key',
    laneCount: 1,
    keepBodies: false,
    onAnswer: (_, answer) => answered.resolve(answer),
    onBroken: answered.reject,
  });
  wire.send(0, wire.encode({ path: '/a', bytes: Buffer.alloc(5) }));
  const answer = await answered.promise;
  wire.close();
  server.close();
  return answer;
}

describe('an answer over HTTP/2', () => {
  it.each([200, 400, 500])('has the status %d', async (status) => {
    expect((await ask(status, '0')).status).toBe(status);
  });

  it('has no status that no call expects', async () => {
    expect((await ask(429, '0')).status).toBe(0);
  });

  it.each(['0', '2', '9', '13', '16'])('has the status %s of gRPC', async (status) => {
    expect((await ask(200, status)).grpcStatus).toBe(Number(status));
  });
});
