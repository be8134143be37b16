// What is read out of a long history costs what is answered, not what is kept: an account of
// 100,000 entries, and the indexes that each read goes through.
import type { Book, EventCodec, LedgerReader, PageRequest } from '@scrip/engine';
import { createIds, instantFromMs, type BookEvent, type Sequence } from '@scrip/kernel';
import { describeFullBook, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const entryCount = 100_000;
const startMs = 1_700_000_000_000;
const idKey = new Uint8Array(32).fill(1);
const ids = createIds(idKey);
const at = (sequence: number) => instantFromMs(startMs + sequence);
const ref = { kind: 'id', id: ids.accountId(1 as Sequence, at(1)) } as const;

/** A body is the number of its event, so that 100,000 of them are made by one statement. */
const numberCodec: EventCodec = {
  encode: ({ sequence }) => Buffer.from(`${sequence}`),
  decode: (bytes) => eventOf(Number(Buffer.from(bytes).toString()) as Sequence),
};

type Read = (reader: LedgerReader, book: Book) => Promise<unknown>;

const page = (direction: 'after' | 'before', id: string): PageRequest => ({
  size: 20,
  cursor: { direction, id },
});
const entryId = (sequence: number) => ids.entryId(sequence as Sequence, at(sequence), 0);
const transactionId = (sequence: number) => ids.transactionId(sequence as Sequence, at(sequence));
const pageOf = (first: number, last: number) => ({
  items: Array.from({ length: 20 }, (_, index) => ({ sequence: first - index })),
  hasMore: last > 2,
});

const reads: readonly {
  readonly what: string;
  readonly indexes: readonly string[];
  readonly read: Read;
  readonly expected: object;
  /** 100 unless said otherwise. */
  readonly indexRowsMax?: number;
}[] = [
  {
    what: 'the present balance',
    indexes: ['account_pkey'],
    read: (reader, book) => reader.balance(book, ref, { kind: 'now' }),
    expected: { sequence: entryCount + 1 },
  },
  {
    what: 'the present balance by an external id',
    indexes: ['account_external_id_key'],
    read: (reader, book) =>
      reader.balance(book, { kind: 'external_id', externalId: 'x7' }, { kind: 'now' }),
    expected: { sequence: entryCount + 1 },
  },
  {
    what: 'an account',
    indexes: ['account_pkey'],
    read: (reader, book) => reader.account(book, ref),
    expected: { name: '1' },
  },
  {
    what: 'the present balances of many accounts',
    indexes: ['account_pkey'],
    read: (reader, book) =>
      reader.balances(
        book,
        Array.from({ length: 50 }, () => ref),
      ),
    expected: Array.from({ length: 50 }, () => ({ sequence: entryCount + 1 })),
  },
  {
    what: 'the balance at an instant',
    indexes: ['account_pkey', 'entry_pkey', 'seal_created_at_idx', 'seal_pkey'],
    read: (reader, book) => reader.balance(book, ref, { kind: 'at', instant: at(50_005) }),
    // Every tenth sequence ends a batch.
    expected: { balance: 50_000n, sequence: 50_000 },
  },
  {
    what: 'the balance at a sequence',
    indexes: ['account_pkey', 'entry_pkey', 'seal_pkey'],
    read: (reader, book) => reader.balance(book, ref, { kind: 'at_sequence', sequence: 77_777 }),
    expected: { balance: 77_777n, sequence: 77_777 },
  },
  {
    what: 'a page of the history, to older entries',
    indexes: ['account_pkey', 'entry_pkey', 'seal_pkey'],
    read: (reader, book) => reader.entries(book, ref, page('after', entryId(50_000))),
    expected: pageOf(49_999, 49_980),
  },
  {
    what: 'a page of the history, to newer entries',
    indexes: ['account_pkey', 'entry_pkey', 'seal_pkey'],
    read: (reader, book) => reader.entries(book, ref, page('before', entryId(50_000))),
    expected: pageOf(50_020, 50_001),
  },
  {
    what: 'the accounts of a name',
    indexes: ['account_name_idx', 'account_pkey'],
    read: (reader, book) =>
      reader.accounts(book, { name: '500', page: { size: 20 }, skip: 0, countTotal: false }),
    expected: { items: [{ name: '500' }], hasMore: false },
  },
  {
    what: 'a transaction by its key',
    indexes: ['event_key_digest_key'],
    read: (reader, book) => reader.transactionByKey(book, 'key 60000'),
    expected: { id: transactionId(60_000) },
  },
  {
    what: 'a transaction by its id',
    indexes: ['event_pkey'],
    read: (reader, book) => reader.transaction(book, transactionId(60_000)),
    expected: { id: transactionId(60_000) },
  },
  {
    what: 'the transactions of a reference',
    // The place of a cursor is looked up by its key, also where there is no cursor.
    indexes: ['event_pkey', 'event_reference_digest_idx'],
    read: (reader, book) =>
      reader.transactions(book, { reference: 'ref 1000', page: { size: 20 } }),
    expected: pageOf(50_049, 50_030),
  },
  {
    what: 'the transactions of an account',
    indexes: ['account_pkey', 'entry_pkey', 'event_pkey', 'seal_pkey'],
    read: (reader, book) =>
      reader.transactions(book, { account: ref, page: page('after', transactionId(30_000)) }),
    expected: pageOf(29_999, 29_980),
  },
  {
    what: 'the transactions between two instants',
    indexes: ['event_pkey', 'seal_created_at_idx'],
    read: (reader, book) =>
      reader.transactions(book, {
        createdFrom: at(20_001),
        createdBefore: at(40_001),
        page: { size: 20 },
      }),
    expected: pageOf(40_000, 39_981),
  },
  {
    what: 'the transactions of an account, counted',
    indexes: ['account_pkey', 'entry_pkey', 'event_pkey', 'seal_created_at_idx'],
    read: (reader, book) =>
      reader.transactions(book, {
        account: ref,
        createdFrom: at(20_001),
        createdBefore: at(40_001),
        page: { size: 20 },
        countTotal: true,
      }),
    expected: { totalSize: 20_000 },
    // Each entry once, however many are on the page.
    indexRowsMax: 20_200,
  },
];

const fullBook = {
  open: ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: numberCodec, allowUnsafe: true }),
  idKey,
  tables: ['account', 'event', 'entry', 'seal'],
  fill,
};

