// The third baseline, in a process of its own: PostgreSQL alone. One connection writes batches of
// rows with a prepared statement; the next batch is made while one is written.
import { performance } from 'node:perf_hooks';
import { eventCodec } from '@scrip/codec';
import { openDatabase } from '@scrip/persistence';
import { randomSecret, type PostgresConnection } from '@scrip/runtime';
import { Client } from 'pg';
import { createRandom } from '../load/random.ts';
import { makeRowBatch, writeStatement } from './row-batch.ts';

export type RowMessage =
  | {
      readonly kind: 'open';
      /** Of an empty database. */
      readonly connection: PostgresConnection;
      readonly accountCount: number;
      readonly bodyBytes: number;
    }
  | {
      readonly kind: 'write';
      readonly rowCount: number;
      readonly warmUpMs: number;
      readonly durationMs: number;
    };

export type RowResult = { readonly rowsPerSecond: number; readonly msPerBatch: number };

type Open = Extract<RowMessage, { kind: 'open' }>;
type Stage = { readonly sql: Client; readonly open: Open; readonly balances: Float64Array };

/** As the connections that post are set up. */
const settings = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
];
const random = createRandom(1);
let stage: Stage | undefined;
let head = 0;

process.once('disconnect', () => process.exit(0));
process.on('message', (message: RowMessage) => {
  act(message).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function act(message: RowMessage): Promise<RowResult> {
  if (message.kind === 'open') {
    stage = await openStage(message);
    head = message.accountCount;
    return { rowsPerSecond: 0, msPerBatch: 0 };
  }
  if (stage === undefined) throw new Error('Nothing is open.');
  return write(stage, message);
}

async function openStage(open: Open): Promise<Stage> {
  const { connection, accountCount } = open;
  const database = await openDatabase({ connection, codec: eventCodec, allowUnsafe: false });
  await database.checkServer();
  await database.migrate();
  const idKeys = { test: randomSecret(32), prod: randomSecret(32) };
  await database.stores.create({ storeId: 'sto_Bench000001', name: 'bench', idKeys });
  await database.close();
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  const sql = new Client({ ...connection, options });
  await sql.connect();
  await sql.query(
    `insert into account (
      book_id, id, customer_id, name, name_key, unit_label, status, balance, last_sequence,
      created_at, updated_at, balance_updated_at
    )
    select 1, id, 'customer ' || id, 'default', 'default', 'credits', 'active', 0, id,
      now(), now(), now()
    from generate_series(1, $1::int8) as id`,
    [accountCount],
  );
  await sql.query('update book set head_sequence = $1 where id = 1', [accountCount]);
  return { sql, open, balances: new Float64Array(accountCount) };
}

async function write(
  { sql, open, balances }: Stage,
  message: Extract<RowMessage, { kind: 'write' }>,
): Promise<RowResult> {
  const { rowCount, warmUpMs, durationMs } = message;
  const next = (): unknown[] => {
    const batch = makeRowBatch({ ...open, rowCount, head, random }, balances);
    head += rowCount;
    return batch;
  };
  const measuredFrom = performance.now() + warmUpMs;
  const until = measuredFrom + durationMs;
  let batchCount = 0;
  for (let values = next(), more: unknown[]; ; values = more) {
    const writing = sql.query<{ heads: number }>({ name: 'write', text: writeStatement, values });
    more = next();
    const { rows } = await writing;
    if (rows[0]?.heads !== 1) throw new Error('A batch was not written.');
    const now = performance.now();
    if (now >= measuredFrom && now < until) batchCount++;
    if (now < until) continue;
    // The one that was made and not written.
    head -= rowCount;
    break;
  }
  const rowsPerSecond = ((batchCount * rowCount) / durationMs) * 1_000;
  return { rowsPerSecond, msPerBatch: durationMs / batchCount };
}
