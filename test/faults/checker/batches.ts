// A batch is taken apart into the single calls that it stands for, and its answer as a whole is
// checked: nothing else in the checker needs to know of batches.
import type { BatchAnswer, BatchResult } from '../history/answer.ts';
import { writesOf, type Batch, type Write } from '../history/call.ts';
import { callOf, type Operation } from '../history/operation.ts';
import { identityOf, type Effect } from './effect.ts';
import type { Findings } from './violation.ts';

/** A batch and what it was answered, if it was. */
export type TakenApart = {
  /** Each item as the single call that it stands for; those of a refused atomic batch are left. */
  readonly items: readonly Operation[];
  /** An atomic batch that was refused, to be judged as a whole where it was judged. */
  readonly refused?: Operation;
};

const itemCountMax = 1_000;

export function batchOf(operation: Operation): Batch {
  const call = callOf(operation);
  if (call.method !== 'PostBatch') throw new Error(`operation ${operation.id} is no batch`);
  return call;
}

/** Takes a batch apart. What its answer says of itself as a whole is checked here. */
export function takeApart(operation: Operation, findings: Findings): TakenApart {
  const batch = batchOf(operation);
  const writes = writesOf(batch);
  if (operation.outcome === 'refused') {
    checkRefusedWhole(operation, writes.length, findings);
    return { items: [] };
  }
  if (operation.outcome !== 'ok') {
    return { items: writes.map((write) => ({ ...operation, ...asSingle(write) })) };
  }
  const answer = JSON.parse(operation.answerText) as BatchAnswer;
  const results = answer.results ?? [];
  const isRefused = results.some(({ notApplied }) => notApplied !== undefined);
  const add = (sentence: string): void => findings.add('answers', [operation.id], sentence);
  for (const sentence of faultsOf(batch, answer)) add(sentence);
  const items = writes.flatMap((write, index) => {
    const item = itemOf(operation, write, results[index]);
    const isJudgedWhole = isRefused && item?.outcome === 'refused' && item.sequence !== undefined;
    return item === undefined || isJudgedWhole ? [] : [item];
  });
  // A malformed item is refused without a look at the book; the whole batch then has no sequence.
  const sequence = Number(answer.sequence ?? 0);
  if (!isRefused || sequence === 0) return { items };
  return { items, refused: { ...operation, outcome: 'refused', sequence } };
}

function asSingle({ method, request }: Write) {
  return { method, requestText: JSON.stringify(request) };
}

/** The answer to one item as the answer to its single call. */
function itemOf(
  operation: Operation,
  write: Write,
  result: BatchResult | undefined,
): Operation | undefined {
  const single = { ...operation, ...asSingle(write) };
  if (result?.posted !== undefined) {
    const { transaction, replayed = false } = result.posted;
    const { sequence } = transaction;
    const answerText = JSON.stringify({ transaction, sequence });
    return { ...single, answerText, replay: replayed, sequence: Number(sequence) };
  }
  if (result?.refused === undefined) return undefined;
  const { code, metadata = {} } = result.refused;
  const reason = result.refused.reason.replace('ERROR_REASON_', '');
  const told = metadata['sequence'];
  const sequence = told === undefined ? undefined : Number(told);
  const answerText = JSON.stringify({ code, reason, metadata });
  return { ...single, outcome: 'refused', replay: false, answerText, sequence };
}

/** Only the form of a batch can be refused as a whole. */
function checkRefusedWhole(operation: Operation, itemCount: number, findings: Findings): void {
  const isFormWrong = itemCount === 0 || itemCount > itemCountMax;
  if (isFormWrong && operation.answerText.includes('"FIELD_INVALID"')) return;
  const sentence = `a batch of ${itemCount} items was refused with ${operation.answerText}`;
  findings.add('answers', [operation.id], sentence);
}

function faultsOf({ request }: Batch, answer: BatchAnswer): readonly string[] {
  const { results = [], sequence = '0' } = answer;
  const isAtomic = request.mode === 'BATCH_MODE_ATOMIC';
  const posted = results.flatMap((result) => result.posted ?? []);
  const made = posted.filter(({ replayed }) => replayed !== true);
  const sequences = made.map(({ transaction }) => Number(transaction.sequence));
  const isRefused = results.some(({ refused }) => refused !== undefined);
  const isLeftOut = results.some(({ notApplied }) => notApplied !== undefined);
  const told = results.flatMap(sequencesOf);
  const steps = sequences.slice(1).map((each, index) => each - (sequences[index] ?? 0));
  const faults: readonly (readonly [boolean, string])[] = [
    [results.length !== request.items.length, `has ${results.length} results`],
    [steps.some((step) => step < 1), 'posted its items in another order'],
    [isAtomic && steps.some((step) => step !== 1), 'is atomic and has others among its items'],
    [isAtomic && isRefused && made.length > 0, 'is atomic and has an item refused, others posted'],
    [isLeftOut && !(isAtomic && isRefused), 'leaves items out, and none of it is refused'],
    [!isLeftOut && Number(sequence) !== Math.max(0, ...told), 'does not tell its last sequence'],
    [isLeftOut && Number(sequence) < Math.max(0, ...told), 'tells a sequence before its items'],
  ];
  return faults.flatMap(([isFault, what]) =>
    isFault ? [`a batch of ${request.items.length} items ${what}`] : [],
  );
}

function sequencesOf({ posted, refused }: BatchResult): readonly number[] {
  const told = posted?.transaction.sequence ?? refused?.metadata?.['sequence'];
  return told === undefined ? [] : [Number(told)];
}

/**
 * An atomic batch of unknown outcome is wholly there or not at all. `batches` are those; an effect
 * that only such batches can have made stands with all their items.
 */
export function checkWholeness(
  effects: ReadonlyMap<number, Effect>,
  batches: readonly Operation[],
  findings: Findings,
): void {
  const identities = new Set([...effects.values()].map(({ identity }) => identity));
  const isWholeById = new Map(
    batches.map((operation) => {
      const items = writesOf(batchOf(operation)).map(identityOf);
      return [operation.id, items.every((identity) => identities.has(identity))] as const;
    }),
  );
  for (const { answered, unsettled, identity, sequence } of effects.values()) {
    if (answered.some(({ replay }) => !replay)) continue;
    const ids = unsettled.map(({ id }) => id);
    if (ids.length === 0 || ids.some((id) => isWholeById.get(id) !== false)) continue;
    const sentence = `the ${identity} took effect at ${sequence}, its atomic batch not as a whole`;
    findings.add('resolve', ids, sentence);
  }
}
