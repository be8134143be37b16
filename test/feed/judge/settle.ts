// Waits until the watchers have what there is, or have had the time for it, and for what should
// not come any more.
import { setTimeout as delay } from 'node:timers/promises';
import type { Watchers } from '../watchers/start-watchers.ts';
import type { BalanceRecord, WatchRecord } from '../record/watch.ts';
import { lastDifferences } from './judge-balances.ts';
import { judgeHistory } from './judge-history.ts';
import { timesOf } from './times.ts';
import type { Truth } from './truth.ts';

const lingerMs = 1_500;

/** Says how it went. */
export async function settle(
  truth: Truth,
  { history, balances }: Watchers,
  waitMsMax: number,
): Promise<string> {
  const startedAt = performance.now();
  const isWaited = (): boolean => performance.now() - startedAt > waitMsMax;
  let waiting = history.map(({ record }) => record);
  let waitingBalances = balances.map(({ record }) => record);
  while (waiting.length + waitingBalances.length > 0 && !isWaited()) {
    await delay(300);
    waiting = waiting.filter((record) => !isComplete(truth, record));
    waitingBalances = waitingBalances.filter((record) => !isFinal(truth, record));
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  await delay(lingerMs);
  const late = [...waiting, ...waitingBalances].map(({ name }) => name).join(', ');
  return `all had arrived after ${seconds} s${late === '' ? '' : `, but for ${late}`}`;
}

function isComplete(truth: Truth, record: WatchRecord): boolean {
  const last = judgeHistory(truth, record, timesOf([])).judged.at(-1);
  const count = last?.attempt.digests.length ?? 0;
  return last?.places.some((place) => place + count >= last.expected.length) === true;
}

function isFinal(truth: Truth, record: BalanceRecord): boolean {
  const { told = [] } = record.attempts.at(-1) ?? {};
  return told.length > 0 && lastDifferences(truth, record, told).length === 0;
}
