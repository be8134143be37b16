// Reads of grants, holds and schedules on PostgreSQL: as they are by the book's clock, whether what
// was due is booked or not.
import { createEngine, type Book, type Engine, type ReadAnswer } from '@scrip/engine';
import {
  assert,
  createIds,
  grantsOf,
  holdOf,
  instantFromMs,
  parseCaptureHold,
  parseChangeAccountStatus,
  parseCreateAccount,
  parseCreateHold,
  parseCreateSchedule,
  parsePostOneSided,
  parseReleaseHold,
  postingOf,
  type AccountRef,
  type BookEvent,
  type Command,
  type Instant,
  type Parsed,
} from '@scrip/kernel';
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const minute = 60_000;

let database: Database;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;
let book: Book;
let engine: Engine;
let start: Instant;
let advancedMs: number;
let keyCount = 0;
const account: AccountRef = { kind: 'external_id', externalId: 'a' };

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

beforeEach(async () => {
  advancedMs = 0;
  book = await makeBook();
  engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  const created = { customerId: 'c', externalId: 'a', initialBalance: '10' };
  start = (await submit(parseCreateAccount(created))).createdAt;
});

async function submit(command: Parsed<Command>): Promise<BookEvent> {
  assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
  const outcome = await engine.submit(book, command.value);
  assert('event' in outcome, 'the commands of the tests are accepted');
  return outcome.event;
}

const named = () => ({ reference: 'ref', idempotencyKey: `key ${++keyCount}` });
const minutes = (count: number) => instantFromMs(start + count * minute);

async function grant(amount: string, more: { from?: number; to?: number; priority?: number } = {}) {
  const event = await submit(
    parsePostOneSided('credit', {
      account,
      amount,
      ...named(),
      terms: {
        priority: more.priority,
        category: 'paid',
        effectiveAt: more.from === undefined ? undefined : minutes(more.from),
        expiresAt: more.to === undefined ? undefined : minutes(more.to),
      },
    }),
  );
  const [made] = grantsOf(event);
  assert(made !== undefined, 'the credit made a grant');
  return made;
}

async function hold(amount: string, ttlMinutes: number) {
  const command = parseCreateHold({ account, amount, ...named(), ttlMs: ttlMinutes * minute });
  const made = holdOf(await submit(command));
  assert(made !== undefined, 'a hold was made');
  return made;
}

/** The clock moves to half a minute after; nothing is booked on the account. */
async function advanceTo(count: number): Promise<void> {
  const byMs = count * minute + minute / 2 - advancedMs;
  advancedMs += byMs;
  await submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs } });
}

function valueOf<T>(answer: ReadAnswer<T>): T {
  assert(answer.kind === 'read', 'the read was answered');
  return answer.value;
}

const page = { size: 10 };
const all = { account, liveOnly: false, page };
const live = { account, liveOnly: true, page };
const parts = async (atSequence?: number) =>
  valueOf(await database.terms.balanceParts(book, account, atSequence));

describe('a grant', () => {
  it('comes into effect and expires by the clock, before that is booked', async () => {
    const { id } = await grant('7', { from: 10, to: 20 });
    expect(valueOf(await database.terms.grant(book, id)).status).toBe('scheduled');
    await advanceTo(10);
    const active = { status: 'active', remaining: 7n, expired: 0n };
    expect(valueOf(await database.terms.grant(book, id))).toMatchObject(active);
    expect(valueOf(await database.reader.balance(book, account, { kind: 'now' }))).toMatchObject({
      balance: 17n,
      updatedAt: minutes(10),
      sequence: 3,
    });
    await advanceTo(20);
    const expired = { status: 'expired', remaining: 0n, expired: 7n };
    expect(valueOf(await database.terms.grant(book, id))).toMatchObject(expired);
    expect(valueOf(await database.reader.account(book, account))).toMatchObject({
      balance: 10n,
      balanceUpdatedAt: minutes(20),
      sequence: 2,
    });
    expect(await database.reader.head(book)).toMatchObject({ sequence: 4 });
  });

  it('is found in any status, and what is not one is unknown', async () => {
    const { id } = await grant('7', { to: 5 });
    await submit(parsePostOneSided('debit', { account, amount: '7', ...named() }));
    expect(valueOf(await database.terms.grant(book, id))).toMatchObject({ remaining: 0n });
    const other = createIds(new Uint8Array(32).fill(99)).grantId(2 as never, start);
    const guessed = book.ids.grantId(2 as never, instantFromMs(start + 7_777));
    const held = book.ids.holdId(2 as never, start);
    for (const unknown of [other, guessed, held, 'grt_', '']) {
      expect(await database.terms.grant(book, unknown)).toMatchObject({
        kind: 'refused',
        refusal: { reason: 'GRANT_NOT_FOUND', metadata: { grant: unknown } },
        sequence: 3,
      });
    }
  });
});

