// How long a post takes when posts come at a fixed rate, whatever the answers take; and the worst
// stall over a long time with checkpoints and vacuum in it. Latencies begin when a post is due.
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Figures, Size } from '../figures.ts';
import { readUpkeep } from '../postgres/cluster-facts.ts';
import { printTable } from '../report/table.ts';
import { rowOf } from './measure.ts';
import { mix } from './mix.ts';
import { windowOf } from './unary.ts';
import type { World } from './world.ts';

/** Calls at once, should the server stand still; those beyond wait, and are late. */
const inFlight = 3_000;

export async function measureLatency(world: World, size: Size): Promise<Figures> {
  const load = { ...mix, ...windowOf(size), protocol: 'connect', inFlight } as const;
  const rows: ReturnType<typeof rowOf>[] = [];
  const figures: Record<string, number> = {};
  for (const callsPerSecond of size.arrivalRates) {
    const measured = await world.ledger.run({ ...load, callsPerSecond });
    rows.push({
      ...rowOf(`${callsPerSecond} posts a second`, measured),
      'generator late p99 ms': measured.lateP99Ms,
    });
    figures[`latency_p50_ms_at_${callsPerSecond}`] = measured.p50Ms;
    figures[`latency_p99_ms_at_${callsPerSecond}`] = measured.p99Ms;
  }
  const [callsPerSecond = 1_000] = size.arrivalRates;
  const before = await readUpkeep(world.ledger.sql);
  const [measured] = await Promise.all([
    world.ledger.run({ ...load, durationMs: size.latencyMs, callsPerSecond }),
    keepUp(world, size),
  ]);
  const after = await readUpkeep(world.ledger.sql);
  const checkpoints = after.checkpoints - before.checkpoints;
  const vacuums = after.vacuums - before.vacuums;
  const minutes = size.latencyMs / 60_000;
  rows.push(rowOf(`${callsPerSecond} for ${minutes.toFixed(1)} min with upkeep`, measured));
  printTable('posts over Connect at a fixed rate, an open loop', rows);
  process.stdout.write(`  upkeep: ${checkpoints} checkpoints, ${vacuums} tables vacuumed\n`);
  return {
    ...figures,
    latency_minutes: minutes,
    latency_checkpoints: checkpoints,
    latency_vacuums: vacuums,
    latency_p50_ms: measured.p50Ms,
    latency_p99_ms: measured.p99Ms,
    latency_p999_ms: measured.p999Ms,
    latency_worst_ms: measured.maxMs,
  };
}

/** Besides those that come by themselves: a checkpoint after a third of the time, then a vacuum. */
async function keepUp({ ledger }: World, { warmUpMs, latencyMs }: Size): Promise<void> {
  const { host, port, user, database } = ledger.sql;
  const sql = new Client({ host, port, user: user ?? '', database: database ?? '' });
  await sql.connect();
  try {
    await delay(warmUpMs + latencyMs / 3);
    await sql.query('checkpoint');
    await delay(latencyMs / 3);
    await sql.query('vacuum account, event, entry, seal, book, unit');
  } finally {
    await sql.end();
  }
}
