// All watchers of a run: every protocol in turn, one of them never reading.
import type { Random } from '../../faults/load/random.ts';
import type { BalanceRecord, Caller, WatchRecord } from '../record/watch.ts';
import type { Stage } from '../stage.ts';
import { balanceProtocols, protocols, type Wires } from '../wire/protocols.ts';
import type { World } from '../writers/world.ts';
import { chooseManner, chooseOwn, chooseWatch } from './choose-watch.ts';
import { startBalanceWatcher } from './watch-balances.ts';
import { startHistoryWatcher } from './watch-history.ts';
import type { Manner, Watcher, WatcherOptions } from './watcher.ts';

export type Watchers = {
  readonly history: readonly Watcher<WatchRecord>[];
  readonly balances: readonly Watcher<BalanceRecord>[];
  /** From now on they stay where they are, and all read. */
  readonly settle: () => void;
  readonly stop: () => Promise<void>;
};

export type WatchersOptions = {
  readonly stage: Stage;
  readonly world: World;
  readonly wires: Wires;
  readonly random: Random;
  readonly watcherCount: number;
  readonly balanceWatcherCount: number;
  readonly shareOfTokens: number;
  /** The shortest life of a token, in seconds; the longest is half a minute more. */
  readonly tokenSecondsMin: number;
};

const staying: Manner = { reading: 'not', stayMsMax: Number.POSITIVE_INFINITY };

export function startWatchers(options: WatchersOptions): Watchers {
  const { stage, world, wires, random, shareOfTokens } = options;
  const { watcherCount, balanceWatcherCount } = options;
  const history = Array.from({ length: watcherCount - 1 }, (_, i) => {
    const watch = chooseWatch(world, random, shareOfTokens);
    const protocol = inTurn(protocols, i);
    const ways = { ...waysOf(options, watch.caller), streams: wires.history[protocol] };
    const tellsAll = protocol !== '@scrip/client';
    return startHistoryWatcher(`history ${i} (${protocol})`, watch, { ...ways, tellsAll });
  });
  const neverReading = startHistoryWatcher(
    'history that is not read',
    { scope: { kind: 'book' }, kinds: [], start: { kind: 'now' }, caller: { kind: 'key' } },
    // On the last server, which is not lost.
    {
      ...waysOf(options, { kind: 'key' }),
      streams: wires.history['gRPC-Web by hand'],
      urls: stage.urls.slice(-1),
      manner: staying,
      tellsAll: true,
    },
  );
  const balances = Array.from({ length: balanceWatcherCount }, (_, i) => {
    const scope = chooseOwn(world, random);
    const isToken = random.chance(shareOfTokens);
    const caller: Caller = isToken ? { kind: 'token', scope } : { kind: 'key' };
    const protocol = inTurn(balanceProtocols, i);
    const ways = { ...waysOf(options, caller), streams: wires.balances[protocol] };
    const tellsAll = protocol !== '@scrip/client';
    const name = `balances ${i} (${protocol})`;
    return startBalanceWatcher({ name, scope, caller }, { ...ways, tellsAll });
  });
  const all = [...history, neverReading, ...balances];
  return {
    history: [...history, neverReading],
    balances,
    settle: () => {
      for (const watcher of all) watcher.settle();
    },
    stop: async () => {
      await Promise.all(all.map((watcher) => watcher.stop()));
    },
  };
}

function inTurn<T>(items: readonly T[], place: number): T {
  const item = items[place % items.length];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

function waysOf(
  { stage, random, tokenSecondsMin }: WatchersOptions,
  caller: Caller,
): Omit<WatcherOptions, 'tellsAll'> {
  // Some tokens are over before the watcher leaves.
  const headersOf =
    caller.kind === 'key'
      ? () => Promise.resolve(stage.keyHeaders)
      : () => stage.mint(caller.scope, tokenSecondsMin + random.below(30));
  return { urls: stage.urls, headersOf, manner: chooseManner(random), random };
}