describe('a hold', () => {
  it('keeps nothing from its end on, before that is booked', async () => {
    const { id } = await hold('4', 15);
    expect(valueOf(await database.terms.hold(book, id))).toMatchObject({ status: 'pending' });
    expect(valueOf(await database.reader.account(book, account))).toMatchObject({ held: 4n });
    await advanceTo(15);
    const expired = { status: 'expired', remaining: 0n, allocations: [] };
    expect(valueOf(await database.terms.hold(book, id))).toMatchObject(expired);
    for (const read of [
      valueOf(await database.reader.account(book, account)),
      valueOf(await database.reader.balance(book, account, { kind: 'now' })),
      valueOf(await database.reader.balances(book, [account]))[0],
      valueOf(await database.reader.accounts(book, { page, skip: 0, countTotal: false })).items[0],
      (await parts()).balance,
    ]) {
      expect(read).toMatchObject({ balance: 10n, held: 0n });
    }
  });

  it('that is over and not booked has reads of balances say up to when they count', async () => {
    await hold('4', 10);
    const { reader } = database;
    const listed = { customerId: 'c', page, skip: 0, countTotal: false };
    const read = () =>
      Promise.all([reader.balances(book, [account]), reader.accounts(book, listed)]);
    for (const answer of await read()) expect(answer).not.toHaveProperty('settledTo');
    await advanceTo(10);
    for (const answer of await read()) {
      assert(answer.kind === 'read', 'the read was answered');
      expect(answer.settledTo).toBeGreaterThanOrEqual(minutes(10));
      expect(answer.settledTo).toBeLessThan(minutes(12));
    }
    await submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } });
    for (const answer of await read()) expect(answer).not.toHaveProperty('settledTo');
  });

  it('is captured and released, and read as that', async () => {
    const captured = await hold('4', 15);
    const end = { final: true, allowExcess: false };
    await submit(parseCaptureHold({ holdId: captured.id, amount: '3', ...end, ...named() }));
    const released = await hold('2', 15);
    await submit(parseReleaseHold({ holdId: released.id }));
    const { items } = valueOf(await database.terms.holds(book, all));
    expect(items).toMatchObject([
      { id: released.id, status: 'released', remaining: 0n },
      { id: captured.id, status: 'captured', captured: 3n },
    ]);
    expect(valueOf(await database.terms.holds(book, live)).items).toEqual([]);
    expect(await database.terms.hold(book, 'hld_x')).toMatchObject({
      refusal: { reason: 'HOLD_NOT_FOUND', metadata: { hold: 'hld_x' } },
    });
  });
});

describe('a schedule', () => {
  it('makes grants by the clock, before they are booked', async () => {
    const event = await submit(
      parseCreateSchedule({
        account,
        amount: '5',
        ...named(),
        category: 'paid',
        period: { unit: 'day', count: 1 },
        leftover: 'lapse',
        occurrenceCount: 2,
      }),
    );
    assert(event.change.kind === 'schedule_created', 'a schedule was made');
    const { id } = event.change.schedule;
    const first = { balance: { balance: 15n }, pool: 10n, grants: [{ period: 0, sequence: 3 }] };
    expect(await parts()).toMatchObject(first);
    await advanceTo(24 * 60);
    // The second grant has no id before it is booked.
    const second = { balance: { balance: 15n }, pool: 10n, grants: [{ period: 1 }] };
    const unbooked = [{ scheduleId: id, period: 1, id: '', sequence: 0, remaining: 5n }];
    expect(await parts()).toMatchObject({ ...second, grants: unbooked });
    const ended = { status: 'ended', issuedCount: 2 };
    expect(valueOf(await database.terms.schedule(book, id))).toMatchObject(ended);
    expect(valueOf(await database.terms.schedules(book, all)).items).toMatchObject([ended]);
    expect(valueOf(await database.terms.schedules(book, live)).items).toEqual([]);
    expect(valueOf(await database.terms.grants(book, live)).items).toEqual([]);
    await submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } });
    const [booked] = valueOf(await database.terms.grants(book, live)).items;
    expect(booked).toMatchObject({ period: 1, sequence: 6 });
    expect(await parts()).toMatchObject({ ...second, grants: [booked] });
    expect(await database.terms.schedule(book, 'sch_x')).toMatchObject({
      refusal: { reason: 'SCHEDULE_NOT_FOUND' },
    });
  });
});

