// Stored history in memory for the feed, with the faults that a real source can have.
import { setImmediate } from 'node:timers/promises';
import { accountIdsOf, customerIdOf, type BookEvent, type Sequence } from '@scrip/kernel';
import {
  genesisHash,
  JournalError,
  type Book,
  type FeedFilter,
  type FeedSource,
  type HistoryPage,
  type HistoryQuery,
  type Seal,
} from '@scrip/engine';
import type { MemoryJournal } from './memory-journal.ts';
import type { StoredBook } from './memory-stored-book.ts';

/** What can be asked of a source, and of the reader beside it. */
export type SourceCall =
  | 'head'
  | 'findSeal'
  | 'sequenceBefore'
  | 'readHistory'
  | 'wakeOthers'
  | 'readAccounts';

/** A source in memory and the means to look at it and to break it. */
export interface MemoryFeedSource extends FeedSource {
  /** What was asked, in order. */
  readonly calls: SourceCall[];
  /** Whether the database cannot be reached. */
  isDown: boolean;
  /** Whether wake-ups that are sent get lost. */
  losesWakes: boolean;
  /** Awaited before a question is answered, and again before the answer arrives. */
  delay: (call: SourceCall) => Promise<unknown>;
  /** Says that anything may have been missed, as a new connection does. */
  reconnect(): void;
}

type OnWake = (bookId: number | undefined) => void;

const listenersByJournal = new WeakMap<MemoryJournal, Set<OnWake>>();

/** Makes a source of a journal in memory. Sources of one journal wake each other. */
export function createMemoryFeedSource(journal: MemoryJournal): MemoryFeedSource {
  const listeners = listenersByJournal.get(journal) ?? new Set();
  listenersByJournal.set(journal, listeners);
  const own = new Set<OnWake>();
  const ask = async <T>(call: SourceCall, answer: () => T): Promise<T> => {
    source.calls.push(call);
    await source.delay(call);
    if (source.isDown) throw unreachable();
    const found = answer();
    await source.delay(call);
    return found;
  };
  const source: MemoryFeedSource = {
    calls: [],
    isDown: false,
    losesWakes: false,
    delay: () => setImmediate(),
    reconnect: () => {
      for (const onWake of own) onWake(undefined);
    },
    head: (book) => ask('head', () => headOf(journal.stored(book))),
    findSeal: (book, sequence) => ask('findSeal', () => sealAt(journal.stored(book), sequence)),
    sequenceBefore: (book, instant) =>
      ask('sequenceBefore', () => {
        const { events } = journal.stored(book);
        return events.filter(({ event }) => event.createdAt < instant).length as Sequence;
      }),
    readHistory: (book, query) =>
      ask('readHistory', () => pageOf(journal.stored(book), query, book)),
    wakeOthers: (bookIds) =>
      ask('wakeOthers', () => {
        if (source.losesWakes) return;
        for (const onWake of listeners) for (const id of bookIds) onWake(id);
      }),
    listen: (onWake) => {
      listeners.add(onWake);
      own.add(onWake);
      return () => {
        listeners.delete(onWake);
        own.delete(onWake);
      };
    },
  };
  return source;
}

function pageOf(stored: StoredBook, query: HistoryQuery, book: Book): HistoryPage {
  const { filter, after, countMax, bytesMax } = query;
  const events: { sequence: Sequence; bytes: Uint8Array }[] = [];
  const head = headOf(stored);
  let byteCount = 0;
  for (const { event, bytes } of stored.events.slice(after)) {
    if (!isKept(stored, filter, event)) continue;
    events.push({ sequence: event.sequence, bytes });
    byteCount += bytes.length;
    if (events.length >= countMax || byteCount > bytesMax) {
      return { events, ...sealedAt(stored, event.sequence, book), head };
    }
  }
  return { events, scannedTo: head.sequence, seal: head, head };
}

/** Whether a filter keeps an event, written as plainly as can be: the hub is compared with it. */
function isKept(stored: StoredBook, { scope, kinds }: FeedFilter, event: BookEvent): boolean {
  if (kinds !== undefined && !kinds.has(event.change.kind)) return false;
  if (scope.kind === 'book') return true;
  const touched = accountIdsOf(event);
  if (scope.kind === 'accounts') return touched.some((id) => scope.accountIds.includes(id));
  if (customerIdOf(event) === scope.customerId) return scope.withCoupons === true;
  return touched.some((id) => stored.accounts.get(id)?.customerId === scope.customerId);
}

function sealedAt(stored: StoredBook, scannedTo: Sequence, { id }: Book) {
  for (const [sequence, chainHash] of stored.seals) {
    if (sequence >= scannedTo) return { scannedTo, seal: { sequence, chainHash } };
  }
  throw new Error(`The book ${id} has events beyond its last seal.`);
}

function headOf({ sequence, chainHash }: StoredBook): Seal {
  return { sequence, chainHash };
}

function sealAt(stored: StoredBook, sequence: Sequence): Uint8Array | undefined {
  return sequence === 0 ? genesisHash : stored.seals.get(sequence);
}

function unreachable(): JournalError {
  return new JournalError('not_committed', 'unavailable', {
    cause: new Error('An injected fault.'),
  });
}
