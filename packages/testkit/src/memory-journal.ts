// A journal in memory, with the faults that a real one can have. For tests of the engine only.
import { setImmediate } from 'node:timers/promises';
import {
  createIds,
  holdOf,
  instantFromMs,
  nameIndex,
  nameKey,
  postingOf,
  type BookEvent,
  type Instant,
} from '@scrip/kernel';
import { type Batch, type Book, type Journal, type UnitOfWork } from '@scrip/engine';
import { loadStored } from './memory-accounts.ts';
import { findStoredCoupons } from './memory-coupons.ts';
import {
  commit,
  copyOf,
  emptyBook,
  failure,
  isAsExpected,
  type StoredBook,
} from './memory-stored-book.ts';

/** Where a unit of work can be made to fail. */
export type JournalFault =
  | 'before_lock'
  | 'before_append'
  | 'after_append'
  /** COMMIT was sent, the answer was lost, and it had not happened. */
  | 'commit_lost'
  /** COMMIT was sent, the answer was lost, and it had happened. */
  | 'commit_done_answer_lost'
  /** The database refuses what is written. */
  | 'content';

/** A journal in memory and the means to look into it and to break it. */
export interface MemoryJournal extends Journal {
  stored(book: Book): StoredBook;
  /** Keeps a copy of a book; the answer puts it back, as a restore to an older backup does. */
  backUp(book: Book): () => void;
  /** Faults of the next units of work, in order; `none` lets one pass. */
  readonly faults: (JournalFault | 'none')[];
  /** Faults of every unit of work whose events satisfy the test: a poisoned content. */
  poison: (event: BookEvent) => boolean;
  /** The database's clock. */
  now: Instant;
  /** Units of work that were begun. */
  transactionCount: number;
  /** Heads that were written as they were. */
  touchCount: number;
}

/** Makes a book that needs no database. */
export function createMemoryBook(id = 1): Book {
  const idKey = new Uint8Array(32).fill(id);
  return { id, storeId: 'sto_TestStore01', mode: 'test', idKey, ids: createIds(idKey) };
}

/** Makes an empty journal. Units of work on one book wait for each other, as on a locked row. */
export function createMemoryJournal(): MemoryJournal {
  const booksById = new Map<number, StoredBook>();
  const tailsByBookId = new Map<number, Promise<void>>();
  const stored = (book: Book): StoredBook => {
    const existing = booksById.get(book.id) ?? emptyBook();
    booksById.set(book.id, existing);
    return existing;
  };
  const journal: MemoryJournal = {
    faults: [],
    poison: () => false,
    now: instantFromMs(1_700_000_000_000),
    transactionCount: 0,
    touchCount: 0,
    stored,
    backUp: (book) => {
      const backup = copyOf(stored(book));
      return () => booksById.set(book.id, copyOf(backup));
    },
    transact: async (book, work) => {
      journal.transactionCount++;
      const fault = journal.faults.shift() ?? 'none';
      if (fault === 'before_lock') throw failure('not_committed', 'unavailable');
      const unlock = await lock(tailsByBookId, book.id);
      try {
        const transaction: Transaction = { journal, book, fault, written: [] };
        const result = await work(createUnitOfWork(transaction));
        await setImmediate();
        // Whoever did not wait for a write hears of it now.
        if (transaction.failure !== undefined) throw transaction.failure.error;
        if (fault === 'commit_lost') throw failure('unknown', 'unavailable');
        for (const batch of transaction.written) commit(book, stored(book), batch);
        if (fault === 'commit_done_answer_lost') throw failure('unknown', 'unavailable');
        return result;
      } finally {
        unlock();
      }
    },
  };
  return journal;
}

interface Transaction {
  readonly journal: MemoryJournal;
  readonly book: Book;
  readonly fault: JournalFault | 'none';
  readonly written: Batch[];
  failure?: { readonly error: unknown };
}

