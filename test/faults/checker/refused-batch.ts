// An atomic batch of which an item was refused is rehearsed where it was judged: each of its items
// must have been told what the model comes to.
import type { BatchAnswer, BatchResult, RefusalAnswer } from '../history/answer.ts';
import { writesOf } from '../history/call.ts';
import type { Operation } from '../history/operation.ts';
import type { ModelBook } from '../model/book.ts';
import { rehearse, type Rehearsed } from '../model/rehearse.ts';
import { batchOf } from './batches.ts';
import { isRightRefusal } from './refusals.ts';
import type { Findings } from './violation.ts';

/** Compares a refused atomic batch with the verdicts on the book as it is now. */
export function checkRefusedBatch(book: ModelBook, operation: Operation, findings: Findings): void {
  const { results = [] } = JSON.parse(operation.answerText) as BatchAnswer;
  for (const [index, expected] of rehearse(book, writesOf(batchOf(operation))).entries()) {
    if (isAsRehearsed(results[index] ?? {}, expected)) continue;
    const got = JSON.stringify(results[index]);
    const wanted = JSON.stringify(expected);
    const where = `item ${index} of an atomic batch, judged at sequence ${operation.sequence},`;
    findings.add('replay', [operation.id], `${where} was told ${got}; expected ${wanted}`);
  }
}

function isAsRehearsed({ posted, refused, notApplied }: BatchResult, expected: Rehearsed): boolean {
  switch (expected.kind) {
    case 'replayed':
      return posted?.replayed === true && Number(posted.transaction.sequence) === expected.sequence;
    case 'refused':
      return refused !== undefined && isRightRefusal(toAnswer(refused), expected.anyOf);
    case 'not_applied':
      return notApplied !== undefined;
  }
}

function toAnswer(refused: NonNullable<BatchResult['refused']>): RefusalAnswer {
  const { code, reason, metadata = {} } = refused;
  return { code, reason: reason.replace('ERROR_REASON_', ''), metadata };
}
