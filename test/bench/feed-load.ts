// A hundred watchers of everything at full posting load: what a core of the server delivers.
import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { WatchHistoryRequestSchema } from '@scrip/contract';
import { startScrip, type ScripProcess } from '@scrip/testkit';
import { createAccounts, readHead } from './accounts.ts';
import type { Figures, Size } from './figures.ts';
import { generate } from './generate.ts';
import { coreSeconds, startWorker } from './processes.ts';
import type { WatchCount, WatchMessage } from './watch-worker.ts';

const watcherCount = 100;
const streamsPerConnection = 25;

export async function measureFeedLoad(size: Size): Promise<Figures> {
  const scrip = await startScrip();
  const worker = startWorker(new URL('watch-worker.ts', import.meta.url));
  try {
    const apiKey = scrip.keys().test.api_key;
    const accountIds = await createAccounts(scrip.ledgerUrl, apiKey, { count: size.accountCount });
    const load = { ...size, url: scrip.ledgerUrl, apiKey, accountIds, protocol: 'grpc' } as const;
    const alone = await during(scrip, () => generate(load));
    const start = { case: 'now' as const, value: {} };
    const bytes = toBinary(WatchHistoryRequestSchema, create(WatchHistoryRequestSchema, { start }));
    const one = { call: 'WatchHistory', request: Buffer.from(bytes).toString('base64') };
    const streams = Array.from({ length: watcherCount }, () => one);
    const target = { url: scrip.ledgerUrl, apiKey, streams, streamsPerConnection };
    const count = (message: WatchMessage): Promise<WatchCount> => worker.ask(message);
    const before = await count({ kind: 'open', ...target });
    const head = await readHead(scrip.ledgerUrl, apiKey);
    const watched = await during(scrip, async () => {
      const result = await generate(load);
      await delay(2_000);
      return result;
    });
    const after = await readHead(scrip.ledgerUrl, apiKey);
    const deliveries = (await count({ kind: 'count' })).events - before.events;
    const missing = (after - head) * watcherCount - deliveries;
    return {
      feed_deliveries_per_second: watched.callsPerSecond * watcherCount,
      feed_deliveries_per_core_second: deliveries / watched.coreSeconds,
      feed_posts_with_100_of_everything_vs_without: watched.callsPerSecond / alone.callsPerSecond,
      failures: alone.failureCount + watched.failureCount + Math.abs(missing),
    };
  } finally {
    await worker.end();
    await scrip.stop();
  }
}

type Timed = {
  readonly callsPerSecond: number;
  readonly failureCount: number;
  /** Of the server, the warm-up included, as it is in the deliveries. */
  readonly coreSeconds: number;
};

async function during(
  scrip: ScripProcess,
  act: () => Promise<Pick<Timed, 'callsPerSecond' | 'failureCount'>>,
): Promise<Timed> {
  const before = coreSeconds(scrip.pid());
  const { callsPerSecond, failureCount } = await act();
  return { callsPerSecond, failureCount, coreSeconds: coreSeconds(scrip.pid()) - before };
}
