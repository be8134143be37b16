// A load generator in a process of its own: so many calls in flight over bare HTTP/2, closed loop.
// It speaks Connect and gRPC by hand, since a full client costs more than the server it measures.
import type { IncomingHttpHeaders } from 'node:http';
import { connect, type ClientHttp2Session } from 'node:http2';
import { performance } from 'node:perf_hooks';
import { create, toBinary } from '@bufbuild/protobuf';
import { CreditRequestSchema } from '@scrip/contract';

/** What to send, and for how long. */
export interface Load {
  readonly url: string;
  readonly protocol: 'connect' | 'grpc';
  readonly apiKey: string;
  readonly accountIds: readonly string[];
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** What came of it, in the measured window. */
export interface LoadResult {
  readonly callsPerSecond: number;
  readonly failureCount: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores that the generator itself used. */
  readonly generatorCores: number;
}

const sessionCount = 4;

process.once('message', (load: Load) => {
  run(load).then(
    (result) => {
      process.send?.(result);
      process.disconnect();
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function run(load: Load): Promise<LoadResult> {
  const sessions = Array.from({ length: sessionCount }, () => connect(load.url));
  const measuredFrom = performance.now() + load.warmUpMs;
  const until = measuredFrom + load.durationMs;
  const latencies: number[] = [];
  let failureCount = 0;
  let cpu = process.cpuUsage();
  setTimeout(() => (cpu = process.cpuUsage()), load.warmUpMs);
  const caller = async (index: number): Promise<void> => {
    const session = sessions[index % sessionCount] as ClientHttp2Session;
    for (let call = 0; performance.now() < until; call++) {
      const startedAt = performance.now();
      const succeeded = await callOnce(session, load, `${process.pid} ${index} ${call}`);
      if (startedAt < measuredFrom) continue;
      latencies.push(performance.now() - startedAt);
      if (!succeeded) failureCount++;
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, (_, index) => caller(index)));
  const used = process.cpuUsage(cpu);
  for (const session of sessions) session.close();
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    callsPerSecond: (latencies.length / load.durationMs) * 1_000,
    failureCount,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    generatorCores: (used.user + used.system) / 1_000 / load.durationMs,
  };
}

function callOnce(session: ClientHttp2Session, load: Load, key: string): Promise<boolean> {
  const isGrpc = load.protocol === 'grpc';
  const stream = session.request({
    ':method': 'POST',
    ':path': '/scrip.ledger.v1.LedgerService/Credit',
    'content-type': isGrpc ? 'application/grpc' : 'application/proto',
    'x-api-key': load.apiKey,
    ...(isGrpc ? { te: 'trailers' } : { 'connect-protocol-version': '1' }),
  });
  const body = bodyOf(load, key);
  stream.end(isGrpc ? framed(body) : body);
  return new Promise((resolve, reject) => {
    let succeeded = false;
    stream.on('response', (headers) => {
      succeeded = Number(headers[':status']) === 200;
    });
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      succeeded &&= trailers['grpc-status'] === '0';
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(succeeded));
    stream.resume();
  });
}

function bodyOf(load: Load, key: string): Uint8Array {
  const id = load.accountIds[Math.floor(Math.random() * load.accountIds.length)] ?? '';
  const request = create(CreditRequestSchema, {
    account: { ref: { case: 'id', value: id } },
    amount: '1',
    reference: 'bench',
    idempotencyKey: key,
  });
  return toBinary(CreditRequestSchema, request);
}

function framed(body: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}
