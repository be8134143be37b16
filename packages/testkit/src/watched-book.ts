// One book in memory, written and watched by several processes: for tests of the feed.
import {
  assert,
  instantFromMs,
  parseCreateAccount,
  parsePostOneSided,
  parsePostTransaction,
  type AccountId,
  type BookEvent,
  type Command,
  type Parsed,
  type Sequence,
} from '@scrip/kernel';
import {
  createEngine,
  createFeed,
  type Book,
  type Engine,
  type FeedBounds,
  type FeedHub,
  type FeedObserver,
  type FeedPosition,
  type FeedTiming,
} from '@scrip/engine';
import { jsonEventCodec } from './json-event-codec.ts';
import { createMemoryFeedReader } from './memory-feed-reader.ts';
import {
  createMemoryFeedSource,
  type MemoryFeedSource,
  type SourceCall,
} from './memory-feed-source.ts';
import { createMemoryBook, createMemoryJournal, type MemoryJournal } from './memory-journal.ts';

/** A process: it writes and is watched. */
export interface WatchedProcess {
  readonly engine: Engine;
  readonly feed: FeedHub;
  readonly source: MemoryFeedSource;
}

/** Several processes on one book. */
export interface WatchedBook {
  readonly journal: MemoryJournal;
  readonly book: Book;
  readonly here: WatchedProcess;
  readonly there: WatchedProcess;
  /** What was committed so far. */
  history(): readonly BookEvent[];
  /** The position of an event, or of the beginning, with the seal that is at or after it. */
  positionAt(sequence: number): FeedPosition;
  /** Submits, here unless it says where; accepted, else a bug of the test. */
  submit(command: Parsed<Command>, where?: WatchedProcess): Promise<BookEvent>;
  create(customerId: string, where?: WatchedProcess): Promise<AccountId>;
  credit(id: AccountId, where?: WatchedProcess): Promise<BookEvent>;
  pay(from: AccountId, to: AccountId, where?: WatchedProcess): Promise<BookEvent>;
}

/** How it differs from the usual. */
export interface WatchedBookOptions {
  readonly timing?: Partial<FeedTiming>;
  readonly bounds?: Partial<FeedBounds>;
  readonly observer?: FeedObserver;
  readonly watcherCountMax?: number;
  /** Awaited before and after each look into the database. */
  readonly delay?: (call: SourceCall) => Promise<unknown>;
}

/** Makes an empty book. Its clock moves with every command. */
export function createWatchedBook(options: WatchedBookOptions = {}): WatchedBook {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const here = createProcess(journal, options);
  const there = createProcess(journal, options);
  let keyCount = 0;
  const terms = () => ({ reference: 'ref', idempotencyKey: `key ${++keyCount}` });
  const submit: WatchedBook['submit'] = async (command, where = here) => {
    assert(command.kind === 'parsed', 'the commands of a test are well-formed');
    journal.now = instantFromMs(journal.now + 1);
    const outcome = await where.engine.submit(book, command.value);
    assert('event' in outcome, 'the commands of a test are accepted');
    return outcome.event;
  };
  const byId = (id: AccountId) => ({ kind: 'id', id }) as const;
  return {
    journal,
    book,
    here,
    there,
    history: () => journal.stored(book).events.map(({ event }) => event),
    positionAt: (sequence) => positionAt(journal, book, sequence as Sequence),
    submit,
    create: async (customerId, where) => {
      const name = `n ${++keyCount}`;
      const command = parseCreateAccount({ customerId, name, initialBalance: '1000000' });
      const { change } = await submit(command, where);
      assert(change.kind === 'account_created', 'the event made an account');
      return change.account.id;
    },
    credit: (id, where) =>
      submit(parsePostOneSided('credit', { account: byId(id), amount: '1', ...terms() }), where),
    pay: (from, to, where) => {
      const lines = [
        { account: byId(from), side: 'debit' as const, amount: '1' },
        { account: byId(to), side: 'credit' as const, amount: '1' },
      ];
      return submit(parsePostTransaction({ entries: lines, ...terms() }), where);
    },
  };
}

function createProcess(journal: MemoryJournal, options: WatchedBookOptions): WatchedProcess {
  const source = createMemoryFeedSource(journal);
  const { delay, ...more } = options;
  if (delay !== undefined) source.delay = delay;
  const reader = createMemoryFeedReader(journal, () => source.delay('readAccounts'));
  const feed = createFeed({ source, reader, codec: jsonEventCodec, ...more });
  const engine = createEngine({ journal, codec: jsonEventCodec, feed });
  return { engine, feed, source };
}

function positionAt(journal: MemoryJournal, book: Book, sequence: Sequence): FeedPosition {
  const { seals } = journal.stored(book);
  for (const [sealed, chainHash] of seals) {
    if (sealed >= sequence) return { sequence, seal: { sequence: sealed, chainHash } };
  }
  return { sequence };
}
