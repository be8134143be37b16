// The reader of grants, holds and schedules on PostgreSQL: each answer is of one snapshot.
import type { EventCodec, TermsReader } from '@scrip/engine';
import type { MikroORM } from '@mikro-orm/postgresql';
import { readBalanceParts, readExplainedEntry } from './explain.ts';
import { createReadContext } from './read-context.ts';
import { readTerm, readTermPage } from './read-terms.ts';
import { grantKind, holdKind, scheduleKind } from './term-kinds.ts';

/** Makes the reader on an ORM whose connections are for reads. */
export function createTermsReader(orm: MikroORM, codec: EventCodec): TermsReader {
  const context = createReadContext(orm.em.fork().getKysely(), codec);
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
