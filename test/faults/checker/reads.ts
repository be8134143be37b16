// Phase E: what was read or refused is compared with the model at the sequence it tells.
import { isKeyCall, isWrite, type Read } from '../history/call.ts';
import type { RefusalAnswer } from '../history/answer.ts';
import { callOf, type Operation } from '../history/operation.ts';
import { findAccount, type ModelBook } from '../model/book.ts';
import { expectRead } from '../model/read.ts';
import { refusal, type Refusal } from '../model/verdict.ts';
import { differenceOf } from './difference.ts';
import type { Effect } from './effect.ts';
import { checkRefusedBatch } from './refused-batch.ts';
import { checkRefusal, checkRefusedForm, checkRefusedWrite } from './refusals.ts';
import type { Findings } from './violation.ts';

export type Reads = {
  /** Checks what was judged exactly where the book stands now. */
  readonly check: (book: ModelBook) => void;
  /** Reports what was judged where the replay never came. */
  readonly finish: (book: ModelBook) => void;
};

type Input = {
  readonly judged: readonly Operation[];
  readonly effects: ReadonlyMap<number, Effect>;
  readonly findings: Findings;
};

/** Sorts refusals and reads by the place at which they have to be compared. */
export function createReads({ judged, effects, findings }: Input): Reads {
  const byPlace = new Map<number, Operation[]>();
  const instants = createInstants(effects);
  for (const operation of judged) {
    if (operation.sequence === undefined && operation.method !== 'GetHead') {
      checkWithoutSequence(operation, findings);
      continue;
    }
    const place = placeOf(operation, instants);
    const there = byPlace.get(place);
    if (there === undefined) byPlace.set(place, [operation]);
    else there.push(operation);
  }
  return {
    check: (book) => {
      const here = byPlace.get(book.sequence) ?? [];
      for (const operation of here) checkOne(book, operation, findings);
      byPlace.delete(book.sequence);
    },
    finish: (book) => {
      for (const [place, operations] of byPlace) {
        const ids = operations.map(({ id }) => id);
        const end = `the history that can be replayed ends at ${book.sequence}`;
        const sentence = `${ids.length} answers tell of sequence ${place}; ${end}`;
        findings.add('order', ids.slice(0, 5), sentence);
      }
    },
  };
}

function checkWithoutSequence(operation: Operation, findings: Findings): void {
  if (isWrite(callOf(operation))) checkRefusedForm(operation, findings);
  else findings.add('reads', [operation.id], 'a refused read does not tell its sequence');
}

function checkOne(book: ModelBook, operation: Operation, findings: Findings): void {
  const call = callOf(operation);
  if (isWrite(call)) return checkRefusedWrite(book, operation, findings);
  if (call.method === 'PostBatch') return checkRefusedBatch(book, operation, findings);
  if (isKeyCall(call)) return;
  checkFreshness(call, operation, findings);
  if (operation.outcome === 'refused') checkRefusedRead(book, { operation, call, findings });
  else checkAnsweredRead(book, { operation, call, findings });
}

/** A read that asks for a sequence tells of it, or of a later one, or that it waited in vain. */
function checkFreshness({ request }: Read, operation: Operation, findings: Findings): void {
  const { minSequence = '0' } = request;
  const { sequence = 0, outcome, answerText, method, id } = operation;
  const reason = outcome === 'refused' ? (JSON.parse(answerText) as RefusalAnswer).reason : '';
  if (reason === 'SEQUENCE_NOT_REACHED' || sequence >= Number(minSequence)) return;
  const sentence = `${method} tells of sequence ${sequence} and was asked for ${minSequence}`;
  findings.add('reads', [id], sentence);
}

type Compared = {
  readonly operation: Operation;
  readonly call: Read;
  readonly findings: Findings;
};

