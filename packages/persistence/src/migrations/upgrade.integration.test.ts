// A database with a history from before a migration has, after it, what it would have had.
import { connectTestDatabase, createTestBook, jsonEventCodec } from '@scrip/testkit';
import { assert, type BookEvent, type BookState, type Sequence } from '@scrip/kernel';
import type { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';
import { changedAccountOf, numberOfKind } from '../mapping/event-row.ts';
import { migrateTo } from './migrate-to.ts';
import { migrationNames } from './migrations-list.ts';

const rounds = 700;

it('finds the changes of accounts that were written before they could be found', async () => {
  const { connection, client } = await connectTestDatabase();
  await migrateTo(connection, jsonEventCodec, '0001-creates-stores-books-and-history');
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  const { events, state } = writeHistory();
  const idKeys = { test: new Uint8Array(32).fill(9), prod: new Uint8Array(32).fill(1) };
  await database.stores.create({ storeId: 's', name: '', idKeys });
  // The book of the tests has the secret of the second one here: each book's ids are its own.
  const book = await database.stores.findBook('s', 'prod');
  assert(book !== undefined, 'a store has two books');
  await insertOld(client, book.id, events);
  await insertAccounts(client, book.id, state);

  expect(await database.migrate()).toEqual(migrationNames.slice(1));
  const { rows } = await client.query<{ readonly subject: string | null }>(
    'select subject from event where book_id = $1 order by sequence',
    [book.id],
  );
  const expected = events.map((event) => changedAccountOf(event, state.ids));
  expect(expected.filter((id) => id !== null).length).toBeGreaterThan(2_000);
  expect(rows.map(({ subject }) => subject && Number(subject))).toEqual(expected);

  const [, second] = [...state.accounts.values()];
  assert(second !== undefined, 'the book has two accounts');
  const page = await database.feedSource.readHistory(book, {
    filter: { scope: { kind: 'accounts', accountIds: [second.id] } },
    after: 0 as Sequence,
    countMax: 5_000,
    bytesMax: 10_000_000,
  });
  const ofSecond = events.filter(
    ({ change }) => 'account' in change && change.account.id === second.id,
  );
  expect(page.events.map(({ sequence }) => sequence)).toEqual(
    ofSecond.map(({ sequence }) => sequence),
  );
});

/** More changes of accounts than fit into a few pages, among postings. */
function writeHistory() {
  const book = createTestBook();
  const first = book.createId({ customerId: 'a', initialBalance: '5' });
  const second = book.createId({ customerId: 'b' });
  for (let round = 0; round < rounds; round++) {
    book.post('credit', first, '1');
    book.update(first, { displayName: `${round}` });
    book.status('freeze_account', second);
    book.status('unfreeze_account', second);
  }
  book.status('close_account', first);
  return { events: book.events, state: book.state };
}

async function insertAccounts(client: Client, bookId: number, state: BookState): Promise<void> {
  for (const { id, createdAt } of state.accounts.values()) {
    await client.query(
      `insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
         last_sequence, created_at, updated_at, balance_updated_at)
       values ($1, $2::int8, $2::int8, '', '', 'credits', 'active', 0, 1,
         to_timestamp($3::float8 / 1000), now(), now())`,
      [bookId, state.ids.accountPlace(id)?.sequence, createdAt],
    );
  }
}

/** Writes events as the first version did. */
async function insertOld(
  client: Client,
  bookId: number,
  events: readonly BookEvent[],
): Promise<void> {
  await client.query(
    `insert into event (book_id, sequence, kind, created_at, entry_count, body)
     select $1, sequence, kind, now(), 0, body
     from unnest($2::int8[], $3::int2[], $4::bytea[]) as e (sequence, kind, body)`,
    [
      bookId,
      events.map(({ sequence }) => sequence),
      events.map(({ change }) => numberOfKind(change.kind)),
      events.map((event) => Buffer.from(jsonEventCodec.encode(event))),
    ],
  );
  await client.query('update book set head_sequence = $2 where id = $1', [bookId, events.length]);
}
