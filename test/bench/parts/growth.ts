// The rate of a book that has grown against that of an empty one beside it, on the same PostgreSQL
// and measured in turn, between checkpoints and right behind one; then an account with a long
// history, for the reads.
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

/** So short that an empty book has hardly a hundredth of five million posts when it is measured. */
const warmUpMsMax = 1_500;

export async function measureGrowth(world: World, size: Size): Promise<Figures> {
  const figures: Record<string, number> = {};
  const rows: Row[] = [];
  for (const count of size.grownCounts) {
    await fillTo(world.ledger, count);
    const { batches, singles, behindCheckpoint } = await compare(world, size);
    const name = nameOf(count);
    rows.push({
      'posts in the book': count,
      ratio: batches,
      'ratio of single posts': singles,
      'ratio right behind a checkpoint': behindCheckpoint,
    });
    figures[`rate_at_${name}_vs_empty`] = batches;
    figures[`unary_rate_at_${name}_vs_empty`] = singles;
    figures[`rate_at_${name}_vs_empty_behind_checkpoint`] = behindCheckpoint;
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

/** Brings the book to a size; what autovacuum would do about it is done, not left to a window. */
async function fillTo(ledger: Ledger, count: number): Promise<void> {
  const missing = count - (await countBook(ledger.sql)).entries;
  if (missing <= 0) return;
  await ledger.run({
    ...fill,
    warmUpMs: 0,
    durationMs: 0,
    callCountMax: Math.ceil(missing / batchSize),
  });
  await ledger.sql.query('vacuum (analyze)');
}

type Pair = { readonly grown: Ledger; readonly young: Ledger };
type Round = { readonly batches: number; readonly singles: number };

/**
 * Each round has an empty book of its own: it does not stay empty while it is measured. All of
 * them are kept until the last round is over: PostgreSQL makes a checkpoint when a database is
 * removed, and the page images behind it are nearly all of the grown book.
 */
async function compare({ ledger, openLedger }: World, size: Size) {
  const rounds: Round[] = [];
  const closing: (() => Promise<void>)[] = [];
  let behindCheckpoint = Number.NaN;
  try {
    while (rounds.length < size.roundCount) {
      const pair = { grown: ledger, young: await openLedger(ledger.accountIds.length) };
      closing.push(pair.young.close);
      rounds.push(await compareOnce(pair, size));
      if (rounds.length === size.roundCount) {
        behindCheckpoint = await ratioOf(pair, { ...fill, ...windowOf(size) }, 'checkpoint');
      }
      const wrong = await pair.young.verify();
      if (wrong.length > 0) throw new Error(wrong.join(' '));
      await pair.young.stop();
    }
  } finally {
    for (const close of closing) await close();
  }
  return {
    batches: medianOf(rounds.map(({ batches }) => batches)),
    singles: medianOf(rounds.map(({ singles }) => singles)),
    behindCheckpoint,
  };
}

async function compareOnce(pair: Pair, size: Size): Promise<Round> {
  const window = windowOf(size);
  const single = { ...mix, ...window, protocol: 'connect', inFlight: size.inFlight } as const;
  const batch = { ...fill, ...window };
  // A server that has just started is compiled while it answers, and one of the two has: both
  // begin with loads that are not counted.
  const durationMs = Math.min(window.durationMs, warmUpMsMax);
  for (const ledger of [pair.young, pair.grown]) {
    for (const load of [single, batch]) await ledger.run({ ...load, durationMs });
  }
  return { singles: await ratioOf(pair, single), batches: await ratioOf(pair, batch) };
}

/** The rate of the grown book by that of the young one, each behind a statement if there is one. */
async function ratioOf(
  { grown, young }: Pair,
  load: LedgerLoad,
  statement?: string,
): Promise<number> {
  const rateOf = async (ledger: Ledger): Promise<number> => {
    if (statement !== undefined) await ledger.sql.query(statement);
    return (await ledger.run(load)).callsPerSecond;
  };
  const small = await rateOf(young);
  return (await rateOf(grown)) / small;
}
