// A refusal is replayed at the sequence it was judged at: the model must refuse alike.
import type { RefusalAnswer } from '../history/answer.ts';
import type { Operation } from '../history/operation.ts';
import type { ModelBook } from '../model/book.ts';
import { judgeForm } from '../model/form.ts';
import { judge } from '../model/judge.ts';
import { codesByReason, type Refusal } from '../model/verdict.ts';
import { writeOf } from './effect.ts';
import type { Findings } from './violation.ts';

/** Compares a refused write with the verdict on the book as it is now. */
export function checkRefusedWrite(book: ModelBook, operation: Operation, findings: Findings): void {
  const write = writeOf(operation);
  const verdict = judge(book, write);
  if (verdict.kind === 'refused') {
    checkRefusal(operation, verdict.anyOf, findings);
    return;
  }
  const { reason } = JSON.parse(operation.answerText) as RefusalAnswer;
  const should =
    verdict.kind === 'accepted' ? 'accepted' : `a replay of sequence ${verdict.sequence}`;
  const got = `${write.method} was refused with ${reason} after sequence ${operation.sequence}`;
  const sentence = `${got}; it had to be ${should}`;
  findings.add('replay', [operation.id], sentence);
}

/** A refusal without a sequence may only be about the form. */
export function checkRefusedForm(operation: Operation, findings: Findings): void {
  checkRefusal(operation, judgeForm(writeOf(operation)), findings);
}

/** The reason, its code and its facts must be those of one of the refusals that are right. */
export function checkRefusal(
  operation: Operation,
  anyOf: readonly Refusal[],
  findings: Findings,
): void {
  const answer = JSON.parse(operation.answerText) as RefusalAnswer;
  if (isRightRefusal(answer, anyOf)) return;
  const got = `${answer.code} ${answer.reason} ${JSON.stringify(answer.metadata)}`;
  const wanted = anyOf.map((each) => `${each.reason} ${JSON.stringify(each.metadata)}`);
  const where = operation.sequence === undefined ? '' : ` after sequence ${operation.sequence}`;
  const expected = wanted.join(' or ') || 'no refusal';
  const sentence = `${operation.method} was refused with ${got}${where}; expected ${expected}`;
  findings.add(isRead(operation) ? 'reads' : 'replay', [operation.id], sentence);
}

/** Whether a refusal is one of those that are right, with its code and its facts. */
export function isRightRefusal(answer: RefusalAnswer, anyOf: readonly Refusal[]): boolean {
  const isRight = anyOf.some((each) => isSame(each, answer));
  return isRight && codesByReason[answer.reason] === answer.code;
}

function isSame(refusal: Refusal, { reason, metadata }: RefusalAnswer): boolean {
  return (
    refusal.reason === reason &&
    Object.entries(refusal.metadata).every(([name, value]) => metadata[name] === value)
  );
}

function isRead({ method }: Operation): boolean {
  return method.startsWith('Get') || method.startsWith('List') || method.startsWith('Batch');
}
