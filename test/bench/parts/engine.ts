// Posting through the engine alone, on a cluster of its own.
import { startTestCluster } from '@scrip/testkit';
import { measureEngine } from '../engine-posting.ts';
import type { Figures, Size } from '../figures.ts';

export async function measureEngineAlone(size: Size): Promise<Figures> {
  const cluster = await startTestCluster({ durable: true });
  try {
    return { engine_posts_per_second: await measureEngine(cluster, size) };
  } finally {
    await cluster.stop();
  }
}
