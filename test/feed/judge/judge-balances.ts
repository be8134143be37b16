// Judges the record of a watcher of balances: each told balance is the account's at its sequence,
// none is older than one before it, and the last of each account is the final one.
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Balance } from '@scrip/contract';
import type { BalanceAttempt, BalanceRecord, ToldBalance } from '../record/watch.ts';
import { isIn } from './filter.ts';
import type { Times } from './times.ts';
import type { BalanceAt, Truth } from './truth.ts';
import type { Violation } from './violation.ts';

type Say = (text: string) => void;

export function judgeBalances(
  truth: Truth,
  record: BalanceRecord,
  times: Times,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [index, attempt] of record.attempts.entries()) {
    const say: Say = (text) =>
      void violations.push({
        property: 'balance',
        watcher: record.name,
        text: `attempt ${index}: ${text}`,
      });
    const last = judgeChanges(truth, { record, attempt }, say);
    if (record.tellsAll) judgeSnapshot(truth, { record, attempt, times }, say);
    if (record.isFinished && attempt === record.attempts.at(-1)) {
      for (const difference of differences(truth, { record, last })) say(difference);
    }
  }
  return violations;
}

/** Gives the place that each account has reached in its own history. */
function judgeChanges(
  truth: Truth,
  { record, attempt }: { readonly record: BalanceRecord; readonly attempt: BalanceAttempt },
  say: Say,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const sequences = new Map<string, number>();
  for (const told of attempt.told) {
    if (told.kind !== 'balance') continue;
    const { accountId, balance, sequence: toldSequence } = told.balance;
    const sequence = Number(toldSequence);
    const history = truth.balances.get(accountId) ?? [];
    const name = `${accountId} ${balance} at ${sequence}`;
    if (!isIn(truth, record.scope, accountId)) say(`${name} is not of the accounts asked for`);
    if (record.caller.kind === 'token' && sequence !== 0) say(`${name} tells a token a sequence`);
    const from = places.get(accountId) ?? 0;
    const place =
      record.caller.kind === 'token'
        ? history.findIndex((at, i) => i >= from && isSame(at, told.balance))
        : placeOf(history, sequence);
    const found = history[place];
    if (found === undefined || !isSame(found, told.balance)) {
      say(`${name} is not what the account had: ${found?.balance ?? 'nothing'}`);
      continue;
    }
    if (place < from) say(`${name} is older than one before it`);
    const earlier = sequences.get(accountId);
    if (earlier !== undefined && sequence !== 0 && sequence <= earlier) {
      say(`${name} comes after the one at ${earlier}`);
    }
    places.set(accountId, place);
    sequences.set(accountId, sequence);
  }
  return places;
}

function isSame(at: BalanceAt, { balance, held, available, updatedAt }: Balance): boolean {
  return (
    at.balance === balance &&
    held === '0' &&
    available === balance &&
    updatedAt !== undefined &&
    timestampMs(updatedAt) === at.updatedAtMs
  );
}

/** The place of the last balance at or before a sequence. */
function placeOf(history: readonly BalanceAt[], sequence: number): number {
  return history.findLastIndex((at) => at.sequence <= sequence);
}

/** All balances come before `snapshot_end`, all of its sequence; none from before the stream. */
function judgeSnapshot(
  truth: Truth,
  {
    record,
    attempt,
    times,
  }: {
    readonly record: BalanceRecord;
    readonly attempt: BalanceAttempt;
    readonly times: Times;
  },
  say: Say,
): void {
  const ends = attempt.told.filter(({ kind }) => kind === 'snapshot_end');
  if (ends.length > 1) say('snapshot_end came twice');
  const [end] = ends;
  if (end === undefined || end.kind === 'balance') return;
  const beats = attempt.told.filter(({ kind }) => kind === 'heartbeat');
  if (beats.length === 0 && lastAt(attempt.told) - end.atMs > 2_000) say('no heartbeat came');
  if (record.caller.kind === 'token') return;
  const sequence = Number(end.position.sequence);
  if (sequence < times.headBefore(attempt.openedAtMs)) say(`the snapshot is old: ${sequence}`);
  const snapshot = attempt.told.slice(0, attempt.told.indexOf(end));
  const balances = snapshot.filter((told) => told.kind === 'balance').map((told) => told.balance);
  for (const balance of balances) {
    if (Number(balance.sequence) !== sequence) {
      say(`${balance.accountId} of the snapshot at ${sequence} is at ${balance.sequence}`);
    }
  }
  const told = balances.map(({ accountId }) => accountId).toSorted();
  const wanted = accountsOf(truth, record)
    .filter((id) => (truth.balances.get(id)?.[0]?.sequence ?? 0) <= sequence)
    .toSorted();
  if (told.join() !== wanted.join()) {
    say(`the snapshot at ${sequence} has ${told.length} accounts, not ${wanted.length}`);
  }
}

/** What is not yet the final balance, of all accounts of the watch. */
export function lastDifferences(
  truth: Truth,
  record: BalanceRecord,
  told: BalanceAttempt['told'],
): readonly string[] {
  const attempt: BalanceAttempt = { openedAtMs: 0, told, end: undefined };
  const last = judgeChanges(truth, { record, attempt }, () => undefined);
  return differences(truth, { record, last });
}

function differences(
  truth: Truth,
  {
    record,
    last,
  }: {
    readonly record: BalanceRecord;
    readonly last: ReadonlyMap<string, number>;
  },
): readonly string[] {
  return accountsOf(truth, record).flatMap((accountId) => {
    const history = truth.balances.get(accountId) ?? [];
    const [told, final] = [history[last.get(accountId) ?? -1], history.at(-1)];
    const isFinal = told?.balance === final?.balance && told?.updatedAtMs === final?.updatedAtMs;
    return isFinal ? [] : [`the last of ${accountId} is ${told?.balance}, not ${final?.balance}`];
  });
}

function accountsOf(truth: Truth, { scope }: BalanceRecord): readonly string[] {
  return [...truth.balances.keys()].filter((id) => isIn(truth, scope, id));
}

function lastAt(told: readonly ToldBalance[]): number {
  return told.at(-1)?.atMs ?? 0;
}
