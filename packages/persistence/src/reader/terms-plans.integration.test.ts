// What is read of grants and holds costs what is live or answered, not what ever was: an account of
// 10,000 holds, among 100,000 accounts on which something will be due.
import type { Book, EventCodec } from '@scrip/engine';
import { createIds, instantFromMs, type BookEvent, type Sequence } from '@scrip/kernel';
import { describeFullBook, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const holdCount = 10_000;
const accountCount = 100_000;
/** Every other event makes a hold. It is over with the ninth event after, when there are four. */
const lifetime = 9;
const pendingCount = 4n;
const dueCount = 1_000;
const startMs = 1_700_000_000_000;
const idKey = new Uint8Array(32).fill(1);
const ids = createIds(idKey);
const at = (sequence: number) => instantFromMs(startMs + sequence);
const accountId = ids.accountId(1 as Sequence, at(1));
const ref = { kind: 'id', id: accountId } as const;
const holdId = (sequence: number) => ids.holdId(sequence as Sequence, at(sequence));
const head = 2 * holdCount + 1;
const page = { size: 20, cursor: { direction: 'after', id: holdId(5_000) } } as const;

/** A body is the number of its event, so that many of them are made by one statement. */
const numberCodec: EventCodec = {
  encode: ({ sequence }) => Buffer.from(`${sequence}`),
  decode: (bytes) => eventOf(Number(Buffer.from(bytes).toString()) as Sequence),
};

const terms = 'account_term_account_idx';

const reads: readonly {
  readonly what: string;
  readonly indexes: readonly string[];
  readonly read: (database: Database, book: Book) => Promise<unknown>;
  readonly expected: object;
  /** 100 unless said otherwise. */
  readonly indexRowsMax?: number;
}[] = [
  {
    what: 'a hold that is over',
    indexes: ['account_pkey', 'account_term_pkey', 'event_pkey'],
    read: (database, book) => database.terms.hold(book, holdId(5_000)),
    expected: { value: { id: holdId(5_000) } },
  },
  {
    what: 'a page of holds',
    indexes: ['account_pkey', terms, 'account_term_pkey', 'event_pkey', 'seal_pkey'],
    read: ({ terms: reader }, book) => reader.holds(book, { account: ref, liveOnly: false, page }),
    expected: {
      value: { items: Array.from({ length: 20 }, (_, i) => ({ sequence: 4_998 - 2 * i })) },
    },
  },
  {
    what: 'the holds that are pending',
    indexes: ['account_pkey', 'account_term_live_idx', 'event_pkey'],
    read: (database, book) =>
      database.terms.holds(book, { account: ref, liveOnly: true, page: { size: 3 } }),
    expected: { value: { items: [{ sequence: head - 1 }, {}, {}], hasMore: true } },
  },
  {
    what: 'the parts of a balance now',
    indexes: ['account_pkey', 'account_term_live_idx', 'event_pkey'],
    read: (database, book) => database.terms.balanceParts(book, ref),
    expected: { value: { pool: 50_000n, poolHeld: pendingCount, holds: [{}, {}, {}, {}] } },
  },
  {
    what: 'the parts of a balance at a sequence',
    indexes: ['account_pkey', terms, 'event_pkey', 'term_change_pkey'],
    read: (database, book) => database.terms.balanceParts(book, ref, 10_001),
    expected: {
      value: { balance: { held: pendingCount }, holds: [{ sequence: 9_994 }, {}, {}, {}] },
    },
    // One entry of the index for each term that there was.
    indexRowsMax: 5_100,
  },
  {
    what: 'an account on which nothing is due',
    indexes: ['account_pkey'],
    read: (database, book) => database.reader.account(book, ref),
    expected: { value: { balance: 50_000n, held: pendingCount } },
  },
  {
    what: 'the live terms of an account under the lock',
    indexes: ['account_pkey', 'account_term_live_idx', 'event_pkey'],
    read: ({ journal }, book) => journal.transact(book, (unit) => unit.loadAccounts([accountId])),
    expected: { accounts: [{ holds: [{ sequence: head - 7 }, {}, {}, { sequence: head - 1 }] }] },
  },
  {
    what: 'holds by their ids under the lock',
    indexes: ['account_term_pkey', 'event_pkey'],
    read: ({ journal }, book) =>
      journal.transact(book, (unit) => {
        const holdIds = [holdId(8), holdId(9_000)];
        return unit.findTerms({ grantIds: [], scheduleIds: [], holdIds });
      }),
    expected: { holds: [{ id: holdId(8) }, { id: holdId(9_000) }] },
  },
  {
    what: 'the accounts on which something is due',
    indexes: ['account_due_idx'],
    read: ({ dueSource }) => dueSource.findDue(20),
    expected: [{ accountIds: { length: 20 } }],
  },
  {
    what: 'all accounts on which something is due',
    indexes: ['account_due_idx'],
    read: ({ dueSource }) => dueSource.findDue(2 * dueCount),
    expected: [{ accountIds: { length: dueCount } }],
    indexRowsMax: dueCount + 100,
  },
];

const fullBook = {
  open: ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: numberCodec, allowUnsafe: true }),
  idKey,
  tables: ['account', 'account_term', 'event', 'seal', 'term_change'],
  fill,
};