describe('a list of grants', () => {
  it('is newest first, page by page in both directions', async () => {
    const ids: string[] = [];
    for (let n = 1; n <= 5; n++) ids.unshift((await grant(String(n), { to: 10 * n })).id);
    await advanceTo(20);
    const walk = async (liveOnly: boolean, direction: 'after' | 'before', from?: string) => {
      const seen: string[][] = [];
      for (let cursor = from; ;) {
        const at = cursor === undefined ? {} : { cursor: { direction, id: cursor } };
        const query = { account, liveOnly, page: { size: 2, ...at } };
        const { items, hasMore } = valueOf(await database.terms.grants(book, query));
        seen.push(items.map(({ id }) => id));
        cursor = (direction === 'after' ? items.at(-1) : items[0])?.id;
        if (!hasMore) return seen;
      }
    };
    expect((await walk(false, 'after')).flat()).toEqual(ids);
    expect(await walk(false, 'after')).toHaveLength(3);
    expect(await walk(true, 'after')).toEqual([ids.slice(0, 2), ids.slice(2, 3)]);
    expect(await walk(false, 'before', ids[4])).toEqual([ids.slice(2, 4), ids.slice(0, 2)]);
    expect(await walk(true, 'before', ids[3])).toEqual([ids.slice(1, 3), ids.slice(0, 1)]);
    // A cursor that has expired since still says where the list goes on.
    expect(await walk(true, 'after', ids[2])).toEqual([[]]);
    const { items } = valueOf(await database.terms.grants(book, all));
    const statuses = ['active', 'active', 'active', 'expired', 'expired'];
    expect(items.map(({ status }) => status)).toEqual(statuses);
  });

  it('refuses an unknown account, and a cursor of another list', async () => {
    const { id } = await grant('1');
    const kept = await hold('1', 5);
    await submit(parseCreateAccount({ customerId: 'd', externalId: 'b' }));
    const b: AccountRef = { kind: 'external_id', externalId: 'b' };
    const c: AccountRef = { kind: 'external_id', externalId: 'c' };
    const invalid = { kind: 'refused', refusal: { reason: 'CURSOR_INVALID' }, sequence: 4 };
    for (const liveOnly of [true, false]) {
      const after = (cursorId: string, of = account) => ({
        account: of,
        liveOnly,
        page: { size: 2, cursor: { direction: 'after', id: cursorId } as const },
      });
      expect(await database.terms.grants(book, after(id, b))).toMatchObject(invalid);
      expect(await database.terms.grants(book, after(kept.id))).toMatchObject(invalid);
      expect(await database.terms.holds(book, after(id))).toMatchObject(invalid);
      expect(await database.terms.holds(book, after('hld_?'))).toMatchObject(invalid);
      expect(await database.terms.grants(book, after(id, c))).toMatchObject({
        refusal: { reason: 'ACCOUNT_NOT_FOUND' },
      });
    }
  });
});

describe('the explanation of a balance', () => {
  it('adds up: the pool, and grants in the order in which they are taken', async () => {
    await grant('5', { to: 30, priority: 60 });
    await grant('6', { to: 20 });
    await grant('3', { from: 15, priority: 10 });
    const kept = await hold('8', 25);
    expect(await parts()).toMatchObject({
      balance: { balance: 21n, held: 8n, sequence: 5 },
      pool: 10n,
      poolHeld: 2n,
      grants: [
        { status: 'scheduled', remaining: 3n },
        { remaining: 6n, held: 6n },
        { remaining: 5n, held: 0n },
      ],
      holds: [{ remaining: 8n }],
    });
    await advanceTo(22);
    // What a hold keeps of an expired grant stays until the hold ends.
    expect(await parts()).toMatchObject({
      balance: { balance: 24n, held: 8n },
      pool: 10n,
      poolHeld: 2n,
      grants: [{ remaining: 3n }, { status: 'expired', remaining: 6n, held: 6n }, {}],
    });
    await advanceTo(25);
    expect(await parts()).toMatchObject({
      balance: { balance: 18n, held: 0n, updatedAt: kept.expiresAt },
      pool: 10n,
      poolHeld: 0n,
      grants: [{ remaining: 3n }, { remaining: 5n }],
      holds: [],
    });
    await advanceTo(40);
    expect(await parts()).toMatchObject({ balance: { balance: 13n, updatedAt: minutes(30) } });
  });

  it('at a sequence is as booked then', async () => {
    await grant('6', { to: 20 });
    const kept = await hold('8', 25);
    await submit(parseReleaseHold({ holdId: kept.id }));
    await submit(parsePostOneSided('debit', { account, amount: '9', ...named() }));
    await advanceTo(50);
    expect(await parts(1)).toMatchObject({ balance: { balance: 10n }, pool: 10n, grants: [] });
    expect(await parts(3)).toMatchObject({
      balance: { balance: 16n, held: 8n, sequence: 3 },
      poolHeld: 2n,
      grants: [{ remaining: 6n, held: 6n }],
      holds: [{ id: kept.id }],
    });
    expect(await parts(4)).toMatchObject({ balance: { balance: 16n, held: 0n }, holds: [] });
    expect(await parts(5)).toMatchObject({ balance: { balance: 7n }, pool: 7n, grants: [] });
    expect(await database.terms.balanceParts(book, account, 7)).toMatchObject({
      refusal: { reason: 'SEQUENCE_BEYOND_HEAD', metadata: { head_sequence: '6' } },
    });
    const b: AccountRef = { kind: 'external_id', externalId: 'b' };
    for (const at of [undefined, 1]) {
      expect(await database.terms.balanceParts(book, b, at)).toMatchObject({
        refusal: { reason: 'ACCOUNT_NOT_FOUND' },
      });
    }
  });
});

