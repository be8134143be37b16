// The sweeper: each thing once, however many sweep, however much is due, whatever fails.
import {
  assert,
  instantFromMs,
  nextDueAt,
  nextPeriodAt,
  parseCreateAccount,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateHold,
  parseCreateMembership,
  parseCreateSchedule,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { Book } from './port/book.ts';
import type { DueSource } from './port/due-source.ts';
import type { Journal } from './port/journal.ts';
import { startSweeper, type Sweeper, type SweeperOptions } from './sweep.ts';

const sweepers: Sweeper[] = [];

afterEach(async () => {
  await Promise.all(sweepers.splice(0).map((sweeper) => sweeper.stop()));
});

describe('a sweeper', () => {
  it('books what is due once, with its instant, however many sweep', async () => {
    const { open, start, sweep, journal, changes, hold } = createSetting();
    const account = await open('10');
    await hold(account, '4', 2_000);
    await hold(account, '3', 1_000);
    journal.now = instantFromMs(start + 5_000);
    const looks = [sweep(), sweep(), sweep()];
    await expect.poll(() => changes('hold_expired').length).toBe(2);
    await Promise.all(looks.map((look) => look.again(2)));
    expect(changes('hold_expired').map((change) => 'dueAt' in change && change.dueAt)).toEqual([
      start + 1_000,
      start + 2_000,
    ]);
  });

  it('goes on without a pause after a long stop', async () => {
    const { open, start, sweep, journal, changes, hold } = createSetting();
    const accounts = await Promise.all(Array.from({ length: 450 }, () => open('10')));
    await Promise.all(accounts.map((account) => hold(account, '1', 1_000)));
    journal.now = instantFromMs(start + 365 * 86_400_000);
    const look = sweep({ pauseMs: 3_600_000 });
    await expect.poll(() => changes('hold_expired').length).toBe(450);
    // What is found after 200, 200 and 50 accounts is nothing.
    await expect.poll(() => look.count()).toBe(4);
  });

  it('books very much on one account in parts, without a pause between them', async () => {
    const { open, start, sweep, journal, changes, plan } = createSetting();
    await plan(await open('10'));
    journal.now = instantFromMs(start + 365 * 86_400_000);
    sweep({ pauseMs: 3_600_000 });
    await expect.poll(() => changes('grant_issued').length).toBe(366);
    // One with the schedule, then fifty at most in each unit of work.
    expect(journal.transactionCount).toBeGreaterThanOrEqual(2 + 8);
  });

  it('books in several units of work what is too much to be loaded for one', async () => {
    const { open, start, sweep, journal, changes, hold, stored } = createSetting();
    const accounts = await Promise.all(Array.from({ length: 10 }, () => open('10')));
    await Promise.all(accounts.map((account) => hold(account, '1', 1_000)));
    journal.now = instantFromMs(start + 5_000);
    const before = stored().sequence;
    const transact: Journal['transact'] = (book, work) =>
      journal.transact(book, (unit) =>
        work({ ...unit, loadAccounts: (ids) => unit.loadAccounts(ids, 2) }),
      );
    const engine = createEngine({ journal: { transact }, codec: jsonEventCodec });
    const { failures } = sweep({ engine, pauseMs: 3_600_000 });
    await expect.poll(() => changes('hold_expired').length).toBe(10);
    const ends = [...stored().seals.keys()].map((end) => end - before).filter((end) => end > 0);
    expect([ends, failures]).toEqual([[3, 6, 9, 10], []]);
  });

  it('books the periods of memberships once, in order, after a long stop', async () => {
    const { member, start, sweep, journal, changes } = createSetting();
    for (let n = 0; n < 7; n++) await member();
    // Ten years: more than one command books.
    journal.now = instantFromMs(start + 3_653 * 86_400_000);
    const looks = [sweep(), sweep(), sweep()];
    const periods = () =>
      changes('membership_credits_issued').flatMap((change) =>
        change.kind === 'membership_credits_issued' && change.occasion === 'period' ? change : [],
      );
    await expect.poll(() => periods().length).toBe(7 * 120);
    await Promise.all(looks.map((look) => look.again(2)));
    const byMember = Map.groupBy(periods(), ({ membership }) => membership.customerId);
    expect(byMember.size).toBe(7);
    for (const ofMember of byMember.values()) {
      const numbers = ofMember.flatMap(({ credits }) =>
        credits.map((each) => each.ruleIssue?.period),
      );
      expect(numbers).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
      const dueAts = ofMember.map(({ dueAt }) => dueAt);
      expect(ofMember.map(({ credits }) => credits[0]?.issuedAt)).toEqual(dueAts);
    }
  });

  it('tells of a source that fails, and looks again', async () => {
    const { open, start, sweep, journal, changes, hold, source } = createSetting();
    await hold(await open('10'), '1', 1_000);
    journal.now = instantFromMs(start + 5_000);
    let count = 0;
    const findDue: DueSource['findDue'] = async (countMax) => {
      if (count++ < 2) throw new Error('The database is away.');
      return source.findDue(countMax);
    };
    const { failures } = sweep({ source: { findDue } });
    await expect.poll(() => changes('hold_expired').length).toBe(1);
    expect(failures).toHaveLength(2);
  });

  it('sweeps other books when one fails, and tells of that once a look', async () => {
    const { open, start, sweep, journal, engine, changes, hold } = createSetting();
    const spoilt = createMemoryBook(2);
    await hold(await open('10'), '1', 1_000);
    for (let n = 0; n < 3; n++) await hold(await open('10', spoilt), '1', 1_000, spoilt);
    journal.now = instantFromMs(start + 5_000);
    const submitBatch: typeof engine.submitBatch = (book, batch, signal) =>
      book.id === spoilt.id
        ? Promise.reject(new Error('This book cannot be written.'))
        : engine.submitBatch(book, batch, signal);
    const { failures, count } = sweep({ engine: { submitBatch } });
    await expect.poll(() => changes('hold_expired').length).toBe(1);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThanOrEqual(count());
    expect(changes('hold_expired', spoilt)).toEqual([]);
  });

  it('leaves an account alone that spoils the others, and books those', async () => {
    const { open, start, sweep, journal, changes, hold } = createSetting();
    const accounts = await Promise.all(Array.from({ length: 45 }, () => open('10')));
    for (const account of accounts) await hold(account, '1', 1_000);
    journal.now = instantFromMs(start + 5_000);
    const [spoilt] = accounts;
    journal.poison = ({ change }) =>
      change.kind === 'hold_expired' && change.hold.accountId === spoilt;
    const { failures } = sweep({ pauseMs: 60_000 });
    await expect.poll(() => changes('hold_expired').length).toBe(44);
    await expect.poll(() => failures.length).toBeGreaterThan(0);
  });

  it('does nothing more once it is stopped while it looks', async () => {
    const { sweep, engine } = createSetting();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const book = createMemoryBook();
    const findDue: DueSource['findDue'] = async () => {
      asked.resolve();
      await answer.promise;
      return [{ book, accountIds: ['cca_00000000001' as never], membershipIds: [] }];
    };
    let isBooked = false;
    const submitBatch: typeof engine.submitBatch = async () => {
      isBooked = true;
      return [];
    };
    const { sweeper, failures } = sweep({ source: { findDue }, engine: { submitBatch } });
    await asked.promise;
    const stopped = sweeper.stop();
    answer.resolve();
    await stopped;
    expect([isBooked, failures]).toEqual([false, []]);
  });

  it('waits for no command that the engine holds when it is stopped', async () => {
    const { sweep, engine } = createSetting();
    const asked = Promise.withResolvers<void>();
    const book = createMemoryBook();
    const findDue = async () => [
      { book, accountIds: ['cca_00000000001' as never], membershipIds: [] },
    ];
    const submitBatch: typeof engine.submitBatch = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const { sweeper, failures } = sweep({ source: { findDue }, engine: { submitBatch } });
    await asked.promise;
    await sweeper.stop();
    expect(failures).toEqual([]);
  });
});

function createSetting() {
  const journal = createMemoryJournal();
  const main = createMemoryBook();
  const books = [main, createMemoryBook(2)];
  const engine = createEngine({ journal, codec: jsonEventCodec });
  let count = 0;
  const submit = async (command: Parsed<Command>, book: Book) => {
    assert(command.kind === 'parsed', 'the command is well-formed');
    const outcome = await engine.submit(book, command.value);
    assert('event' in outcome, 'the command was accepted');
    return outcome.event;
  };
  const source: DueSource = {
    findDue: async (countMax) =>
      books
        .map((book) => ({
          book,
          accountIds: dueIds(book).slice(0, countMax),
          membershipIds: dueMembershipIds(book).slice(0, countMax),
        }))
        .filter(({ accountIds, membershipIds }) => accountIds.length + membershipIds.length > 0),
  };
  const dueIds = (book: Book) =>
    [...journal.stored(book).accounts.values()]
      .filter((account) => (nextDueAt(account) ?? Infinity) <= journal.now)
      .map(({ id }) => id);
  const dueMembershipIds = (book: Book) =>
    [...journal.stored(book).coupons.values()].flatMap(({ found: { kind, record } }) => {
      const dueAt = kind === 'membership' ? nextPeriodAt(record) : undefined;
      return kind === 'membership' && (dueAt ?? Infinity) <= journal.now ? record.id : [];
    });
  return {
    journal,
    engine,
    source,
    start: journal.now,
    open: async (initialBalance: string, book = main) => {
      const customerId = `c${count++}`;
      const { change } = await submit(parseCreateAccount({ customerId, initialBalance }), book);
      assert(change.kind === 'account_created', 'the event made an account');
      return change.account.id;
    },
    // oxlint-disable-next-line max-params -- a line of a test reads better without names
    hold: async (id: string, amount: string, ttlMs: number, book = main) => {
      const named = { reference: 'job', idempotencyKey: `hold ${count++}` };
      const account = { kind: 'id', id } as const;
      await submit(parseCreateHold({ account, amount, ttlMs, ...named }), book);
    },
    /** Makes a schedule that grants every day. */
    plan: async (id: string) => {
      const period = { unit: 'day', count: 1 } as const;
      const terms = { amount: '1', category: 'paid', leftover: 'roll_over' } as const;
      const named = { reference: 'plan', idempotencyKey: `plan ${count++}` };
      const account = { kind: 'id', id } as const;
      await submit(parseCreateSchedule({ account, period, ...terms, ...named }), main);
    },
    /** Makes a membership that gets a credit every month. */
    member: async () => {
      const value = { kind: 'percentage', percentage: 100 } as const;
      const made = await submit(parseCreateCoupon({ terms: { name: 'Massage', value } }), main);
      assert(made.change.kind === 'coupon_created', 'the event made a coupon');
      const couponId = made.change.coupon.id;
      const membershipTypeId = `type ${count}`;
      const terms = { couponId, membershipTypeId, frequency: 'month' } as const;
      await submit(parseCreateCreditRule({ terms }), main);
      const customerId = `c${count++}`;
      await submit(parseCreateMembership({ customerId, membershipTypeId }), main);
    },
    stored: () => journal.stored(main),
    changes: (kind: string, book = main) =>
      journal
        .stored(book)
        .events.map(({ event }) => event.change)
        .filter((change) => change.kind === kind),
    sweep: (options: Partial<SweeperOptions> = {}) => {
      const failures: unknown[] = [];
      const watched = countLooks(options.source ?? source);
      const sweeper = startSweeper({
        engine: createEngine({ journal, codec: jsonEventCodec }),
        onFailure: (error) => void failures.push(error),
        pauseMs: 1,
        ...options,
        source: watched.source,
      });
      sweepers.push(sweeper);
      return { ...watched, sweeper, failures };
    },
  };
}

function countLooks(source: DueSource) {
  let looks = 0;
  return {
    source: {
      findDue: (countMax: number) => {
        looks++;
        return source.findDue(countMax);
      },
    },
    count: () => looks,
    /** Resolves after so many more looks have begun. */
    again: async (times: number) => {
      const before = looks;
      await expect.poll(() => looks - before).toBeGreaterThanOrEqual(times);
    },
  };
}
