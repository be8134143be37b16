// A page of the feed costs what it holds, not what is kept beside it: a book of 100,000 events and
// a thousand accounts, one of which has nearly all of them, another many changes of its name.
import type { Book, FeedFilter, HistoryPage, HistoryQuery } from '@scrip/engine';
import { createIds, instantFromMs, type BookEvent, type Sequence } from '@scrip/kernel';
import { describeFullBook, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const headSequence = 100_000;
const accountCount = 1_000;
const startMs = 1_700_000_000_000;
const idKey = new Uint8Array(32).fill(1);
const ids = createIds(idKey);
const accountId = (account: number) =>
  ids.accountId(account as Sequence, instantFromMs(startMs + account));
const accounts = (...chosen: readonly number[]): FeedFilter['scope'] => ({
  kind: 'accounts',
  accountIds: chosen.map(accountId),
});
const kinds = (...chosen: readonly BookEvent['change']['kind'][]) => new Set(chosen);
const all = Array.from({ length: accountCount }, (_, index) => index + 1);

interface PageCase {
  readonly what: string;
  readonly filter: FeedFilter;
  readonly more?: Partial<HistoryQuery>;
  readonly indexes: readonly string[];
  readonly rowCountMax: number;
  readonly expected: { readonly first?: number; readonly count: number; readonly to: number };
}

const cases: readonly PageCase[] = [
  {
    what: 'the book',
    filter: { scope: { kind: 'book' } },
    indexes: ['event_pkey', 'seal_pkey'],
    rowCountMax: 510,
    expected: { first: 50_001, count: 500, to: 50_500 },
  },
  {
    what: 'a rare kind of the book',
    filter: { scope: { kind: 'book' }, kinds: kinds('account_closed') },
    indexes: ['event_pkey', 'seal_pkey'],
    rowCountMax: 5_010,
    expected: { count: 0, to: 55_000 },
  },
  {
    what: 'an account with most of the events',
    filter: { scope: accounts(1) },
    indexes: ['account_pkey', 'entry_pkey', 'event_account_idx', 'event_pkey', 'seal_pkey'],
    rowCountMax: 1_050,
    // Every tenth event is of another account.
    expected: { first: 50_001, count: 500, to: 50_555 },
  },
  {
    what: 'an account with few events',
    filter: { scope: accounts(500) },
    indexes: ['account_pkey', 'entry_pkey', 'event_account_idx', 'event_pkey', 'seal_pkey'],
    rowCountMax: 110,
    expected: { first: 50_490, count: 50, to: headSequence },
  },
  {
    what: 'a customer',
    filter: { scope: { kind: 'customer', customerId: 'c500' } },
    indexes: ['account_customer_idx', 'entry_pkey', 'event_account_idx', 'event_pkey', 'seal_pkey'],
    rowCountMax: 110,
    expected: { first: 50_490, count: 50, to: headSequence },
  },
  {
    what: 'a customer with their credits',
    filter: { scope: { kind: 'customer', customerId: 'c500', withCoupons: true } },
    indexes: [
      'account_customer_idx',
      'customer_event_pkey',
      'entry_pkey',
      'event_account_idx',
      'event_pkey',
      'seal_pkey',
    ],
    rowCountMax: 130,
    // Seven events are about the customer and no account.
    expected: { first: 50_490, count: 57, to: headSequence },
  },
  {
    what: 'a thousand accounts with more than fifty events each',
    filter: { scope: accounts(...all) },
    indexes: ['account_pkey', 'entry_pkey', 'event_account_idx', 'event_pkey', 'seal_pkey'],
    // Sixteen of each, and a page of the one that has most of the events.
    rowCountMax: 19_000,
    expected: { first: 50_001, count: 500, to: 50_500 },
  },
  {
    what: 'a rare kind of an account with many changes',
    filter: { scope: accounts(2), kinds: kinds('account_closed') },
    more: { after: 0 as Sequence },
    indexes: ['account_pkey', 'event_account_idx', 'event_pkey', 'seal_pkey'],
    rowCountMax: 2_010,
    // The thousandth of its changes, none of which is of this kind.
    expected: { count: 0, to: 11_000 },
  },
  {
    what: 'the postings of an account with many changes',
    filter: { scope: accounts(2), kinds: kinds('transaction_posted') },
    more: { after: 0 as Sequence },
    indexes: ['account_pkey', 'entry_pkey', 'event_pkey', 'seal_pkey'],
    rowCountMax: 130,
    expected: { first: 41_000, count: 60, to: headSequence },
  },
];

const fullBook = {
  open: ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true }),
  idKey,
  tables: ['account', 'event', 'entry', 'seal', 'customer_event'],
  fill,
};

describeFullBook('in a history of 100,000 events', fullBook, (full) => {
  it.each(cases)('a page of $what goes through $indexes', async (each) => {
    const { indexes, rowCountMax: indexRowsMax } = each;
    const window = { after: 50_000 as Sequence, countMax: 500, bytesMax: 256 * 1024 };
    const query = { filter: each.filter, ...window, ...each.more };
    const asked = ({ feedSource }: Database, book: Book) => feedSource.readHistory(book, query);
    const page = await full.read(asked, { indexes, indexRowsMax });
    expect(summaryOf(page)).toEqual({ ...each.expected, head: headSequence });
  });
});

function summaryOf({ events, scannedTo, head }: HistoryPage) {
  const [first] = events;
  return {
    ...(first === undefined ? {} : { first: first.sequence }),
    count: events.length,
    to: scannedTo,
    head: head.sequence,
  };
}

/**
 * The first thousand events make the accounts. Of the others, multiples of ten up to 40,000 update
 * the second account, and those beyond credit ten accounts each, in turn. All the rest credit the
 * first account; every seventh of them is said to be about a customer. Every tenth sequence ends a
 * batch.
 */
async function fill(client: Client): Promise<void> {
  const instant = `timestamptz 'epoch' + (${startMs} + n) * interval '1 ms'`;
  const isUpdate = `n > ${accountCount} and n <= 40000 and n % 10 = 0`;
  const isOfMany = `n > 40000 and n % 10 = 0`;
  const rows = `from generate_series(1, ${headSequence}) n, book b where b.mode = 'test'`;
  await client.query(`
    insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
      last_sequence, created_at, updated_at, balance_updated_at)
    select b.id, n, 'c' || n, n, n, 'credits', 'active', 0, n, ${instant}, now(), now()
    ${rows} and n <= ${accountCount};
    insert into event (book_id, sequence, kind, reference_digest, subject, body)
    select b.id, n, case when n <= ${accountCount} then 1 when ${isUpdate} then 2 else 6 end,
      case when not ${isUpdate} then n end, case when ${isUpdate} then 2 end,
      convert_to(repeat('x', 200), 'UTF8')
    ${rows};
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select b.id, 1, n, 0, 1, 1 ${rows} and n > ${accountCount} and n % 10 <> 0;
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select b.id, (n + line) % 1000 + 1, n, line, 1, 1
    from generate_series(1, ${headSequence}) n, generate_series(0, 9) line, book b
    where b.mode = 'test' and ${isOfMany};
    insert into customer_event (book_id, customer_id, sequence)
    select b.id, 'c' || (n % 1000 + 1), n ${rows} and n > ${accountCount} and n % 7 = 0
      and n % 10 <> 0;
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select b.id, n, ${instant}, '' ${rows} and n % 10 = 0;
    update book set head_sequence = ${headSequence} where mode = 'test'`);
}
