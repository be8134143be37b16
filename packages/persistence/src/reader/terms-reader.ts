// The reader of grants, holds and schedules on PostgreSQL: each answer is of one snapshot.
import type { TermsReader } from '@scrip/engine';
import { readBalanceParts, readExplainedEntry } from './explain.ts';
import type { ReadContext } from './read-context.ts';
import { readTerm, readTermPage } from './read-terms.ts';
import { grantKind, holdKind, scheduleKind } from './term-kinds.ts';

/** Makes the reader. */
export function createTermsReader(context: ReadContext): TermsReader {
  return {
    grant: (book, id) => readTerm(context, book, { kind: grantKind, id }),
    grants: (book, query) => readTermPage(context, book, { kind: grantKind, query }),
    hold: (book, id) => readTerm(context, book, { kind: holdKind, id }),
    holds: (book, query) => readTermPage(context, book, { kind: holdKind, query }),
    schedule: (book, id) => readTerm(context, book, { kind: scheduleKind, id }),
    schedules: (book, query) => readTermPage(context, book, { kind: scheduleKind, query }),
    balanceParts: (book, ref, atSequence) => readBalanceParts(context, book, { ref, atSequence }),
    explainEntry: (book, entryId) => readExplainedEntry(context, book, entryId),
  };
}
