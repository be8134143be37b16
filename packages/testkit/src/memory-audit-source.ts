// Snapshots of the in-memory journal, for tests of the verification.
import {
  customerIdOf,
  isLiveTerm,
  nextDueAt,
  postingOf,
  present,
  signedAmount,
  termsOf,
  type Account,
  type BookEvent,
  type Sequence,
  type CouponRow,
} from '@scrip/kernel';
import type {
  AuditSource,
  Book,
  BookSnapshot,
  StoredAccount,
  StoredCustomerEvent,
  StoredEntry,
  StoredEvent,
  StoredSeal,
  StoredTerm,
  StoredTermChange,
} from '@scrip/engine';
import type { MemoryJournal } from './memory-journal.ts';

/** What a snapshot gives, to be tampered with. */
export interface TamperedBook {
  readonly events: StoredEvent[];
  readonly seals: StoredSeal[];
  readonly entries: StoredEntry[];
  readonly terms: StoredTerm[];
  readonly termChanges: StoredTermChange[];
  readonly couponRecords: CouponRow[];
  readonly customerEvents: StoredCustomerEvent[];
}

/** Gives snapshots of a journal in memory; `tamper` changes what they say. */
export function createMemoryAuditSource(
  journal: MemoryJournal,
  tamper: (book: TamperedBook) => void = () => undefined,
): AuditSource {
  return {
    readSnapshot: async (book, work) => work(snapshotOf(journal, book, tamper)),
  };
}

function snapshotOf(
  journal: MemoryJournal,
  book: Book,
  tamper: (book: TamperedBook) => void,
): BookSnapshot {
  const stored = journal.stored(book);
  const tampered = {
    events: stored.events.map(({ event, bytes }) => ({
      ...event,
      bytes,
      differingColumn: () => undefined,
    })),
    seals: [...stored.seals].map(([lastSequence, chainHash]) => ({
      lastSequence,
      chainHash,
      createdAt: instantAt(journal, book, lastSequence),
    })),
    entries: entriesOf(journal, book),
    ...storedTermsOf(stored.events.map(({ event }) => event)),
    couponRecords: [...stored.coupons.values()].map(({ row }) => row),
    customerEvents: stored.events.flatMap(({ event }) => {
      const customerId = customerIdOf(event);
      return customerId === undefined ? [] : { customerId, sequence: event.sequence };
    }),
  };
  tamper(tampered);
  return {
    head: async () => stored,
    seals: () => iterate(tampered.seals),
    events: () => iterate(tampered.events),
    accounts: () => iterate([...stored.accounts.values()].map(storedAccountOf)),
    units: async () => [...stored.units.values()],
    entries: () => iterate(tampered.entries),
    terms: () => iterate(tampered.terms),
    termChanges: () => iterate(tampered.termChanges),
    couponRecords: () => iterate(tampered.couponRecords),
    customerEvents: () => iterate(tampered.customerEvents),
    strayEntryCount: async () =>
      tampered.entries.filter((entry) => !stored.accounts.has(entry.accountId)).length,
  };
}

function storedAccountOf(account: Account): StoredAccount {
  const { grants, holds, schedules } = account;
  return {
    ...account,
    termCount: grants.length + holds.length + schedules.length,
    ...present('nextDueAt', nextDueAt(account)),
  };
}

function storedTermsOf(events: readonly BookEvent[]): Pick<TamperedBook, 'terms' | 'termChanges'> {
  const terms = new Map<Sequence, StoredTerm>();
  const termChanges: StoredTermChange[] = [];
  for (const event of events) {
    for (const each of termsOf(event)) {
      const { sequence, accountId } = each.term;
      const { kind } = each;
      const isLive = isLiveTerm(each);
      terms.set(sequence, { sequence, kind, accountId, isLive, lastSequence: event.sequence });
      termChanges.push({ term: sequence, sequence: event.sequence, isLive });
    }
  }
  return { terms: [...terms.values()], termChanges };
}

function instantAt(journal: MemoryJournal, book: Book, sequence: Sequence) {
  const { events, lastInstant } = journal.stored(book);
  return events[sequence - 1]?.event.createdAt ?? lastInstant;
}

function entriesOf(journal: MemoryJournal, book: Book): StoredEntry[] {
  return journal.stored(book).events.flatMap(({ event }) =>
    (postingOf(event)?.transaction.entries ?? []).map((entry, line) => ({
      accountId: entry.accountId,
      sequence: event.sequence,
      line,
      amount: signedAmount(entry),
      balanceAfter: entry.balanceAfter,
    })),
  );
}

async function* iterate<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
