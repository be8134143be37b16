// Batches of a hundred posts, beside PostgreSQL alone: the same rows, written by a prepared
// statement from one connection, a hundred at a time and as many as the server puts into a flush.
import { createTestDatabase } from '@scrip/testkit';
import type { Figures, Size } from '../figures.ts';
import { familyCoreSeconds, medianOf, startWorker, type Worker } from '../processes.ts';
import { countBook } from '../postgres/cluster-facts.ts';
import type { RowMessage, RowResult } from '../postgres/row-writer.ts';
import { printTable, type Row } from '../report/table.ts';
import { rowOf, type Measured } from './measure.ts';
import { batchCallers, batchSize, mix, postedShare } from './mix.ts';
import { windowOf } from './unary.ts';
import type { World } from './world.ts';

type Round = {
  readonly batches: Measured;
  readonly postsPerSecond: number;
  readonly postsPerFlush: number;
  readonly rows: Written;
  readonly asFlushed: Written;
};
type Written = RowResult & { readonly postgresMicros: number };

export async function measureBatch(world: World, size: Size): Promise<Figures> {
  const { connection, drop } = await createTestDatabase(world.cluster.connection);
  const writer = startWorker(new URL('../postgres/row-writer.ts', import.meta.url));
  try {
    const bodyBytes = await readBodyBytes(world);
    const accountCount = world.ledger.accountIds.length;
    await ask(writer, { kind: 'open', connection, accountCount, bodyBytes });
    const rounds: Round[] = [];
    for (let round = 0; round < size.roundCount; round++) {
      rounds.push(await measureRound(world, writer, size));
    }
    printTable(
      `batches of ${batchSize} over Connect, ${batchCallers} callers`,
      rounds.map(({ batches, postsPerSecond, postsPerFlush }) => ({
        ...rowOf('batches', batches),
        'posts/s': postsPerSecond,
        'posts a flush': postsPerFlush,
      })),
    );
    printTable(
      `PostgreSQL alone, rows as of posts with bodies of ${bodyBytes} bytes`,
      rounds.flatMap(({ rows, asFlushed, postsPerFlush }) => [
        rowOfWritten(batchSize, rows),
        rowOfWritten(Math.round(postsPerFlush), asFlushed),
      ]),
    );
    const median = (of: (round: Round) => number): number => medianOf(rounds.map(of));
    return {
      batch_posts_per_second: median(({ postsPerSecond }) => postsPerSecond),
      batch_posts_per_flush: median(({ postsPerFlush }) => postsPerFlush),
      rows_per_second: median(({ rows }) => rows.rowsPerSecond),
      rows_per_second_as_flushed: median(({ asFlushed }) => asFlushed.rowsPerSecond),
      batch_vs_rows: median(({ postsPerSecond, rows }) => postsPerSecond / rows.rowsPerSecond),
      batch_vs_rows_as_flushed: median(
        ({ postsPerSecond, asFlushed }) => postsPerSecond / asFlushed.rowsPerSecond,
      ),
      batch_p99_ms: median(({ batches }) => batches.p99Ms),
      batch_server_micros_per_post: median(({ batches }) => batches.serverMicros / batchSize),
      batch_postgres_micros_per_post: median(({ batches }) => batches.postgresMicros / batchSize),
      rows_postgres_micros_per_row: median(({ rows }) => rows.postgresMicros),
    };
  } finally {
    await writer.end();
    await drop();
  }
}

async function measureRound(world: World, writer: Worker, size: Size): Promise<Round> {
  const { ledger } = world;
  const before = await countBook(ledger.sql);
  const batches = await ledger.run({
    ...mix,
    ...windowOf(size),
    protocol: 'connect',
    call: 'batch',
    batchSize,
    inFlight: batchCallers,
  });
  const after = await countBook(ledger.sql);
  const postsPerFlush = (after.entries - before.entries) / (after.seals - before.seals);
  const postsPerSecond = batches.callsPerSecond * batchSize * postedShare;
  const write = async (rowCount: number): Promise<Written> => {
    const used = familyCoreSeconds(world.cluster.pid);
    const message = { kind: 'write', rowCount, ...windowOf(size) } as const;
    const written = await ask(writer, message);
    const seconds = familyCoreSeconds(world.cluster.pid) - used;
    const rowsWithWarmUp = (written.rowsPerSecond * (size.warmUpMs + size.durationMs)) / 1_000;
    return { ...written, postgresMicros: (seconds * 1_000_000) / rowsWithWarmUp };
  };
  const rows = await write(batchSize);
  const asFlushed = await write(Math.max(1, Math.round(postsPerFlush)));
  return { batches, postsPerSecond, postsPerFlush, rows, asFlushed };
}

function ask(writer: Worker, message: RowMessage): Promise<RowResult> {
  return writer.ask<RowResult>(message);
}

function rowOfWritten(rowCount: number, written: Written): Row {
  return {
    'rows a statement': rowCount,
    'rows/s': written.rowsPerSecond,
    'ms a statement': written.msPerBatch,
    'pg µs a row': written.postgresMicros,
  };
}

async function readBodyBytes({ ledger }: World): Promise<number> {
  // The newest ones: posts, once there are any.
  const { rows } = await ledger.sql.query<{ bytes: number }>(
    `select round(avg(length(body)))::int4 as bytes from (
      select body from event where kind = 6 order by book_id desc, sequence desc limit 1000
    ) e`,
  );
  return rows[0]?.bytes ?? 160;
}
