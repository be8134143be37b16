// Durable posts through the engine, Connect and gRPC, and an empty handler of the same run beside
// each.
import { fork } from 'node:child_process';
import { startScrip, startTestCluster } from '@scrip/testkit';
import { createAccounts } from './accounts.ts';
import { measureEngine } from './engine-posting.ts';
import type { Figures, Size } from './figures.ts';
import { generate } from './generate.ts';
import type { Load, LoadResult } from './generator.ts';

export async function measurePosting(size: Size): Promise<Figures> {
  const engine = await engineRate(size);
  const empty = await emptyRates(size);
  const posting = await postingRates(size);
  return {
    engine_posts_per_second: engine,
    connect_posts_per_second: posting.connect.callsPerSecond,
    grpc_posts_per_second: posting.grpc.callsPerSecond,
    empty_connect_calls_per_second: empty.connect.callsPerSecond,
    empty_grpc_calls_per_second: empty.grpc.callsPerSecond,
    connect_unary_vs_empty_connect: posting.connect.callsPerSecond / empty.connect.callsPerSecond,
    grpc_unary_vs_empty_grpc: posting.grpc.callsPerSecond / empty.grpc.callsPerSecond,
    engine_vs_empty_connect: engine / empty.connect.callsPerSecond,
    connect_p50_ms: posting.connect.p50Ms,
    connect_p99_ms: posting.connect.p99Ms,
    grpc_p50_ms: posting.grpc.p50Ms,
    grpc_p99_ms: posting.grpc.p99Ms,
    failures: posting.connect.failureCount + posting.grpc.failureCount,
  };
}

async function engineRate(size: Size): Promise<number> {
  const cluster = await startTestCluster({ durable: true });
  try {
    return await measureEngine(cluster, size);
  } finally {
    await cluster.stop();
  }
}

type Rates = Readonly<Record<Load['protocol'], LoadResult>>;

async function emptyRates(size: Size): Promise<Rates> {
  const server = fork(new URL('empty-server.ts', import.meta.url));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      server.once('message', (message) => resolve(message as string));
      server.once('exit', () => reject(new Error('The empty server ended.')));
    });
    const load = { ...size, url, apiKey: '', accountIds: ['cca_00000000000'] };
    const connect = await generate({ ...load, protocol: 'connect' });
    return { connect, grpc: await generate({ ...load, protocol: 'grpc' }) };
  } finally {
    server.disconnect();
  }
}

async function postingRates(size: Size): Promise<Rates> {
  const scrip = await startScrip({ env: { SCRIP_LOG: 'info' } });
  try {
    const apiKey = scrip.keys().test.api_key;
    const accountIds = await createAccounts(scrip.ledgerUrl, apiKey, size.accountCount);
    const load = { ...size, url: scrip.ledgerUrl, apiKey, accountIds };
    const connect = await generate({ ...load, protocol: 'connect' });
    return { connect, grpc: await generate({ ...load, protocol: 'grpc' }) };
  } finally {
    await scrip.stop();
  }
}
