// What one flush costs on a cluster: the commit of a single row from one connection.
import type { Client } from 'pg';
import { createLatencies, type LatencySummary } from '../load/latencies.ts';

/** Inserts rows one after another, each committed, for so long. */
export async function measureFlush(sql: Client, durationMs: number): Promise<LatencySummary> {
  await sql.query('create table if not exists bench_flush (id bigint)');
  const insert = { name: 'flush', text: 'insert into bench_flush (id) values ($1)' };
  const latencies = createLatencies();
  const until = performance.now() + durationMs;
  for (let id = 0; performance.now() < until; id++) {
    const startedAt = performance.now();
    await sql.query({ ...insert, values: [id] });
    if (id >= 20) latencies.record(performance.now() - startedAt);
  }
  await sql.query('drop table bench_flush');
  return latencies.summarize();
}