describeFullBook('in a history of 100,000 events', fullBook, (full) => {
  it.each(reads)('$what goes through $indexes', async (each) => {
    const { indexes, read, expected, indexRowsMax = 100 } = each;
    const asked = ({ reader }: Database, book: Book) => read(reader, book);
    const answer = await full.read(asked, { indexes, indexRowsMax });
    expect(answer).toMatchObject({ kind: 'read', value: expected });
  });
});

/** Of 1,000 accounts the first is credited 1 at every sequence; a seal at every tenth. */
async function fill(client: Client): Promise<void> {
  const digest = (text: string, bytes: number) =>
    `substring(sha256(convert_to(${text}, 'UTF8')) from 1 for ${bytes})`;
  const reference = `('x' || encode(${digest(`'ref ' || n / 50`, 8)}, 'hex'))::bit(64)::int8`;
  const instant = (sequence: string) =>
    `timestamptz 'epoch' + (${startMs} + ${sequence}) * interval '1 ms'`;
  const last = entryCount + 1;
  const rows = `from generate_series(2, ${last}) n`;
  await client.query(`
    insert into account (book_id, id, customer_id, external_id, name, name_key, unit_label, status,
      balance, last_sequence, created_at, updated_at, balance_updated_at)
    select b.id, n, 'c', 'x' || n, n, n, 'credits', 'active', ${last}, ${last}, ${instant('n')},
      now(), now()
    from generate_series(1, 1000) n, book b where b.mode = 'test';
    insert into unit (book_id, label, scale, issued, spent, expired)
    select id, 'credits', 0, -${last}, 0, 0 from book where mode = 'test';
    update book set head_sequence = ${last} where mode = 'test';
    insert into event (book_id, sequence, kind, key_digest, reference_digest, body)
    select b.id, n, 6, ${digest(`'key ' || n`, 11)}, ${reference},
      convert_to(n::text, 'UTF8')
    ${rows}, book b where b.mode = 'test';
    insert into entry (book_id, account_id, sequence, line, amount, balance)
    select b.id, 1, n, 0, 1, n ${rows}, book b where b.mode = 'test';
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select b.id, n, ${instant('n')}, '' ${rows}, book b where b.mode = 'test' and n % 10 = 0`);
}

function eventOf(sequence: Sequence): BookEvent {
  const moment = { sequence, createdAt: at(sequence) };
  const idempotencyKey = `key ${sequence}`;
  const transaction = {
    id: transactionId(sequence) as never,
    kind: 'credit',
    reference: `ref ${Math.floor(sequence / 50)}`,
    idempotencyKey,
    unit: { label: 'credits', scale: 0 },
    entries: [],
    ...moment,
  } as const;
  const posting = { transaction, counterpart: 'issued' } as const;
  return { ...moment, idempotencyKey, change: { kind: 'transaction_posted', posting } };
}
