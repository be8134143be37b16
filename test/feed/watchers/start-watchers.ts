// All watchers of a run: every protocol in turn, one of them never reading.
import type { Random } from '../../faults/load/random.ts';
import type { BalanceRecord, Caller, WatchRecord } from '../record/watch.ts';
import type { Stage } from '../stage.ts';
import { protocols, type Protocol, type Wires } from '../wire/protocols.ts';
import type { World } from '../writers/world.ts';
import { chooseManner, chooseOwn, chooseWatch } from './choose-watch.ts';
import { startBalanceWatcher } from './watch-balances.ts';
import { startHistoryWatcher } from './watch-history.ts';
import type { Manner, Watcher, WatcherOptions } from './watcher.ts';

export type Watchers = {
  readonly history: readonly Watcher<WatchRecord>[];
  readonly balances: readonly Watcher<BalanceRecord>[];
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
};

const staying: Manner = { reading: 'not', stayMsMax: Number.POSITIVE_INFINITY };

export function startWatchers(options: WatchersOptions): Watchers {
  const { stage, world, random, watcherCount, balanceWatcherCount, shareOfTokens } = options;
  const history = Array.from({ length: watcherCount - 1 }, (_, i) => {
    const watch = chooseWatch(world, random, shareOfTokens);
    const { protocol, ...rest } = waysOf(options, { place: i, caller: watch.caller });
    return startHistoryWatcher(`history ${i} (${protocol})`, watch, rest);
  });
  const idle = { ...waysOf(options, { place: 0, caller: { kind: 'key' } }), manner: staying };
  const streams = options.wires.streams['gRPC-Web by hand'];
  const neverReading = startHistoryWatcher(
    'history that is not read',
    { scope: { kind: 'book' }, kinds: [], start: { kind: 'now' }, caller: { kind: 'key' } },
    // On the last server, which is not lost.
    { ...idle, streams, urls: stage.urls.slice(-1), tellsAll: true },
  );
  const balances = Array.from({ length: balanceWatcherCount }, (_, i) => {
    const scope = chooseOwn(world, random);
    const isToken = random.chance(shareOfTokens);
    const caller: Caller = isToken ? { kind: 'token', scope } : { kind: 'key' };
    const { protocol, ...rest } = waysOf(options, { place: i, caller });
    return startBalanceWatcher({ name: `balances ${i} (${protocol})`, scope, caller }, rest);
  });
  const all = [...history, neverReading, ...balances];
  return {
    history: [...history, neverReading],
    balances,
    stop: async () => {
      await Promise.all(all.map((watcher) => watcher.stop()));
    },
  };
}

function waysOf(
  { stage, wires, random }: WatchersOptions,
  { place, caller }: { readonly place: number; readonly caller: Caller },
): WatcherOptions & { readonly protocol: Protocol } {
  const protocol = protocols[place % protocols.length] ?? 'Connect';
  // Some tokens are over before the watcher leaves.
  const headersOf =
    caller.kind === 'key'
      ? () => Promise.resolve(stage.keyHeaders)
      : () => stage.mint(caller.scope, 3 + random.below(30));
  return {
    protocol,
    streams: wires.streams[protocol],
    tellsAll: protocol !== '@scrip/client',
    urls: stage.urls,
    headersOf,
    manner: chooseManner(random),
    random,
  };
}
