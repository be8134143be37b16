// Idle watchers on one server: what each takes of memory, what all take of a core, and what is left
// of posting beside them.
import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { WatchBalancesRequestSchema, WatchHistoryRequestSchema } from '@scrip/contract';
import { startScrip, type ScripProcess } from '@scrip/testkit';
import { createAccounts } from './accounts.ts';
import type { Figures, Size } from './figures.ts';
import { generate } from './generate.ts';
import { coreSeconds, medianOf, residentBytes, startWorker, type Worker } from './processes.ts';
import type { StreamRequest, WatchCount, WatchMessage } from './watch-worker.ts';

const workerCount = 2;
const streamsPerConnection = 100;
const idleAccountCount = 500;
/** Customers to whose accounts nothing is posted. */
const idleCustomer = 'idle customer';
const roundCount = 3;
const settleCountMax = 10;
/** As many streams as are measured fit into a heap of this size, wherever it runs. */
const heapMiB = 4_096;
/** What memory moves by when nothing happens. */
const settledByteCount = 512 * 1_024;
/** One round of heartbeats, which come every 15 seconds. */
const idleMs = 15_000;

export async function measureFeedIdle(size: Size): Promise<Figures> {
  const collecting = new URL('collect-garbage.ts', import.meta.url).href;
  const options = `--max-old-space-size=${heapMiB} --import ${collecting}`;
  const scrip = await startScrip({ env: { NODE_OPTIONS: options } });
  const workers = Array.from({ length: workerCount }, () =>
    startWorker(new URL('watch-worker.ts', import.meta.url)),
  );
  try {
    return await measure(scrip, workers, size);
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
    await scrip.stop();
  }
}

async function measure(
  scrip: ScripProcess,
  workers: readonly Worker[],
  size: Size,
): Promise<Figures> {
  const apiKey = scrip.keys().test.api_key;
  const idleIds = await createAccounts(scrip.ledgerUrl, apiKey, {
    count: idleAccountCount,
    customer: idleCustomer,
  });
  const accountIds = await createAccounts(scrip.ledgerUrl, apiKey, { count: size.accountCount });
  const load = { ...size, url: scrip.ledgerUrl, apiKey, accountIds, protocol: 'grpc' } as const;
  const streams = requestsOf(idleIds, size.watcherCount);
  const open = (): Promise<void> => openAll(workers, { url: scrip.ledgerUrl, apiKey, streams });
  const failures: number[] = [];
  const post = async (): Promise<number> => {
    const { callsPerSecond, failureCount } = await generate(load);
    failures.push(failureCount);
    return callsPerSecond;
  };
  // Before any load: what a load leaves of memory would be room for streams that looks like none.
  const bytesBefore = await settledBytes(scrip);
  await open();
  const bytes = (await settledBytes(scrip)) - bytesBefore;
  const idleCpu = await idleShare(scrip);
  const close = async (): Promise<void> => {
    await closeAll(workers);
    await settledBytes(scrip);
  };
  await post();
  await close();
  // Each time with watchers lies between two without, so that what only time changes evens out.
  const ratios: number[] = [];
  for (let round = 0, before = await post(); round < roundCount; round++) {
    await open();
    const beside = await post();
    await close();
    const after = await post();
    ratios.push(beside / ((before + after) / 2));
    before = after;
  }
  return {
    feed_watcher_bytes: bytes / size.watcherCount,
    feed_idle_cpu_share: idleCpu,
    posts_with_10k_watchers_vs_without: medianOf(ratios),
    failures: failures.reduce((sum, each) => sum + each, 0),
  };
}

async function idleShare(scrip: ScripProcess): Promise<number> {
  const [startedAt, used] = [performance.now(), coreSeconds(scrip.pid())];
  await delay(idleMs);
  return ((coreSeconds(scrip.pid()) - used) / (performance.now() - startedAt)) * 1_000;
}

/** Memory once the server has given back what it does not need. */
async function settledBytes(scrip: ScripProcess): Promise<number> {
  let bytes = residentBytes(scrip.pid());
  for (let times = 0; times < settleCountMax; times++) {
    process.kill(scrip.pid(), 'SIGUSR2');
    await delay(1_000);
    const before = bytes;
    bytes = residentBytes(scrip.pid());
    if (times > 1 && Math.abs(bytes - before) < settledByteCount) break;
  }
  return bytes;
}

/** Half of balances, half of events; one in ten by customer, the others by account. */
function requestsOf(accountIds: readonly string[], count: number): readonly StreamRequest[] {
  return Array.from({ length: count }, (_, i) => {
    const place = i % accountIds.length;
    const ref = { case: 'id' as const, value: accountIds[place] ?? '' };
    const whose =
      i % 10 === 0 ? { customerId: `${idleCustomer} ${place}` } : { accounts: [{ ref }] };
    const request =
      i % 2 === 0
        ? toBinary(WatchBalancesRequestSchema, create(WatchBalancesRequestSchema, whose))
        : toBinary(WatchHistoryRequestSchema, create(WatchHistoryRequestSchema, whose));
    const call = i % 2 === 0 ? 'WatchBalances' : 'WatchHistory';
    return { call, request: Buffer.from(request).toString('base64') };
  });
}

async function openAll(
  workers: readonly Worker[],
  target: {
    readonly url: string;
    readonly apiKey: string;
    readonly streams: readonly StreamRequest[];
  },
): Promise<void> {
  const counts = await Promise.all(
    workers.map((worker, i) => {
      const streams = target.streams.filter((_, place) => place % workers.length === i);
      const message: WatchMessage = { kind: 'open', ...target, streams, streamsPerConnection };
      return worker.ask<WatchCount>(message);
    }),
  );
  const openCount = counts.reduce((sum, count) => sum + count.openCount, 0);
  if (openCount !== target.streams.length) throw new Error(`Only ${openCount} streams are open.`);
}

async function closeAll(workers: readonly Worker[]): Promise<void> {
  const message: WatchMessage = { kind: 'close' };
  await Promise.all(workers.map((worker) => worker.ask<WatchCount>(message)));
}
