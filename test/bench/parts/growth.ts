// The rate of a book that has grown against that of an empty one beside it, on the same PostgreSQL
// and measured in turn; then an account with a long history, for the reads.
import type { Figures, Size } from '../figures.ts';
import { medianOf } from '../processes.ts';
import { countBook } from '../postgres/cluster-facts.ts';
import { printTable, type Row } from '../report/table.ts';
import { batchCallers, batchSize, mix } from './mix.ts';
import type { LongHistory } from './reads.ts';
import { windowOf } from './unary.ts';
import type { Ledger, LedgerLoad, World } from './world.ts';

/** Posts in batches, as many at once as the server takes into a flush. */
const fill = { protocol: 'connect', call: 'batch', batchSize, inFlight: batchCallers } as const;

export async function measureGrowth(world: World, size: Size): Promise<Figures> {
  const figures: Record<string, number> = {};
  const rows: Row[] = [];
  for (const count of size.grownCounts) {
    await fillTo(world.ledger, count);
    const { batches, singles } = await compare(world, size);
    const name = nameOf(count);
    rows.push({ 'posts in the book': count, ratio: batches, 'ratio of single posts': singles });
    figures[`rate_at_${name}_vs_empty`] = batches;
    figures[`unary_rate_at_${name}_vs_empty`] = singles;
  }
  printTable('rate of a grown book against an empty one, batches of 100 in turn', rows);
  return figures;
}

/** Gives one account a long history. */
export async function lengthenHistory({ ledger }: World, size: Size): Promise<LongHistory> {
  const [accountId = ''] = ledger.accountIds;
  const entryCount = size.historyCount;
  const fromMs = Date.now();
  const callCountMax = Math.ceil(entryCount / batchSize);
  await ledger.run({ ...fill, ...windowOf(size), callCountMax, accountIds: [accountId] });
  return { accountId, entryCount, instants: { fromMs, toMs: Date.now() } };
}

/** `5m`, `60k`. */
function nameOf(count: number): string {
  return count % 1_000_000 === 0 ? `${count / 1_000_000}m` : `${Math.round(count / 1_000)}k`;
}

async function fillTo(ledger: Ledger, count: number): Promise<void> {
  const missing = count - (await countBook(ledger.sql)).entries;
  if (missing <= 0) return;
  await ledger.run({
    ...fill,
    warmUpMs: 0,
    durationMs: 0,
    callCountMax: Math.ceil(missing / batchSize),
  });
}

/** Each round has an empty book of its own: it does not stay empty while it is measured. */
async function compare(world: World, size: Size) {
  const rounds: { readonly batches: number; readonly singles: number }[] = [];
  for (let round = 0; round < size.roundCount; round++) {
    const young = await world.openLedger(world.ledger.accountIds.length);
    try {
      rounds.push(await compareOnce(world.ledger, young, size));
      const wrong = await young.verify();
      if (wrong.length > 0) throw new Error(wrong.join(' '));
    } finally {
      await young.close();
    }
  }
  return {
    batches: medianOf(rounds.map(({ batches }) => batches)),
    singles: medianOf(rounds.map(({ singles }) => singles)),
  };
}

async function compareOnce(grown: Ledger, young: Ledger, size: Size) {
  const window = windowOf(size);
  const single = { ...mix, ...window, protocol: 'connect', inFlight: size.inFlight } as const;
  const ratioOf = async (load: LedgerLoad): Promise<number> => {
    const small = await young.run(load);
    const large = await grown.run(load);
    return large.callsPerSecond / small.callsPerSecond;
  };
  const singles = await ratioOf(single);
  return { singles, batches: await ratioOf({ ...fill, ...window }) };
}
