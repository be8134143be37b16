// A watcher of balances. It resumes nothing: each stream begins with all balances.
import { setTimeout as delay } from 'node:timers/promises';
import { toldBalanceOf } from '../record/record-balances.ts';
import type { BalanceAttempt, BalanceRecord } from '../record/watch.ts';
import type { Streams } from '../wire/streams.ts';
import { toBalancesRequest } from './requests.ts';
import { attend, type Life, type Watcher, type WatcherOptions } from './watcher.ts';

export type BalancesOptions = WatcherOptions & { readonly streams: Pick<Streams, 'watchBalances'> };

/** Starts a watcher; it is at work until it is stopped. */
export function startBalanceWatcher(
  { name, scope, caller }: Pick<BalanceRecord, 'name' | 'scope' | 'caller'>,
  options: BalancesOptions,
): Watcher<BalanceRecord> {
  const { tellsAll } = options;
  const record = { name, scope, caller, tellsAll, attempts: [], isFinished: false };
  const settling = new AbortController();
  const stopping = new AbortController();
  const done = run(record, options, { settling: settling.signal, stopping: stopping.signal });
  return {
    record,
    settle: () => settling.abort(),
    stop: async () => {
      record.isFinished = true;
      stopping.abort();
      await done;
    },
  };
}

async function run(record: BalanceRecord, options: BalancesOptions, life: Life): Promise<void> {
  const request = toBalancesRequest(record.scope);
  while (!life.stopping.aborted) {
    const attempt: BalanceAttempt = { openedAtMs: performance.now(), told: [], end: undefined };
    record.attempts.push(attempt);
    attempt.end = await attend(options, life, {
      open: (call) => options.streams.watchBalances(request, call),
      note: (message) => attempt.told.push(toldBalanceOf(message)),
    });
    if (attempt.end.kind === 'failed') await delay(100 + 300 * options.random.next());
  }
}
