// Reads: a balance beside an empty handler, a page of history, and a balance at an instant of a
// long history beside the present one.
import type { Figures, Size } from '../figures.ts';
import type { Call } from '../load/load.ts';
import { medianOf } from '../processes.ts';
import { printTable } from '../report/table.ts';
import { rowOf, type Measured } from './measure.ts';
import { windowOf } from './unary.ts';
import type { World } from './world.ts';

/** An account with a long history, and the time in which it came about. */
export type LongHistory = {
  readonly accountId: string;
  readonly entryCount: number;
  readonly instants: { readonly fromMs: number; readonly toMs: number };
};

export async function measureReads(
  world: World,
  size: Size,
  history: LongHistory,
): Promise<Figures> {
  const load = { ...windowOf(size), protocol: 'connect', inFlight: size.inFlight } as const;
  const read = (call: Call, inFlight = size.inFlight, ids = world.ledger.accountIds) =>
    world.ledger.run({
      ...load,
      call,
      inFlight,
      accountIds: ids,
      instants: history.instants,
    });
  const rounds: { empty: Measured; balance: Measured; now: Measured; past: Measured }[] = [];
  const long = [history.accountId];
  for (let round = 0; round < size.roundCount; round++) {
    const empty = await world.runEmpty(world.empty.stockH2, load);
    const balance = await read('balance');
    const now = await read('balance', 1, long);
    rounds.push({ empty, balance, now, past: await read('balance-at', 1, long) });
  }
  const page = await read('history');
  const longPage = await read('history', size.inFlight, long);
  printTable(`reads over Connect, ${size.inFlight} in flight`, [
    ...rounds.flatMap(({ empty, balance }) => [
      rowOf('empty stock handler', empty),
      rowOf('balance', balance),
    ]),
    rowOf('page of 50 entries', page),
    rowOf('page of 50, one long history', longPage),
  ]);
  printTable(
    `one reader, an account with ${history.entryCount} entries`,
    rounds.flatMap(({ now, past }) => [
      rowOf('balance now', now),
      rowOf('balance at an instant', past),
    ]),
  );
  return {
    balance_reads_per_second: medianOf(rounds.map(({ balance }) => balance.callsPerSecond)),
    balance_vs_empty: medianOf(
      rounds.map(({ balance, empty }) => balance.callsPerSecond / empty.callsPerSecond),
    ),
    history_pages_per_second: page.callsPerSecond,
    long_history_pages_per_second: longPage.callsPerSecond,
    long_history_entries: history.entryCount,
    balance_now_p50_ms: medianOf(rounds.map(({ now }) => now.p50Ms)),
    balance_at_instant_p50_ms: medianOf(rounds.map(({ past }) => past.p50Ms)),
    balance_at_instant_extra_ms: medianOf(rounds.map(({ now, past }) => past.p50Ms - now.p50Ms)),
  };
}
