// Reads a history once and sorts its operations by what has to be checked about them.
import type { RefusalAnswer, TransactionAnswer } from '../history/answer.ts';
import { isKeyCall, isWrite } from '../history/call.ts';
import { auditor, callOf, type Operation } from '../history/operation.ts';
import type { History } from '../history/recorder.ts';
import { takeApart } from './batches.ts';
import { createEffects, type Effects } from './effects.ts';
import { createKeys, isRefused, type Keys } from './keys.ts';
import type { Findings } from './violation.ts';

export type Collected = {
  readonly effects: Effects;
  /** Refused writes and atomic batches, and refused and answered reads. */
  readonly judged: readonly Operation[];
  /** Atomic batches of which it is not known whether they happened. */
  readonly openBatches: readonly Operation[];
  readonly counts: Counts;
  /** The head that the last read of the auditor told; nothing if the run did not get there. */
  readonly finalHead: number | undefined;
  /** The auditor read the whole list of transactions. */
  readonly isReadBack: boolean;
};

export type Counts = {
  operations: number;
  ok: number;
  refused: number;
  failed: number;
  unknown: number;
  replays: number;
  /** Items of batches that were answered. */
  batchItems: number;
};

type Sorting = {
  readonly base: number;
  readonly effects: Effects;
  readonly judged: Operation[];
  readonly openBatches: Operation[];
  readonly keys: Keys;
  readonly counts: Counts;
  readonly findings: Findings;
  finalHead: number | undefined;
  isReadBack: boolean;
};

/** Takes all operations in. */
export async function collect(history: History, findings: Findings): Promise<Collected> {
  const effects = createEffects(findings);
  const outcomes = { ok: 0, refused: 0, failed: 0, unknown: 0 };
  const counts: Counts = { operations: 0, ...outcomes, replays: 0, batchItems: 0 };
  const sorting: Sorting = {
    base: history.head.baseSequence,
    effects,
    judged: [],
    openBatches: [],
    keys: createKeys(findings),
    counts,
    findings,
    finalHead: undefined,
    isReadBack: false,
  };
  for await (const operation of history.operations) {
    counts.operations += 1;
    counts[operation.outcome] += 1;
    if (operation.replay) counts.replays += 1;
    sort(operation, sorting);
  }
  sorting.keys.check();
  const { judged, openBatches, finalHead, isReadBack } = sorting;
  return { effects, judged, openBatches, counts, finalHead, isReadBack };
}

function sort(operation: Operation, sorting: Sorting): void {
  const { findings, keys } = sorting;
  const call = callOf(operation);
  if (operation.outcome === 'unknown') findBug(operation, findings);
  if (isKeyCall(call)) return keys.addKeyCall(operation);
  if (operation.apiKeyId !== '') keys.addUse(operation);
  if (isRefused(operation, 'KEY_UNKNOWN')) return sortTurnedAway(operation, sorting);
  if (call.method === 'PostBatch') return sortBatch(operation, sorting);
  sortSingle(operation, sorting);
}

/** Turned away for its key: nothing was judged, and nothing may have been written. */
function sortTurnedAway(operation: Operation, { effects, findings }: Sorting): void {
  if (operation.apiKeyId === '') {
    findings.add('keys', [operation.id], 'the key of the run was refused');
  }
  if (isWrite(callOf(operation))) effects.addUnsettled({ ...operation, outcome: 'failed' });
}

function sortBatch(operation: Operation, sorting: Sorting): void {
  const { judged, openBatches, counts, findings } = sorting;
  const { items, refused } = takeApart(operation, findings);
  for (const item of items) {
    counts.batchItems += 1;
    if (item.replay) counts.replays += 1;
    sortSingle(item, sorting);
  }
  if (refused !== undefined) judged.push(refused);
  const isAtomic = operation.requestText.includes('"BATCH_MODE_ATOMIC"');
  if (isAtomic && operation.outcome === 'unknown') openBatches.push(operation);
}

function sortSingle(operation: Operation, sorting: Sorting): void {
  const { effects, judged, findings } = sorting;
  const { outcome } = operation;
  if (operation.sequence === undefined && outcome === 'ok' && operation.method !== 'GetHead') {
    findings.add('answers', [operation.id], 'an answer does not tell its sequence');
    return;
  }
  if (!isWrite(callOf(operation))) {
    if (operation.client === auditor && outcome === 'ok' && isOfTheEnd(operation, sorting)) return;
    if (outcome === 'ok' || outcome === 'refused') judged.push(operation);
    return;
  }
  if (outcome === 'ok') effects.addAnswered(operation);
  else if (outcome === 'refused') judged.push(operation);
  else effects.addUnsettled(operation);
}

/** The auditor's list of all transactions is the final history; it is taken in at once. */
function isOfTheEnd(operation: Operation, sorting: Sorting): boolean {
  if (operation.method === 'GetHead') sorting.finalHead = operation.sequence ?? 0;
  if (operation.method !== 'ListTransactions') return false;
  sorting.isReadBack = true;
  const { transactions = [] } = JSON.parse(operation.answerText) as {
    readonly transactions?: readonly TransactionAnswer[];
  };
  for (const transaction of transactions) {
    if (Number(transaction.sequence) > sorting.base) sorting.effects.addHistory(transaction);
  }
  return true;
}

function findBug(operation: Operation, findings: Findings): void {
  const { reason, code } = JSON.parse(operation.answerText) as RefusalAnswer;
  if (reason !== 'INTERNAL' && code !== 'internal') return;
  findings.add('answers', [operation.id], `${operation.method} was answered with a bug: ${code}`);
}