function createUnitOfWork(open: Transaction): UnitOfWork {
  const { journal, book, fault, written } = open;
  const stored = journal.stored(book);
  const clockNow = (): Instant => instantFromMs(journal.now + stored.clockOffsetMs);
  const append = async (batch: Batch): Promise<void> => {
    if (fault === 'before_append') throw failure('not_committed', 'collision');
    if (fault === 'content' || batch.events.some(({ event }) => journal.poison(event))) {
      throw failure('not_committed', 'content');
    }
    written.push(batch);
    if (fault === 'after_append') throw failure('not_committed', 'collision');
  };
  return {
    lockHead: async () => {
      const { sequence, chainHash, lastInstant } = stored;
      return { sequence, chainHash, lastInstant, now: clockNow() };
    },
    findSeal: async (lastSequence) => stored.seals.get(lastSequence),
    findEventsByKey: async (keys) =>
      stored.events.filter(({ event }) => keys.includes(event.idempotencyKey ?? '')),
    findEventsByTransactionId: async (ids) =>
      stored.events
        .map(({ event }) => event)
        .filter((event) => {
          const transaction = postingOf(event)?.transaction;
          return [transaction?.id, transaction?.reversalOf].some((id) => ids.includes(id ?? ''));
        }),
    findAccountIdsByExternalId: async (externalIds) =>
      new Map(
        [...stored.accounts.values()].flatMap(({ externalId, id }) =>
          externalId !== undefined && externalIds.includes(externalId) ? [[externalId, id]] : [],
        ),
      ),
    findAccountIdsByName: async (names) =>
      new Map(
        names.flatMap(({ customerId, nameKey: key }) =>
          [...stored.accounts.values()]
            .filter((account) => account.status !== 'closed')
            .filter((account) => account.customerId === customerId)
            .filter((account) => nameKey(account.name) === key)
            .map((account) => [nameIndex(customerId, key), account.id]),
        ),
      ),
    findTerms: async ({ grantIds, holdIds, scheduleIds }) => ({
      grants: [...stored.grants.values()].filter(({ id }) => grantIds.includes(id)),
      holds: [...stored.holds.values()].filter(({ id }) => holdIds.includes(id)),
      schedules: [...stored.schedules.values()].filter(({ id }) => scheduleIds.includes(id)),
      endings: endingsOf(stored.events.map(({ event }) => event)),
    }),
    findCoupons: async (names) => findStoredCoupons([...stored.coupons.values()], names),
    loadAccounts: async (ids, termCountMax) => loadStored(stored.accounts, ids, termCountMax),
    loadUnits: async (labels) =>
      labels.map((label) => stored.units.get(label)).filter((unit) => unit !== undefined),
    append,
    appendExpecting: async (expected, batch) => {
      if (!isAsExpected(stored, expected)) return undefined;
      const lateness = clockNow() - batch.instant;
      if (lateness < 0 || lateness > expected.latenessMsMax) return undefined;
      await append(batch).catch((error: unknown) => {
        open.failure = { error };
        throw error;
      });
      return clockNow();
    },
    touchHead: async () => {
      journal.touchCount++;
    },
  };
}

/** The events that ended something; of a grant the first void, which what comes back follows. */
function endingsOf(events: readonly BookEvent[]): readonly BookEvent[] {
  const voidedIds = new Set<string>();
  return events.filter((event) => {
    const { change } = event;
    if (change.kind !== 'grant_voided') return isEnding(event);
    const [{ id }] = change.grants;
    const isFirst = !voidedIds.has(id);
    voidedIds.add(id);
    return isFirst;
  });
}

/** Whether an event ended a hold or a schedule. */
function isEnding(event: BookEvent): boolean {
  const { change } = event;
  const hold = holdOf(event);
  if (hold !== undefined) return hold.status !== 'pending';
  return 'schedule' in change && change.schedule.status === 'ended';
}

async function lock(tails: Map<number, Promise<void>>, bookId: number): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = tails.get(bookId);
  tails.set(bookId, promise);
  await before;
  return resolve;
}
