// A book on PostgreSQL verifies as intact, and what is changed by hand is found and named.
import {
  assert,
  instantFromMs,
  parseCreateAccount,
  parseCreateHold,
  parseCreateSchedule,
  parsePostOneSided,
  parseReverseTransaction,
  parseUpdateAccount,
  postingOf,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createEngine, verifyBook, type Book, type Engine } from '@scrip/engine';
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let client: Client;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;
let book: Book;
let engine: Engine;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, client, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

beforeEach(async () => {
  book = await makeBook();
  engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  await fill();
});

describe('the verification of a book', () => {
  it('finds it intact, and an empty one as well', async () => {
    expect(await verify()).toMatchObject({ kind: 'intact', sequence: 19, accountCount: 3 });
    const empty = await database.stores.findBook(book.storeId, 'prod');
    expect(await verifyBook(empty as Book, options())).toMatchObject({ kind: 'intact' });
  });

  it('sees one snapshot while the book is being written', async () => {
    const writing = Promise.all(Array.from({ length: 200 }, (_, i) => credit('a', `more ${i}`)));
    const seen = await verify();
    await writing;
    expect(seen.kind).toBe('intact');
    expect(await verify()).toMatchObject({ kind: 'intact', sequence: 219 });
  });

  const tamperings: readonly [string, string, object][] = [
    [
      'a byte of an event',
      `update event set body = set_byte(body, 20, get_byte(body, 20) # 1)
        where book_id = $1 and sequence = 5`,
      { place: 'seal', range: { first: 5, last: 5 } },
    ],
    [
      'the balance of an account',
      'update account set balance = balance + 1 where book_id = $1 and id = 1',
      { place: 'account' },
    ],
    [
      'the amount of an entry',
      'update entry set amount = amount + 1 where book_id = $1 and account_id = 1 and sequence = 7',
      { place: 'entry', sequence: 7 },
    ],
    [
      'a byte of a seal',
      `update seal set chain_hash = set_byte(chain_hash, 0, 7)
        where book_id = $1 and last_sequence = 4`,
      { place: 'seal', range: { first: 4, last: 4 } },
    ],
    [
      'a key digest, so that a key could be used twice',
      `update event set key_digest = '\\x00'
        where book_id = $1 and sequence = 6`,
      { place: 'event', sequence: 6 },
    ],
    [
      'a reference digest, so that a list would lack its transaction',
      'update event set reference_digest = 1 where book_id = $1 and sequence = 6',
      { place: 'event', sequence: 6 },
    ],
    [
      'a request digest without a key',
      'update event set request_digest = 1 where book_id = $1 and sequence = 1',
      { place: 'event', sequence: 1 },
    ],
    [
      'the reversed transaction, so that it could be reversed again',
      'update event set subject = null where book_id = $1 and sequence = 14',
      { place: 'event', sequence: 14 },
    ],
    [
      'the instant of a seal, and so of its events',
      `update seal set created_at = created_at - interval '1 ms'
        where book_id = $1 and last_sequence = 4`,
      { place: 'event', sequence: 4 },
    ],
    [
      'a missing entry',
      'delete from entry where book_id = $1 and sequence = 7',
      { place: 'entry', sequence: 7 },
    ],
    [
      'a missing event',
      'delete from event where book_id = $1 and sequence = 7',
      { place: 'event', sequence: 7 },
    ],
    [
      'an entry of an account that does not exist',
      'update entry set account_id = 999 where book_id = $1 and sequence = 7',
      { place: 'entry' },
    ],
    [
      'a system balance',
      'update unit set issued = issued - 1 where book_id = $1',
      { place: 'unit' },
    ],
    [
      'the head',
      'update book set head_sequence = head_sequence - 1 where id = $1',
      { place: 'head' },
    ],
    [
      'the account of a change, so that its feed would lack it',
      'update event set subject = 1 where book_id = $1 and sequence = 15',
      { place: 'event', sequence: 15 },
    ],
    [
      'an account where credits moved, so that its feed would have too much',
      'update event set subject = 1 where book_id = $1 and sequence = 5',
      { place: 'event', sequence: 5 },
    ],
    [
      'the status of an account',
      `update account set status = 'frozen' where book_id = $1 and id = 2`,
      { place: 'account' },
    ],
    [
      'what is held of an account',
      'update account set held = held - 1 where book_id = $1 and id = 1',
      { place: 'account', sequence: 17 },
    ],
    [
      'when something is due',
      `update account set next_due_at = next_due_at + interval '1 ms'
        where book_id = $1 and id = 1`,
      { place: 'account', sequence: 17 },
    ],
    [
      'that nothing is due',
      'update account set next_due_at = null where book_id = $1 and id = 2',
      { place: 'account', sequence: 19 },
    ],
    [
      'how many grants, holds and schedules are live',
      'update account set term_count = 0 where book_id = $1 and id = 1',
      { place: 'account', sequence: 17 },
    ],
    [
      'that a hold is over',
      'update account_term set is_live = false where book_id = $1 and id = 17',
      { place: 'term', sequence: 17 },
    ],
    [
      'the last event of a grant',
      'update account_term set last_sequence = 16 where book_id = $1 and id = 16',
      { place: 'term', sequence: 17 },
    ],
    [
      'the account of a schedule',
      'update account_term set account_id = 1 where book_id = $1 and id = 18',
      { place: 'term', sequence: 19 },
    ],
    [
      'what a grant is',
      'update account_term set kind = 2 where book_id = $1 and id = 19',
      { place: 'term', sequence: 19 },
    ],
    [
      'a missing grant',
      'delete from account_term where book_id = $1 and id = 19',
      { place: 'term', sequence: 19 },
    ],
    [
      'a grant that no event makes',
      `insert into account_term (book_id, id, account_id, kind, is_live, last_sequence)
        values ($1, 7, 1, 1, true, 7)`,
      { place: 'term' },
    ],
    [
      'a missing change of a grant',
      'delete from term_change where book_id = $1 and term_id = 16 and sequence = 17',
      { place: 'term', sequence: 17 },
    ],
    [
      'that a grant was over',
      `update term_change set is_live = false
        where book_id = $1 and term_id = 16 and sequence = 16`,
      { place: 'term', sequence: 16 },
    ],
    [
      'a change that did not happen',
      'insert into term_change (book_id, term_id, sequence, is_live) values ($1, 16, 18, true)',
      { place: 'term', sequence: 18 },
    ],
    [
      'a change of nothing',
      'insert into term_change (book_id, term_id, sequence, is_live) values ($1, 7, 18, true)',
      { place: 'term' },
    ],
  ];
  it.each(tamperings)('names %s', async (_, statement, difference) => {
    const { rowCount } = await client.query(statement, [book.id]);
    expect(rowCount).toBe(1);
    expect(await verify()).toMatchObject({ kind: 'different', difference });
  });

  it('finds a history that was cut at its end', async () => {
    for (const table of ['event', 'entry', 'seal']) {
      const column = table === 'seal' ? 'last_sequence' : 'sequence';
      await client.query(`delete from ${table} where book_id = $1 and ${column} >= 15`, [book.id]);
    }
    expect(await verify()).toMatchObject({ kind: 'different', difference: { place: 'head' } });
  });
});