describeFullBook('in a book of 10,000 holds and 100,000 accounts', fullBook, (full) => {
  it.each(reads)('$what: $indexes', async ({ indexes, read, expected, indexRowsMax = 100 }) => {
    expect(await full.read(read, { indexes, indexRowsMax })).toMatchObject(expected);
  });
});

/** The first account has 50,000 and a hold of 1 from every sequence; the others have a date. */
async function fill(client: Client): Promise<void> {
  const instant = (sequence: string) =>
    `timestamptz 'epoch' + (${startMs} + ${sequence}) * interval '1 ms'`;
  const holds = `from generate_series(2, ${head}, 2) n, book b where b.mode = 'test'`;
  const overSince = `n + ${lifetime}`;
  await client.query(`
    insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
      held, last_sequence, created_at, updated_at, balance_updated_at, term_count, next_due_at)
    select b.id, n, 'c', n, n, 'credits', 'active', 50000, 0, 1, ${instant('n')}, now(), now(), 1,
      case when n <= ${dueCount + 1} then ${instant('n')} else timestamptz '2100-01-01' end
    from generate_series(2, ${accountCount}) n, book b where b.mode = 'test';
    insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
      held, last_sequence, created_at, updated_at, balance_updated_at, term_count, next_due_at)
    select id, 1, 'c', 1, 1, 'credits', 'active', 50000, ${pendingCount}, ${head}, ${instant('1')},
      now(), now(), ${pendingCount}, timestamptz '2100-01-01'
    from book where mode = 'test';
    insert into unit (book_id, label, scale, issued, spent, expired)
    select id, 'credits', 0, 0, 0, 0 from book where mode = 'test';
    update book set head_sequence = ${head} where mode = 'test';
    insert into event (book_id, sequence, kind, subject, body)
    select b.id, n, 11, 1, convert_to(n::text, 'UTF8')
    from generate_series(2, ${head}) n, book b where b.mode = 'test';
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select b.id, n, ${instant('n')}, '' from generate_series(1, ${head}) n, book b
    where b.mode = 'test';
    insert into account_term (book_id, id, account_id, kind, is_live, last_sequence)
    select b.id, n, 1, 2, ${overSince} > ${head},
      case when ${overSince} > ${head} then n else ${overSince} end ${holds};
    insert into term_change (book_id, term_id, sequence, is_live)
    select b.id, n, n, true ${holds};
    insert into term_change (book_id, term_id, sequence, is_live)
    select b.id, n, ${overSince}, false ${holds} and ${overSince} <= ${head}`);
}

/** An event that made a hold, or one that ended the hold of nine events before. */
function eventOf(sequence: Sequence): BookEvent {
  const isMade = sequence % 2 === 0;
  const made = (isMade ? sequence : sequence - lifetime) as Sequence;
  const hold = {
    id: holdId(made),
    accountId,
    unit: { label: 'credits', scale: 0 },
    sequence: made,
    createdAt: at(made),
    status: isMade ? 'pending' : 'released',
    reference: 'ref',
    amount: 1n,
    remaining: isMade ? 1n : 0n,
    captured: 0n,
    expiresAt: instantFromMs(Date.UTC(2100, 0)),
    allocations: isMade ? [{ amount: 1n }] : [],
  } as const;
  const kind = isMade ? 'hold_created' : 'hold_released';
  return { sequence, createdAt: at(sequence), change: { kind, hold, heldAfter: 0n } };
}