function checkRefusedRead(book: ModelBook, { operation, call, findings }: Compared): void {
  const beyond = beyondHead(book, call);
  const expected = expectRead(book, call);
  const anyOf = expected.kind === 'refused' ? expected.anyOf : [];
  checkRefusal(operation, [...anyOf, ...beyond, ...notReached(book, call)], findings);
}

function notReached(book: ModelBook, { request }: Read): readonly Refusal[] {
  const { minSequence = '0' } = request;
  if (Number(minSequence) <= book.sequence) return [];
  const facts = { min_sequence: minSequence, head_sequence: String(book.sequence) };
  return [refusal('SEQUENCE_NOT_REACHED', facts)];
}

function beyondHead(book: ModelBook, { method, request }: Read) {
  if (method !== 'GetBalance' || request.atSequence === undefined) return [];
  if (Number(request.atSequence) <= book.sequence) return [];
  return [refusal('SEQUENCE_BEYOND_HEAD', { head_sequence: String(book.sequence) })];
}

function checkAnsweredRead(book: ModelBook, { operation, call, findings }: Compared): void {
  const answer = JSON.parse(operation.answerText) as Readonly<Record<string, unknown>>;
  if (isBeforeBirth(book, call)) {
    const { balance } = (answer['balance'] ?? {}) as { readonly balance?: string };
    if (balance === '0') return;
    const sentence = `a balance before the account existed was ${balance}`;
    findings.add('reads', [operation.id], sentence);
    return;
  }
  const expected = expectRead(book, call);
  if (expected.kind === 'refused') {
    const wanted = JSON.stringify(expected.anyOf);
    const where = `${call.method} at sequence ${book.sequence}`;
    const sentence = `${where} was answered; expected ${wanted}`;
    findings.add('reads', [operation.id], sentence);
    return;
  }
  const found = expected.open ? upTo(answer, expected.answer) : answer;
  const difference = differenceOf(expected.answer, found);
  if (difference === undefined) return;
  const where = `${call.method} ${operation.requestText} at sequence ${book.sequence}`;
  const sentence = `${where}: ${difference}`;
  findings.add('reads', [operation.id], sentence);
}

function isBeforeBirth(book: ModelBook, call: Read): boolean {
  if (call.method !== 'GetBalance') return false;
  const { at, atSequence, account } = call.request;
  const isOfThePast = at !== undefined || atSequence !== undefined;
  return isOfThePast && findAccount(book, account) === undefined;
}

/** Leaves out what a list of the whole book shows of the time before the run. */
function upTo(answer: Readonly<Record<string, unknown>>, expected: object): object {
  const { transactions = [] } = expected as { readonly transactions?: readonly unknown[] };
  const found = (answer['transactions'] ?? []) as readonly unknown[];
  const page = found.slice(0, transactions.length);
  return {
    ...(page.length === 0 ? {} : { transactions: page }),
    ...('hasMore' in expected ? { hasMore: answer['hasMore'] } : {}),
  };
}

type Instants = (instant: string, head: number) => number;

/** The place of a comparison: the point of the past that was asked for, else the head told. */
function placeOf(operation: Operation, instants: Instants): number {
  const head = operation.sequence ?? 0;
  if (operation.method !== 'GetBalance' || operation.outcome !== 'ok') return head;
  const call = callOf(operation);
  if (call.method !== 'GetBalance') return head;
  const { at, atSequence } = call.request;
  if (atSequence !== undefined) return Number(atSequence);
  return at === undefined ? head : instants(at, head);
}

/** Finds the last sequence up to a head whose instant is not after the one given. */
function createInstants(effects: ReadonlyMap<number, Effect>): Instants {
  return (instant, head) => {
    const limit = Date.parse(instant);
    let sequence = head;
    while (sequence > 0) {
      const effect = effects.get(sequence);
      if (effect === undefined) return sequence;
      const { transaction, account } = effect.observed;
      if (Date.parse(transaction?.createdAt ?? account?.updatedAt ?? '') <= limit) return sequence;
      sequence -= 1;
    }
    return 0;
  };
}
