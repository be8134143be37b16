// A journal in memory, with the faults that a real one can have. For tests of the engine only.
import { setImmediate } from 'node:timers/promises';
import {
  assert,
  couponRecordsOf,
  createIds,
  grantsOf,
  holdOf,
  instantFromMs,
  nameIndex,
  nameKey,
  postingOf,
  type Account,
  type AccountId,
  type BookEvent,
  type Grant,
  type Hold,
  type Schedule,
  type Instant,
  type RecordedEvent,
  type Sequence,
  type UnitBalances,
  couponRowKeyOf,
  couponRowName,
  couponRowsOf,
  type CouponRow,
} from '@scrip/kernel';
import {
  genesisHash,
  JournalError,
  type Batch,
  type Book,
  type FoundCoupon,
  type Journal,
  type UnitOfWork,
} from '@scrip/engine';
import { loadStored } from './memory-accounts.ts';
import { findStoredCoupons } from './memory-coupons.ts';

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

/** A record with its row. */
interface StoredCoupon extends FoundCoupon {
  readonly row: CouponRow;
}

/** The committed state of one book. */
export interface StoredBook {
  sequence: Sequence;
  chainHash: Uint8Array;
  lastInstant: Instant;
  readonly events: (RecordedEvent & { readonly bytes: Uint8Array })[];
  readonly accounts: Map<AccountId, Account>;
  readonly units: Map<string, UnitBalances>;
  readonly grants: Map<string, Grant>;
  readonly holds: Map<string, Hold>;
  readonly schedules: Map<string, Schedule>;
  /** By `couponRowName`. */
  readonly coupons: Map<string, StoredCoupon>;
  /** Names of rows by their period keys, which are unique. */
  readonly creditsByPeriod: Map<string, string>;
  clockOffsetMs: number;
  readonly seals: Map<Sequence, Uint8Array>;
}

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
        const transaction = { journal, book, fault, written: [] as Batch[] };
        const result = await work(createUnitOfWork(transaction));
        await setImmediate();
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
}

function createUnitOfWork({ journal, book, fault, written }: Transaction): UnitOfWork {
  const stored = journal.stored(book);
  return {
    lockHead: async () => {
      const { sequence, chainHash, lastInstant } = stored;
      const now = instantFromMs(journal.now + stored.clockOffsetMs);
      return { sequence, chainHash, lastInstant, now };
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
      endings: stored.events.map(({ event }) => event).filter(isEnding),
    }),
    findCoupons: async (names) => findStoredCoupons([...stored.coupons.values()], names),
    loadAccounts: async (ids, termCountMax) => loadStored(stored.accounts, ids, termCountMax),
    loadUnits: async (labels) =>
      labels.map((label) => stored.units.get(label)).filter((unit) => unit !== undefined),
    append: async (batch) => {
      if (fault === 'before_append') throw failure('not_committed', 'collision');
      if (fault === 'content' || batch.events.some(({ event }) => journal.poison(event))) {
        throw failure('not_committed', 'content');
      }
      written.push(batch);
      if (fault === 'after_append') throw failure('not_committed', 'collision');
    },
    touchHead: async () => {
      journal.touchCount++;
    },
  };
}

function commit(book: Book, stored: StoredBook, batch: Batch): void {
  for (const { event, bytes, requestDigest = '' } of batch.events) {
    if (event.sequence !== stored.sequence + 1) throw failure('not_committed', 'content');
    stored.events.push({ event, bytes, requestDigest });
    stored.sequence = event.sequence;
    noteTerms(stored, event);
    noteCoupons(book, stored, event);
  }
  for (const account of batch.accounts) stored.accounts.set(account.id, account);
  for (const unit of batch.units) stored.units.set(unit.label, unit);
  if (batch.clockNow !== undefined) stored.clockOffsetMs += batch.clockNow - batch.instant;
  stored.seals.set(batch.lastSequence, batch.chainHash);
  stored.chainHash = batch.chainHash;
  stored.lastInstant = batch.instant;
}

function noteTerms(stored: StoredBook, event: BookEvent): void {
  const { change } = event;
  for (const grant of grantsOf(event)) stored.grants.set(grant.id, grant);
  const hold = holdOf(event);
  if (hold !== undefined) stored.holds.set(hold.id, hold);
  if ('schedule' in change) stored.schedules.set(change.schedule.id, change.schedule);
}

function noteCoupons({ ids }: Book, stored: StoredBook, event: BookEvent): void {
  const rows = new Map(couponRowsOf(ids, [event]).map((row) => [couponRowName(row), row]));
  for (const found of couponRecordsOf(event)) {
    const name = couponRowName(couponRowKeyOf(ids, found));
    const row = rows.get(name);
    assert(row !== undefined, 'every record has a row');
    const { periodKey } = row;
    const taken = periodKey === undefined ? undefined : stored.creditsByPeriod.get(periodKey);
    if (taken !== undefined && taken !== name) throw failure('not_committed', 'content');
    if (periodKey !== undefined) stored.creditsByPeriod.set(periodKey, name);
    stored.coupons.set(name, { found, event, row });
  }
}

/** Whether an event ended a hold or a schedule, or voided a grant. */
function isEnding(event: BookEvent): boolean {
  const { change } = event;
  const hold = holdOf(event);
  if (hold !== undefined) return hold.status !== 'pending';
  if ('schedule' in change) return change.schedule.status === 'ended';
  return change.kind === 'grant_voided';
}

async function lock(tails: Map<number, Promise<void>>, bookId: number): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = tails.get(bookId);
  tails.set(bookId, promise);
  await before;
  return resolve;
}

function copyOf(stored: StoredBook): StoredBook {
  return {
    ...stored,
    events: [...stored.events],
    accounts: new Map(stored.accounts),
    units: new Map(stored.units),
    grants: new Map(stored.grants),
    holds: new Map(stored.holds),
    schedules: new Map(stored.schedules),
    coupons: new Map(stored.coupons),
    creditsByPeriod: new Map(stored.creditsByPeriod),
    seals: new Map(stored.seals),
  };
}

function emptyBook(): StoredBook {
  return {
    sequence: 0 as Sequence,
    chainHash: genesisHash,
    lastInstant: instantFromMs(0),
    events: [],
    accounts: new Map(),
    units: new Map(),
    grants: new Map(),
    holds: new Map(),
    schedules: new Map(),
    coupons: new Map(),
    creditsByPeriod: new Map(),
    clockOffsetMs: 0,
    seals: new Map(),
  };
}

function failure(outcome: JournalError['outcome'], fault: JournalError['fault']): JournalError {
  return new JournalError(outcome, fault, { cause: new Error('An injected fault.') });
}
