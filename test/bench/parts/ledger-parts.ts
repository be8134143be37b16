// The parts that are measured on one ledger, one after another, and in the end the proof of its
// book.
import type { Figures, Size } from '../figures.ts';
import { readDurability } from '../postgres/cluster-facts.ts';
import { printTable } from '../report/table.ts';
import { measureBatch } from './batch.ts';
import { measureBytes } from './bytes.ts';
import { lengthenHistory, measureGrowth } from './growth.ts';
import { measureLatency } from './latency.ts';
import { mix } from './mix.ts';
import { measureReads } from './reads.ts';
import { measureSingleCaller } from './single-caller.ts';
import { measureSpread } from './spread.ts';
import { measureUnary } from './unary.ts';
import { openWorld, type World } from './world.ts';

/** In the order in which they are measured. */
export const ledgerParts: Readonly<Record<string, (world: World, size: Size) => Promise<Figures>>> =
  {
    unary: measureUnary,
    spread: measureSpread,
    'single-caller': measureSingleCaller,
    batch: measureBatch,
    bytes: measureBytes,
    latency: measureLatency,
    growth: measureGrowth,
    reads: async (world, size) => measureReads(world, size, await lengthenHistory(world, size)),
  };

/** Measures the parts, then verifies the book. What is wrong counts as failures, and is said. */
export async function measureLedger(names: readonly string[], size: Size): Promise<Figures> {
  const world = await openWorld(size.accountCount);
  try {
    const settings = await readDurability(world.ledger.sql);
    printTable(
      'PostgreSQL as it says itself',
      Object.entries(settings).map(([setting, is]) => ({ setting, is })),
    );
    await warmUp(world, size);
    let figures: Figures = {};
    for (const [name, measure] of Object.entries(ledgerParts)) {
      if (!names.includes(name)) continue;
      const startedAt = performance.now();
      figures = { ...figures, ...(await measure(world, size)) };
      process.stdout.write(
        `  (${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s)\n`,
      );
    }
    process.stdout.write('\nthe book, after all of it\n');
    const wrong = await world.ledger.verify();
    const { count, said } = world.failures();
    for (const what of [...said, ...wrong]) process.stdout.write(`  FAILED: ${what}\n`);
    return { ...figures, other_cores: world.otherCores(), failures: count + wrong.length };
  } finally {
    await world.close();
  }
}

const warmUpCalls = 2_000;

/** Every server has learnt to be fast before the first measurement, the empty ones as well. */
async function warmUp({ ledger, empty, runEmpty }: World, { inFlight }: Size): Promise<void> {
  const calls = { ...mix, inFlight, callCountMax: warmUpCalls, warmUpMs: 0, durationMs: 0 };
  for (const protocol of ['connect', 'grpc'] as const) {
    const load = { ...calls, protocol };
    await runEmpty(empty.stockH2, load);
    await runEmpty(empty.bareH2, load);
    await ledger.run(load);
  }
  const h1 = { ...calls, protocol: 'connect', transport: 'h1' } as const;
  await runEmpty(empty.stockH1, h1);
  await ledger.run(h1);
}
