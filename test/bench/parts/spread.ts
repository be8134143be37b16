// One hot account, and accounts of which few are busy, against a load that is spread evenly.
import type { Figures, Size } from '../figures.ts';
import type { Spread } from '../load/spread.ts';
import { medianOf } from '../processes.ts';
import { printTable } from '../report/table.ts';
import { rowOf, type Measured } from './measure.ts';
import { mix } from './mix.ts';
import { windowOf } from './unary.ts';
import type { World } from './world.ts';

const spreads = ['uniform', 'hot', 'zipf'] as const;
/** A median of nine is what the goal asks for. */
const roundCounts = { short: 3, long: 9 } as const;

export async function measureSpread(world: World, size: Size): Promise<Figures> {
  const rounds: Record<Spread, Measured>[] = [];
  const load = { ...mix, ...windowOf(size), protocol: 'connect', inFlight: size.inFlight } as const;
  const roundCount = Math.min(roundCounts[size.form], size.roundCount * 2);
  for (let round = 0; round < roundCount; round++) {
    const uniform = await world.ledger.run({ ...load, spread: 'uniform' });
    const hot = await world.ledger.run({ ...load, spread: 'hot' });
    rounds.push({ uniform, hot, zipf: await world.ledger.run({ ...load, spread: 'zipf' }) });
  }
  printTable(
    `single posts over Connect by account, ${world.ledger.accountIds.length} accounts`,
    rounds.flatMap((round) => spreads.map((spread) => rowOf(spread, round[spread]))),
  );
  const ratioOf = (spread: Spread): number =>
    medianOf(rounds.map((round) => round[spread].callsPerSecond / round.uniform.callsPerSecond));
  return {
    hot_vs_spread: ratioOf('hot'),
    zipf_vs_spread: ratioOf('zipf'),
    hot_posts_per_second: medianOf(rounds.map(({ hot }) => hot.callsPerSecond)),
    zipf_posts_per_second: medianOf(rounds.map(({ zipf }) => zipf.callsPerSecond)),
  };
}
