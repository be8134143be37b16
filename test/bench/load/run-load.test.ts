// That a load counts what it sent and what came of it, and hides no standstill.
import { createServer } from 'node:http';
import { createServer as createH2Server, type ServerHttp2Stream } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { fromBinary } from '@bufbuild/protobuf';
import { CreditRequestSchema } from '@scrip/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { Load } from './load.ts';
import { runLoad } from './run-load.ts';

const servers: Server[] = [];
const window = { onMeasuring: () => undefined, onMeasured: () => undefined };

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function loadOn(url: string, more: Partial<Load>): Load {
  return {
    url,
    apiKey: 'key',
    accountIds: ['cca_00000000000', 'cca_11111111111'],
    protocol: 'connect',
    inFlight: 8,
    warmUpMs: 0,
    durationMs: 300,
    ...more,
  };
}

function run(load: Load): ReturnType<typeof runLoad> {
  return runLoad(load, { window, run: 'test-run-00000', seed: 1 });
}

/** Answers every request of gRPC or Connect, and hands its body on. */
function answerAll(stream: ServerHttp2Stream, onBody: (body: Buffer) => void, grpc: string): void {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => {
    onBody(Buffer.concat(pieces));
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpc }));
    stream.end(Buffer.alloc(5));
  });
}

describe('runLoad', () => {
  it('counts a standstill of the server against every call that was due in it', async () => {
    let standsUntil: number | undefined;
    const server = createServer((request, response) => {
      request.resume();
      standsUntil ??= performance.now() + 300;
      setTimeout(() => response.end(), Math.max(1, standsUntil - performance.now()));
    });
    const url = await listen(server);
    // A single place: a loop that waits for its answers would send one call in the standstill.
    const load = { transport: 'h1', inFlight: 1, callsPerSecond: 200, durationMs: 900 } as const;
    const result = await run(loadOn(url, load));
    expect(result.failureCount).toBe(0);
    expect(result.count).toBeGreaterThan(100);
    // About 60 of 180 calls were due in the 300 ms, spread evenly over them.
    expect(result.p90Ms).toBeGreaterThan(100);
    expect(result.maxMs).toBeGreaterThan(250);
  });

  it('sends each key once, but for replays, over HTTP/2', async () => {
    const keys: string[] = [];
    const server = createH2Server();
    server.on('stream', (stream) => {
      const note = (body: Buffer): void => {
        // The first request of a connection is there for its headers.
        if (body.length === 0) return;
        const request = fromBinary(CreditRequestSchema, body.subarray(5));
        keys.push(request.idempotencyKey);
        expect(request.reference).toBe(`order_${request.idempotencyKey.slice(-10)}`);
        expect(['cca_00000000000', 'cca_11111111111']).toContain(request.account?.ref.value);
      };
      answerAll(stream, note, '0');
    });
    const url = await listen(server);
    const result = await run(loadOn(url, { protocol: 'grpc', replayedShare: 0.2 }));
    expect(result.failureCount).toBe(0);
    expect(result.all.calls).toBe(keys.length);
    expect(result.all.posted).toBe(new Set(keys).size);
    expect(result.all.replayed).toBe(keys.length - new Set(keys).size);
    expect(result.all.replayed).toBeGreaterThan(0);
  });

  it('ends after exactly as many calls as it was asked for', async () => {
    const server = createH2Server();
    server.on('stream', (stream) => answerAll(stream, () => undefined, '0'));
    const url = await listen(server);
    const result = await run(loadOn(url, { protocol: 'grpc', callCountMax: 101 }));
    expect(result.all.calls).toBe(101);
    expect(result.count).toBe(101);
  });

  it('takes another status than the expected one for a failure, and says it', async () => {
    const server = createH2Server();
    server.on('stream', (stream) => answerAll(stream, () => undefined, '14'));
    const url = await listen(server);
    const result = await run(loadOn(url, { protocol: 'grpc', callCountMax: 10 }));
    expect(result.failureCount).toBe(10);
    expect(result.failure).toContain('credit: failed');
    expect(result.all.posted).toBe(0);
  });

  it('takes a credit where a refusal was asked for, for a failure', async () => {
    const server = createH2Server();
    server.on('stream', (stream) => answerAll(stream, () => undefined, '0'));
    const url = await listen(server);
    const asked = { protocol: 'grpc', callCountMax: 5, refusedShare: 1 } as const;
    expect((await run(loadOn(url, asked))).failureCount).toBe(5);
  });

  it('fails when the server breaks a connection', async () => {
    const server = createH2Server();
    server.on('stream', (stream) => stream.session?.destroy());
    const url = await listen(server);
    await expect(run(loadOn(url, { protocol: 'grpc' }))).rejects.toThrow();
  });
});
