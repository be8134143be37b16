// Whole books in one snapshot, page by page: for the proof that they are intact.
import type { AuditSource, Book, BookSnapshot } from '@scrip/engine';
import { IsolationLevel, type MikroORM } from '@mikro-orm/postgresql';
import { journalErrorOf } from '../journal/journal-error-of.ts';
import { createRun, type Run } from '../connection/run.ts';
import { readCouponPages, readCustomerEventPages } from './read-coupons.ts';
import { readEventPages, readSealPages } from './read-history.ts';
import { readTermChangePages, readTermPages } from './read-terms.ts';
import {
  countStrayEntries,
  readAccountPages,
  readEntryPages,
  readStoredHead,
  readUnits,
} from './read-projections.ts';

/** Makes the source on an ORM whose connections are for reads. */
export function createAuditSource(orm: MikroORM): AuditSource {
  return {
    readSnapshot: async (book, work) => {
      let thrown: { readonly error: unknown } | undefined;
      try {
        return await orm.em.fork().transactional(
          async (em) => {
            try {
              return await work(snapshotOf(createRun(em.getKysely()), book));
            } catch (error) {
              thrown = { error };
              throw error;
            }
          },
          { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
        );
      } catch (error) {
        throw thrown === undefined ? journalErrorOf(error) : thrown.error;
      }
    },
  };
}

function snapshotOf(run: Run, book: Book): BookSnapshot {
  return {
    head: () => readStoredHead(run, book),
    seals: () => readSealPages(run, book),
    events: () => readEventPages(run, book),
    accounts: () => readAccountPages(run, book),
    units: () => readUnits(run, book),
    entries: () => readEntryPages(run, book),
    terms: () => readTermPages(run, book),
    termChanges: () => readTermChangePages(run, book),
    couponRecords: () => readCouponPages(run, book),
    customerEvents: () => readCustomerEventPages(run, book),
    strayEntryCount: () => countStrayEntries(run, book),
  };
}
