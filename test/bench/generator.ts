// A load generator in a process of its own: so many calls in flight over bare HTTP/2, closed loop.
// It speaks Connect and gRPC by hand, since a full client costs more than the server it measures.
import { connect, type ClientHttp2Session } from 'node:http2';
import { performance } from 'node:perf_hooks';
import { callOnce, type Target } from './call-once.ts';

/** What to send, and for how long. */
export interface Load extends Target {
  readonly url: string;
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
