// What is due is found in every book by its own clock, and found no more once it is booked.
import { createEngine, type Book } from '@scrip/engine';
import {
  assert,
  holdOf,
  couponRecordsOf,
  parseCreateAccount,
  parseCreateHold,
  parseCreateMembership,
  parseSetMembershipStatus,
  parseReleaseHold,
  type AccountRef,
  type BookEvent,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createTestDatabase, jsonEventCodec } from '@scrip/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../database.ts';

const minute = 60_000;
const nameOf = (n: number): AccountRef => ({ kind: 'external_id', externalId: `${n}` });

async function open() {
  const { connection, drop } = await createTestDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  onTestFinished(() => database.close());
  await database.migrate();
  const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
  await database.stores.create({ storeId: 's', name: '', idKeys: { test: key(1), prod: key(2) } });
  const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  const find = async (mode: 'test' | 'prod') => {
    const book = await database.stores.findBook('s', mode);
    assert(book !== undefined, 'the store has its books');
    const submit = async (command: Parsed<Command>): Promise<BookEvent> => {
      assert(command.kind === 'parsed', 'the commands of the test are well-formed');
      const outcome = await engine.submit(book, command.value);
      assert('event' in outcome, 'the commands of the test are accepted');
      return outcome.event;
    };
    return { book, submit };
  };
  return { findDue: (max: number) => database.dueSource.findDue(max), find };
}

type InBook = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['find']>>;

/** An account on which a hold ends after so many minutes. */
async function held({ submit }: InBook, minutes: number) {
  const created = { customerId: 'c', externalId: `${minutes}`, name: `${minutes}` };
  await submit(parseCreateAccount({ ...created, initialBalance: '9' }));
  const event = await submit(
    parseCreateHold({
      account: nameOf(minutes),
      amount: '2',
      ttlMs: minutes * minute,
      reference: 'ref',
      idempotencyKey: `key ${minutes}`,
    }),
  );
  const hold = holdOf(event);
  assert(hold !== undefined, 'a hold was made');
  return hold;
}

const advance = (minutes: number): Parsed<Command> => ({
  kind: 'parsed',
  value: { kind: 'advance_clock', byMs: minutes * minute },
});
const sweep = (minutes: number): Parsed<Command> => ({
  kind: 'parsed',
  value: { kind: 'book_due_moves', account: nameOf(minutes) },
});

function accountIdsIn(
  due: readonly { book: Book; accountIds: readonly string[] }[],
  { book }: InBook,
) {
  return due.filter((each) => each.book.id === book.id).flatMap(({ accountIds }) => accountIds);
}

it('finds what is due, first what was due first, and no more than is asked for', async () => {
  const { findDue, find } = await open();
  const test = await find('test');
  const holds = [await held(test, 30), await held(test, 10), await held(test, 20)];
  const [thirty, ten, twenty] = holds.map(({ accountId }) => accountId);
  expect(await findDue(10)).toEqual([]);
  await test.submit(advance(25));
  expect(accountIdsIn(await findDue(10), test)).toEqual([ten, twenty]);
  expect(accountIdsIn(await findDue(1), test)).toEqual([ten]);
  const { ids: _ids, ...named } = test.book;
  expect((await findDue(1))[0]?.book).toMatchObject(named);
  await test.submit(advance(25));
  expect(accountIdsIn(await findDue(10), test)).toEqual([ten, twenty, thirty]);
});

it('forgets what is booked, and what ended before it was due', async () => {
  const { findDue, find } = await open();
  const test = await find('test');
  const [ten, early] = [await held(test, 10), await held(test, 15)];
  await test.submit(parseReleaseHold({ holdId: early.id }));
  await test.submit(advance(20));
  expect(accountIdsIn(await findDue(10), test)).toEqual([ten.accountId]);
  await test.submit(sweep(10));
  expect(await findDue(10)).toEqual([]);
});

it('goes by the clock of each book', async () => {
  const { findDue, find } = await open();
  const [test, prod] = [await find('test'), await find('prod')];
  const { accountId } = await held(test, 10);
  await held(prod, 10);
  await test.submit(advance(20));
  const due = await findDue(10);
  expect(accountIdsIn(due, test)).toEqual([accountId]);
  expect(accountIdsIn(due, prod)).toEqual([]);
});

it('finds memberships of which a period has begun, among accounts, until booked', async () => {
  const { findDue, find } = await open();
  const test = await find('test');
  const ids: string[] = [];
  for (const customerId of ['a', 'b', 'c']) {
    const command = parseCreateMembership({ customerId, membershipTypeId: 'gold' });
    const event = await test.submit(command);
    ids.push(...couponRecordsOf(event).map(({ record }) => ('id' in record ? record.id : '')));
  }
  const [first, second, third] = ids as [string, string, string];
  await test.submit(
    parseSetMembershipStatus({ membershipId: second, status: 'inactive', idempotencyKey: 'off' }),
  );
  expect(await findDue(10)).toEqual([]);
  await test.submit(advance(32 * 24 * 60));
  await held(test, 30);
  await test.submit(advance(60));
  const due = await findDue(10);
  expect(due).toMatchObject([{ membershipIds: [first, third] }]);
  expect(accountIdsIn(due, test)).toHaveLength(1);
  expect(await findDue(2)).toMatchObject([{ accountIds: [], membershipIds: [first, third] }]);
  for (const membershipId of [first, third]) {
    const value = { kind: 'book_membership_periods', membershipId } as const;
    await test.submit({ kind: 'parsed', value });
  }
  expect(await findDue(10)).toMatchObject([{ membershipIds: [] }]);
});
