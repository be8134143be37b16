// A year of a monthly rule on the clock of a test book, with two processes that sweep it: the last
// days of short months, a suspended month, and a stop of both over two issue dates.
import { createEngine, startSweeper, verifyBook, type Book, type Sweeper } from '@scrip/engine';
import {
  assert,
  couponRecordsOf,
  instantFromMs,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueMissingCredits,
  parseSetMembershipStatus,
  type BookEvent,
  type Command,
  type CouponRecord,
  type Parsed,
} from '@scrip/kernel';
import { jsonEventCodec, openTestDatabase, recordsOf, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let close: () => Promise<void>;
let book: Book;
const failures: unknown[] = [];

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  let makeBook: () => Promise<Book>;
  ({ database, makeBook, close } = await openTestDatabase(open));
  book = await makeBook();
});

afterAll(() => close());

/** A year that is no leap year, well ahead of any clock. */
const year = 2101;

it('issues exactly the expected credits, with the expected ends', async () => {
  const value = { kind: 'percentage', percentage: 100 } as const;
  const coupon = await submit(parseCreateCoupon({ terms: { name: 'Massage', value } }));
  const couponId = idOf(coupon, 'coupon');
  const terms = { couponId, membershipTypeId: 'gold', frequency: 'month' } as const;
  await submit(parseCreateCreditRule({ terms: { ...terms, issueOnSignup: true } }));
  const anchor = instantFromMs(Date.UTC(year, 0, 31));
  const who = { customerId: 'ada', membershipTypeId: 'gold' };
  const membershipId = idOf(await submit(parseCreateMembership({ ...who, anchor })), 'membership');

  let sweepers = startProcesses();
  for (const date of ['01-30', '01-31', '02-28', '03-31', '04-30', '05-31', '07-10']) {
    await goTo(date);
    await isSwept();
  }
  await submit(parseSetMembershipStatus({ membershipId, status: 'inactive' }));
  await goTo('08-15');
  await isSwept();
  await submit(parseSetMembershipStatus({ membershipId, status: 'active' }));
  await goTo('09-05');
  await isSwept();
  await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
  await goTo('11-10');
  const before = await creditsOf();
  expect(before.map(([issued]) => issued)).not.toContain('09-30');
  sweepers = startProcesses();
  for (const date of ['11-10', '12-31']) {
    await goTo(date);
    await isSwept();
  }
  await Promise.all(sweepers.map((sweeper) => sweeper.stop()));

  expect(await creditsOf()).toEqual([
    ['01-31', '02-28'],
    ['02-28', '03-31'],
    ['03-31', '04-30'],
    ['04-30', '05-31'],
    ['05-31', '06-30'],
    ['06-30', '07-31'],
    // Suspended on 31 July.
    ['08-31', '09-30'],
    ['09-30', '10-31'],
    ['10-31', '11-30'],
    ['11-30', '12-31'],
    ['12-31', '01-31'],
  ]);
  // Nothing is made up for unasked, and asked for now it would have expired.
  await submit(parseIssueMissingCredits({ membershipId }));
  expect(await creditsOf()).toHaveLength(11);
  expect(failures).toEqual([]);
  const source = database.auditSource;
  expect(await verifyBook(book, { source, codec: jsonEventCodec })).toMatchObject({
    kind: 'intact',
  });
});

/** Two processes, as far as a sweeper is one. What they have begun is done when they have ended. */
function startProcesses(): readonly Sweeper[] {
  return [1, 2].map(() => {
    const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
    const source = database.dueSource;
    const onFailure = (error: unknown) => failures.push(error);
    const sweeper = startSweeper({ source, engine, onFailure, pauseMs: 5 });
    return {
      stop: async () => {
        await sweeper.stop();
        await engine.close();
      },
    };
  });
}

async function submit(command: Parsed<Command>): Promise<BookEvent> {
  assert(command.kind === 'parsed', 'the commands of the test are well-formed');
  const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  const outcome = await engine.submit(book, command.value);
  assert('event' in outcome, `the commands of the test are accepted, not ${outcome.kind}`);
  return outcome.event;
}

/** Moves the clock of the book to noon of a day. */
async function goTo(date: string): Promise<void> {
  const { now } = await database.journal.transact(book, (unit) => unit.lockHead());
  const byMs = Date.parse(`${year}-${date}T12:00:00Z`) - now;
  if (byMs > 0) await submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs } });
}

async function isSwept(): Promise<void> {
  await expect.poll(() => database.dueSource.findDue(10)).toEqual([]);
}

function idOf(event: BookEvent, kind: CouponRecord['kind']): string {
  const each = couponRecordsOf(event).find((record) => record.kind === kind);
  assert(each !== undefined && 'id' in each.record, 'the record was made');
  return each.record.id;
}

/** When each credit was issued and when it ends, by the beginning of its period. */
async function creditsOf(): Promise<readonly (readonly [string, string])[]> {
  const events = await database.auditSource.readSnapshot(book, async (snapshot) => {
    const read: BookEvent[] = [];
    for await (const { bytes } of snapshot.events()) read.push(jsonEventCodec.decode(bytes));
    return read;
  });
  return recordsOf(events, 'customer_credit')
    .toSorted((a, b) => a.issuedAt - b.issuedAt)
    .map(({ issuedAt, expiresAt }) => [dayOf(issuedAt), dayOf(expiresAt ?? 0)] as const);
}

function dayOf(instant: number): string {
  const text = new Date(instant).toISOString();
  expect(text).toMatch(/T00:00:00\.000Z$/);
  return text.slice(5, 10);
}