describe('the balance at an instant', () => {
  it('has what was due by then, whenever that was booked', async () => {
    await grant('7', { from: 10, to: 20 });
    await hold('4', 15);
    const at = async (count: number) => {
      const point = { kind: 'at', instant: minutes(count) } as const;
      const { balance, held, updatedAt } = valueOf(
        await database.reader.balance(book, account, point),
      );
      return [balance, held, (updatedAt - start) / minute];
    };
    const expected = [
      [9, [10n, 4n, 0]],
      [12, [17n, 4n, 10]],
      [16, [17n, 0n, 10]],
      [20, [10n, 0n, 20]],
    ] as const;
    await advanceTo(30);
    for (const [count, seen] of expected) expect(await at(count)).toEqual(seen);
    await submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } });
    for (const [count, seen] of expected) expect(await at(count)).toEqual(seen);
    // Later than the clock answers the present.
    await hold('1', 15);
    expect((await at(10_000)).slice(0, 2)).toEqual([10n, 1n]);
  });
});

describe('the balance of a closed account', () => {
  it('has what a schedule made before the closing, and nothing after it', async () => {
    await submit(
      parseCreateSchedule({
        account,
        amount: '5',
        ...named(),
        category: 'paid',
        period: { unit: 'day', count: 1 },
        leftover: 'roll_over',
      }),
    );
    const day = 24 * 60;
    await advanceTo(day + 60);
    await submit(parseChangeAccountStatus('close_account', { account }));
    await advanceTo(3 * day);
    const at = async (count: number) => {
      const point = { kind: 'at', instant: minutes(count) } as const;
      return valueOf(await database.reader.balance(book, account, point)).balance;
    };
    expect(await at(day - 1)).toBe(15n);
    // Booked only by the closing, half an hour later.
    expect(await at(day + 30)).toBe(20n);
    expect(await at(2 * day + 30)).toBe(20n);
    expect((await parts()).balance.balance).toBe(20n);
  });
});

describe('the explanation of an entry', () => {
  it('has its allocations, and their grants as they are now, in that order', async () => {
    const late = await grant('6', { to: 40 });
    const soon = await grant('5', { to: 20 });
    const debit = await submit(parsePostOneSided('debit', { account, amount: '12', ...named() }));
    await advanceTo(50);
    const [entry] = postingOf(debit)?.transaction.entries ?? [];
    assert(entry !== undefined, 'the debit has an entry');
    expect(valueOf(await database.terms.explainEntry(book, entry.id))).toMatchObject({
      entry: {
        ...entry,
        allocations: [
          { grantId: soon.id, amount: 5n },
          { grantId: late.id, amount: 6n },
        ],
        sequence: 4,
        createdAt: debit.createdAt,
        unit: { label: 'credits' },
      },
      grants: [
        { id: soon.id, remaining: 0n },
        { id: late.id, remaining: 0n },
      ],
    });
  });

  it('is what tells its allocations: a page of the history leaves them out', async () => {
    await grant('6');
    const [entry] = valueOf(await database.reader.entries(book, account, { size: 1 })).items;
    assert(entry !== undefined, 'the grant has an entry');
    expect(entry).not.toHaveProperty('allocations');
    const explained = valueOf(await database.terms.explainEntry(book, entry.id));
    expect(explained.entry.allocations).toMatchObject([{ amount: 6n }]);
  });

  it('of the pool alone has no grants, and an unknown one is refused', async () => {
    const debit = await submit(parsePostOneSided('debit', { account, amount: '2', ...named() }));
    const entry = postingOf(debit)?.transaction.entries[0];
    const explained = valueOf(await database.terms.explainEntry(book, entry?.id ?? ''));
    expect(explained).toMatchObject({ entry: { balanceAfter: 8n }, grants: [] });
    const beyondLine = book.ids.entryId(2 as never, debit.createdAt, 1);
    for (const unknown of [beyondLine, 'cce_', '']) {
      expect(await database.terms.explainEntry(book, unknown)).toMatchObject({
        kind: 'refused',
        refusal: { reason: 'ENTRY_NOT_FOUND', metadata: { entry: unknown } },
        sequence: 2,
      });
    }
  });
});
