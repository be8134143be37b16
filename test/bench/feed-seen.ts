// From the sending of a post until a watcher has it, at a steady rate: on the server that took the
// post, and on another one of the same database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, startScrip, startTestCluster } from '@scrip/testkit';
import { createAccounts } from './accounts.ts';
import type { Figures, Size } from './figures.ts';
import { generate } from './generate.ts';
import { quantileOf, startWorker } from './processes.ts';
import type { SeenMessage, SeenResult } from './seen-worker.ts';

const postsPerSecond = 1_000;
const warmUpInFlight = 32;

export async function measureFeedSeen(size: Size): Promise<Figures> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'scrip-bench-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const cluster = await startTestCluster({ durable: true });
    closing.push(cluster.stop);
    const { url: databaseUrl } = await createTestDatabase(cluster.connection);
    const options = { env: { DATABASE_URL: databaseUrl }, dataDir: join(folder, 'scrip') };
    const first = await startScrip(options);
    closing.push(first.stop);
    const other = await startScrip(options);
    closing.push(other.stop);
    const worker = startWorker(new URL('seen-worker.ts', import.meta.url));
    closing.push(worker.end);
    const apiKey = first.keys().test.api_key;
    const accountIds = await createAccounts(first.ledgerUrl, apiKey, { count: size.accountCount });
    // A server that has just started could not keep up, and would not make up for it.
    const { ledgerUrl: url } = first;
    await generate({
      ...size,
      url,
      apiKey,
      accountIds,
      protocol: 'grpc',
      inFlight: warmUpInFlight,
    });
    const message: SeenMessage = {
      url: first.ledgerUrl,
      otherUrl: other.ledgerUrl,
      apiKey,
      accountIds,
      postsPerSecond,
      warmUpMs: size.warmUpMs,
      durationMs: size.durationMs,
    };
    return figuresOf(await worker.ask<SeenResult>(message));
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function figuresOf({ here, there, answered, failureCount }: SeenResult): Figures {
  const lost = Math.abs(answered.length - here.length) + Math.abs(answered.length - there.length);
  return {
    feed_seen_p50_ms: quantileOf(here, 0.5),
    feed_seen_p99_ms: quantileOf(here, 0.99),
    feed_seen_other_process_p50_ms: quantileOf(there, 0.5),
    feed_seen_other_process_p99_ms: quantileOf(there, 0.99),
    feed_seen_answer_p50_ms: quantileOf(answered, 0.5),
    feed_seen_answer_p99_ms: quantileOf(answered, 0.99),
    feed_seen_posts: answered.length,
    failures: failureCount + lost,
  };
}
