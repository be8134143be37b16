// Snapshots of the in-memory journal, for tests of the verification.
import { postingOf, signedAmount, type Sequence } from '@scrip/kernel';
import type {
  AuditSource,
  Book,
  BookSnapshot,
  StoredEntry,
  StoredEvent,
  StoredSeal,
} from '@scrip/engine';
import type { MemoryJournal } from './memory-journal.ts';

/** What a snapshot gives, to be tampered with. */
export interface TamperedBook {
  readonly events: StoredEvent[];
  readonly seals: StoredSeal[];
  readonly entries: StoredEntry[];
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
  };
  tamper(tampered);
  return {
    head: async () => stored,
    seals: () => iterate(tampered.seals),
    events: () => iterate(tampered.events),
    accounts: () => iterate([...stored.accounts.values()]),
    units: async () => [...stored.units.values()],
    entries: () => iterate(tampered.entries),
    strayEntryCount: async () =>
      tampered.entries.filter((entry) => !stored.accounts.has(entry.accountId)).length,
  };
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