function options() {
  return { source: database.auditSource, codec: jsonEventCodec };
}

function verify() {
  return verifyBook(book, options());
}

async function fill(): Promise<void> {
  for (const [customerId, unitLabel] of [
    ['a', 'credits'],
    ['b', 'credits'],
    ['c', 'credits'],
  ] as const) {
    await submit(
      parseCreateAccount({
        customerId,
        unitLabel,
        unitScale: 2,
        externalId: customerId,
        initialBalance: '1.25',
      }),
    );
  }
  for (let i = 0; i < 10; i++) await credit('abc'.charAt(i % 3), `key ${i}`);
  const reversed = await credit('a', 'key 0');
  assert('event' in reversed, 'a replay has its event');
  const transactionId = postingOf(reversed.event)?.transaction.id ?? '';
  await submit(parseReverseTransaction({ transactionId }));
  const account = { kind: 'external_id', externalId: 'c' } as const;
  await submit(parseUpdateAccount({ account, displayName: 'C' }));
  await fillTerms();
}

/** Event 16 makes a grant, 17 a hold of it, 18 a schedule, and 19 its first grant. */
async function fillTerms(): Promise<void> {
  const a = { kind: 'external_id', externalId: 'a' } as const;
  const b = { kind: 'external_id', externalId: 'b' } as const;
  const named = (idempotencyKey: string) => ({ reference: 'ref', idempotencyKey });
  const expiresAt = instantFromMs(Date.UTC(2100, 0));
  const terms = { category: 'paid', expiresAt } as const;
  await submit(parsePostOneSided('credit', { account: a, amount: '5', ...named('grant'), terms }));
  await submit(parseCreateHold({ account: a, amount: '2', ...named('hold') }));
  await submit(
    parseCreateSchedule({
      account: b,
      amount: '7',
      ...named('schedule'),
      category: 'promotional',
      period: { unit: 'month', count: 1 },
      leftover: 'lapse',
    }),
  );
}

function credit(externalId: string, idempotencyKey: string) {
  return submit(
    parsePostOneSided('credit', {
      account: { kind: 'external_id', externalId },
      amount: '0.5',
      reference: 'ref',
      idempotencyKey,
    }),
  );
}

function submit(command: Parsed<Command>) {
  assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
  return engine.submit(book, command.value);
}
