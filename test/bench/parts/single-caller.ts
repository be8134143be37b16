// One caller at a time: a post should cost one flush of the disk and one call, and no waiting.
import { Client } from 'pg';
import type { Figures, Size } from '../figures.ts';
import { medianOf } from '../processes.ts';
import { measureFlush } from '../postgres/flush.ts';
import { printTable } from '../report/table.ts';
import { windowOf } from './unary.ts';
import type { World } from './world.ts';

// A caller alone meets code that is compiled bit by bit over tens of thousands of its calls, some
// 35 s of posts. The long form says what a server that has run for a while takes.
const warmUpCalls = { short: 0, long: 30_000 };

export async function measureSingleCaller(world: World, size: Size): Promise<Figures> {
  // In a database of its own, so that nothing of it is in the ledger's figures.
  const sql = new Client({ ...world.cluster.connection });
  await sql.connect();
  const load = { ...windowOf(size), protocol: 'connect', inFlight: 1 } as const;
  const rounds: { flush: number; empty: number; bare: number; post: number; p99: number }[] = [];
  try {
    await warmUpAlone(world, warmUpCalls[size.form]);
    for (let round = 0; round < size.roundCount; round++) {
      const flush = await measureFlush(sql, size.durationMs);
      const empty = await world.runEmpty(world.empty.stockH2, load);
      const bare = await world.runEmpty(world.empty.bareH2, load);
      const post = await world.ledger.run(load);
      rounds.push({
        flush: flush.p50Ms,
        empty: empty.p50Ms,
        bare: bare.p50Ms,
        post: post.p50Ms,
        p99: post.p99Ms,
      });
    }
  } finally {
    await sql.end();
  }
  printTable(
    'one caller at a time, p50 in milliseconds',
    rounds.map(({ flush, empty, bare, post, p99 }) => ({
      flush,
      'empty stock call': empty,
      'empty bare call': bare,
      'post over Connect': post,
      'its p99': p99,
    })),
  );
  const median = (of: (round: (typeof rounds)[number]) => number): number =>
    medianOf(rounds.map(of));
  return {
    single_caller_p50_ms: median(({ post }) => post),
    single_caller_p99_ms: median(({ p99 }) => p99),
    flush_p50_ms: median(({ flush }) => flush),
    empty_call_p50_ms: median(({ empty }) => empty),
    bare_call_p50_ms: median(({ bare }) => bare),
    single_caller_p50_vs_floor: median(({ post, flush, empty }) => post / (flush + empty)),
    single_caller_p50_vs_bare_floor: median(({ post, flush, bare }) => post / (flush + bare)),
  };
}

async function warmUpAlone({ ledger, empty, runEmpty }: World, callCount: number): Promise<void> {
  if (callCount === 0) return;
  const load = { protocol: 'connect', inFlight: 1, warmUpMs: 0, durationMs: 0 } as const;
  await runEmpty(empty.stockH2, { ...load, callCountMax: callCount });
  await runEmpty(empty.bareH2, { ...load, callCountMax: callCount });
  await ledger.run({ ...load, callCountMax: callCount });
}
