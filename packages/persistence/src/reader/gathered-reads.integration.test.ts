// Many reads of single accounts at once: they share statements, and nothing else.
import { JournalError, type Book } from '@scrip/engine';
import { assert, type Account, type AccountRef } from '@scrip/kernel';
import { createTestBook, jsonEventCodec, openTestDatabase } from '@scrip/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

async function openBook() {
  const opened = await openTestDatabase(({ connection }) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true }),
  );
  const book = await opened.makeBook();
  const made = createTestBook();
  const accountIds = Array.from({ length: 20 }, (_, n) =>
    made.createId({ customerId: 'c', externalId: `x${n}`, name: `${n}`, initialBalance: `${n}` }),
  );
  await write(opened.database, book, made);
  return { ...opened, book, made, accountIds };
}

/** Writes events of the book of a test, each by itself. */
async function write(
  { journal }: Database,
  book: Book,
  { events, state }: Pick<ReturnType<typeof createTestBook>, 'events' | 'state'>,
): Promise<void> {
  for (const event of events) {
    const bytes = jsonEventCodec.encode(event);
    await journal.transact(book, async (unit) => {
      await unit.lockHead();
      await unit.append({
        events: [{ event, bytes, requestDigest: '0'.repeat(16) }],
        accounts: [...state.accounts.values()].filter(
          ({ sequence }: Account) => sequence === event.sequence,
        ),
        units: [...state.units.values()],
        instant: event.createdAt,
        lastSequence: event.sequence,
        chainHash: new Uint8Array(32),
      });
    });
  }
}

const now = { kind: 'now' } as const;
const byId = (id: string) => ({ kind: 'id', id }) as const;
const useOf = (database: Database) =>
  database.connectionUse().find(({ role }) => role === 'accounts');

async function openForTest() {
  const opened = await openBook();
  onTestFinished(opened.close);
  return opened;
}

it('gives each its own answer, whatever the others ask and whatever is wrong with it', async () => {
  const { database, client, book, makeBook, accountIds } = await openForTest();
  const empty = await makeBook();
  // Nothing is live of it: read with its terms it is the same.
  await client.query(`update account set next_due_at = now() - interval '1 hour' where name = '3'`);
  const { reader } = database;
  const refs: readonly AccountRef[] = [
    ...accountIds.map(byId),
    ...accountIds.map((_, n) => ({ kind: 'external_id', externalId: `x${n}` }) as const),
    byId('cca_none'),
    byId(accountIds[0]?.replace(/.$/, 'z') ?? ''),
    { kind: 'external_id', externalId: 'a\u0000b' },
    { kind: 'external_id', externalId: 'x20' },
  ];
  const asks = refs.flatMap((ref) => [
    () => reader.balance(book, ref, now),
    () => reader.account(book, ref),
    () => reader.balance(empty, ref, now),
  ]);
  const alone: PromiseSettledResult<unknown>[] = [];
  for (const ask of asks) alone.push(...(await Promise.allSettled([ask()])));
  const together = await Promise.allSettled(asks.map((ask) => ask()));
  expect(together).toEqual(alone);
  expect(together[0]).toMatchObject({ value: { value: { balance: 0n, sequence: 20 } } });
  expect(together[9]).toMatchObject({ value: { value: { balance: 3n, sequence: 20 } } });
  const failures = together.filter(({ status }) => status === 'rejected');
  expect(failures).toHaveLength(3);
});

it('sees what was committed before it was asked, however many are under way', async () => {
  const { database, book, made, accountIds } = await openForTest();
  const [id] = accountIds;
  assert(id !== undefined, 'there are accounts');
  const reads: Promise<void>[] = [];
  const read = async (balance: bigint, sequence: number): Promise<void> => {
    const answer = await database.reader.balance(book, byId(id), now);
    assert(answer.kind === 'read', 'the account is there');
    expect(answer.sequence).toBeGreaterThanOrEqual(sequence);
    // Each event of the test credits 1: sequence and balance are of one snapshot.
    expect(answer.value.balance - balance).toBe(BigInt(answer.sequence - sequence));
  };
  for (let credit = 1; credit <= 25; credit++) {
    const from = made.events.length;
    made.post('credit', id, '1');
    await write(database, book, { events: made.events.slice(from), state: made.state });
    for (let i = 0; i < 20; i++) reads.push(read(BigInt(credit), made.events.length));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(reads);
});

it('takes two connections of a book at the most', async () => {
  const { database, client, book, accountIds } = await openForTest();
  await client.query('begin; lock table account');
  const reads: Promise<unknown>[] = [];
  const blast = () =>
    reads.push(...accountIds.map((id) => database.reader.balance(book, byId(id), now)));
  blast();
  await expect.poll(() => useOf(database)?.busyCount).toBe(1);
  blast();
  await expect.poll(() => useOf(database)?.busyCount).toBe(2);
  blast();
  await new Promise((resolve) => setImmediate(resolve));
  expect(useOf(database)).toMatchObject({ busyCount: 2, waitingCount: 0 });
  await client.query('rollback');
  expect(await Promise.all(reads)).toHaveLength(60);
});

it('fails with its own statement alone when a connection is lost', async () => {
  const { database, client, book, accountIds } = await openForTest();
  const [id = ''] = accountIds;
  const read = () => database.reader.balance(book, byId(id), now);
  await client.query('begin; lock table account');
  // Not by the pool, which counts connections that are still being made: those cannot be ended yet.
  const stuck = `from pg_locks
    where relation = 'account'::regclass and not granted
      and database = (select oid from pg_database where datname = current_database())`;
  const countStuck = async () => (await client.query(`select pid ${stuck}`)).rowCount;
  const first = Promise.allSettled([read(), read()]);
  await expect.poll(countStuck).toBe(1);
  const second = Promise.allSettled([read()]);
  await expect.poll(countStuck).toBe(2);
  const waiting = Promise.all([read(), read()]);
  await client.query(`select pg_terminate_backend(pid) ${stuck}`);
  // A statement that took too long fails otherwise.
  const failure: unknown = expect.objectContaining({ name: 'JournalError', fault: 'unavailable' });
  const lost = { status: 'rejected', reason: failure };
  expect(await first).toEqual([lost, lost]);
  expect(await second).toEqual([lost]);
  await client.query('rollback');
  expect(await waiting).toMatchObject([{ kind: 'read' }, { kind: 'read' }]);
});

it('is answered or refused by a database that closes, and hangs in neither case', async () => {
  const { database, client, testDatabase, book, accountIds } = await openBook();
  onTestFinished(testDatabase.drop);
  await client.end();
  const [id = ''] = accountIds;
  const reads = Array.from({ length: 300 }, () => database.reader.balance(book, byId(id), now));
  const settled = Promise.allSettled(reads);
  await database.close();
  const outcomes = (await settled).map((result) =>
    result.status === 'fulfilled' ? result.value.kind : (result.reason as Error).name,
  );
  expect(outcomes).toHaveLength(300);
  expect(outcomes.filter((outcome) => !['read', 'JournalError'].includes(outcome))).toEqual([]);
  await expect(database.reader.balance(book, byId(id), now)).rejects.toThrow(JournalError);
});
