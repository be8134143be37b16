// The bench in its first form: durable posts through the engine, Connect and gRPC, and an empty
// handler of the same run beside each. Machines are noisy: quote the ratios.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startScrip, startTestCluster } from '@scrip/testkit';
import { measureEngine } from './engine-posting.ts';
import type { Load, LoadResult } from './generator.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    'in-flight': { type: 'string', default: '256' },
    accounts: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
});
const durationMs = Number(values.seconds) * 1_000;
const inFlight = Number(values['in-flight']);
const accountCount = Number(values.accounts);
const warmUpMs = Math.min(2_000, durationMs);

const engine = await engineRate();
const empty = await emptyRates();
const posting = await postingRates();
report();

async function engineRate(): Promise<number> {
  const cluster = await startTestCluster({ durable: true });
  try {
    return await measureEngine(cluster, { accountCount, inFlight, warmUpMs, durationMs });
  } finally {
    await cluster.stop();
  }
}

async function emptyRates(): Promise<Record<Load['protocol'], LoadResult>> {
  const server = fork(new URL('empty-server.ts', import.meta.url));
  try {
    const url = await new Promise<string>((resolve, reject) => {
      server.once('message', (message) => resolve(message as string));
      server.once('exit', () => reject(new Error('The empty server ended.')));
    });
    const load = { url, apiKey: '', accountIds: ['cca_00000000000'] };
    return { connect: await generate('connect', load), grpc: await generate('grpc', load) };
  } finally {
    server.disconnect();
  }
}

async function postingRates(): Promise<Record<Load['protocol'], LoadResult>> {
  const scrip = await startScrip({ env: { SCRIP_LOG: 'info' } });
  try {
    const apiKey = scrip.keys().test.api_key;
    const accountIds = await createAccounts(scrip.ledgerUrl, apiKey);
    const load = { url: scrip.ledgerUrl, apiKey, accountIds };
    return { connect: await generate('connect', load), grpc: await generate('grpc', load) };
  } finally {
    await scrip.stop();
  }
}

async function createAccounts(url: string, apiKey: string): Promise<readonly string[]> {
  const create = async (_: unknown, index: number): Promise<string> => {
    const response = await fetch(`${url}/scrip.ledger.v1.LedgerService/CreateAccount`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body: JSON.stringify({ customerId: `customer ${index}` }),
    });
    const { account } = (await response.json()) as { readonly account: { readonly id: string } };
    return account.id;
  };
  return Promise.all(Array.from({ length: accountCount }, create));
}

function generate(
  protocol: Load['protocol'],
  target: Pick<Load, 'url' | 'apiKey' | 'accountIds'>,
): Promise<LoadResult> {
  const generator = fork(new URL('generator.ts', import.meta.url));
  const load: Load = { ...target, protocol, inFlight, warmUpMs, durationMs };
  generator.send(load);
  return new Promise((resolve, reject) => {
    generator.once('message', (result) => resolve(result as LoadResult));
    generator.once('exit', () => reject(new Error('The generator ended without a result.')));
  });
}

function report(): void {
  const figures = {
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
  const lines = Object.entries(figures).map(
    ([name, value]) => `${name.padEnd(34)}${value.toFixed(value < 10 ? 3 : 0).padStart(10)}`,
  );
  process.stdout.write(
    `${inFlight} in flight, ${accountCount} accounts, ${durationMs / 1_000} s each, durable\n\n`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (figures.failures > 0) process.exitCode = 1;
}
