// Recurring grants: when periods begin, and what becomes of their credits.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../value/instant.ts';
import { addPeriods, type Period } from './calendar.ts';
import { parseCreateSchedule, type UncheckedCreateSchedule } from './commands.ts';

const at = (text: string): Instant => Date.parse(text) as Instant;
const textOf = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

describe('a period', () => {
  it.each<[string, Period, readonly string[]]>([
    [
      '2026-01-31T10:30Z',
      { unit: 'month', count: 1 },
      ['2026-02-28T10:30', '2026-03-31T10:30', '2026-04-30T10:30'],
    ],
    ['2028-01-30T00:00Z', { unit: 'month', count: 1 }, ['2028-02-29T00:00', '2028-03-30T00:00']],
    ['2028-02-29T00:00Z', { unit: 'year', count: 1 }, ['2029-02-28T00:00', '2030-02-28T00:00']],
    ['2026-08-31T00:00Z', { unit: 'quarter', count: 1 }, ['2026-11-30T00:00', '2027-02-28T00:00']],
    ['2026-12-31T23:59Z', { unit: 'week', count: 2 }, ['2027-01-14T23:59', '2027-01-28T23:59']],
    ['2026-02-28T00:00Z', { unit: 'day', count: 1 }, ['2026-03-01T00:00', '2026-03-02T00:00']],
    ['2026-11-30T00:00Z', { unit: 'month', count: 3 }, ['2027-02-28T00:00', '2027-05-30T00:00']],
  ])('after %s, of %j, begins at %j', (anchor, period, expected) => {
    const begun = expected.map((_, i) => textOf(addPeriods(at(anchor), period, i + 1)));
    expect(begun).toEqual(expected);
  });

  it('is the last of four years that has a 29 February again', () => {
    expect(textOf(addPeriods(at('2028-02-29T00:00Z'), { unit: 'year', count: 1 }, 4))).toBe(
      '2032-02-29T00:00',
    );
  });
});

function createBook(schedule: Partial<UncheckedCreateSchedule>) {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c' });
  const start = at('2026-01-31T00:00Z');
  book.state.instant = (start - 1) as Instant;
  book.submit(
    parseCreateSchedule({
      account: { kind: 'id', id },
      amount: '100',
      category: 'paid',
      period: { unit: 'month', count: 1 },
      leftover: 'lapse',
      reference: 'plan',
      idempotencyKey: 'plan',
      ...schedule,
    }),
  );
  return {
    book,
    id,
    /** Lets the sweeper look at an instant. */
    sweep: (when: string) => {
      book.state.instant = (at(when) - 1) as Instant;
      const account = { kind: 'id', id } as const;
      book.submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } });
    },
    account: () => book.state.accounts.get(id),
    issuedCount: () => book.events.filter((e) => e.change.kind === 'grant_issued').length,
  };
}

describe('a schedule', () => {
  it('makes its first grant at once, and twelve in a year', () => {
    const { sweep, issuedCount } = createBook({});
    expect(issuedCount()).toBe(1);
    sweep('2027-01-30T23:59Z');
    expect(issuedCount()).toBe(12);
    sweep('2027-01-31T00:00Z');
    expect(issuedCount()).toBe(13);
  });

  it('tells when each period began, however late it is booked', () => {
    const { book, sweep } = createBook({ occurrenceCount: 3 });
    sweep('2028-01-01T00:00Z');
    const dueAt = book.events.flatMap(({ change }) =>
      change.kind === 'grant_issued' ? [textOf(change.dueAt)] : [],
    );
    expect(dueAt).toEqual(['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']);
  });

  it('lets what is left lapse when the next period begins', () => {
    const { book, id, sweep, account } = createBook({});
    book.post('debit', id, '30');
    expect(account()?.balance).toBe(70n);
    sweep('2026-02-28T00:00Z');
    expect(account()?.balance).toBe(100n);
    expect(book.state.units.get('credits')).toMatchObject({ expired: 70n });
  });

  it('keeps what is left when it rolls over, up to its cap', () => {
    const { book, id, sweep, account } = createBook({ leftover: 'roll_over', cap: '250' });
    book.post('debit', id, '20');
    sweep('2026-03-31T00:00Z');
    expect(account()?.balance).toBe(250n);
    book.post('debit', id, '10');
    sweep('2026-04-30T00:00Z');
    expect(account()?.balance).toBe(250n);
  });

  it('ends after its occurrences, and makes nothing more', () => {
    const { sweep, account, issuedCount } = createBook({ occurrenceCount: 2 });
    sweep('2026-02-28T00:00Z');
    expect(account()?.schedules).toEqual([]);
    sweep('2029-02-28T00:00Z');
    expect(issuedCount()).toBe(2);
    expect(account()?.balance).toBe(0n);
  });

  it('that starts with the next period makes nothing before', () => {
    const { book, sweep, issuedCount } = createBook({ startsNextPeriod: true, occurrenceCount: 2 });
    expect(issuedCount()).toBe(0);
    sweep('2026-02-27T23:59Z');
    expect(issuedCount()).toBe(0);
    sweep('2026-02-28T00:00Z');
    expect(issuedCount()).toBe(1);
    const [change] = book.events.flatMap(({ change: each }) =>
      each.kind === 'schedule_created' ? [each] : [],
    );
    expect(change?.schedule.anchor).toBe(at('2026-02-28T00:00Z'));
  });

  it('refuses an anchor in the past', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const past = parseCreateSchedule({
      account: { kind: 'id', id },
      amount: '1',
      category: 'paid',
      anchor: 1 as Instant,
      period: { unit: 'day', count: 1 },
      leftover: 'lapse',
      reference: 'plan',
      idempotencyKey: 'plan',
    });
    expect(book.submit(past)).toMatchObject({ metadata: { field: 'anchor' } });
  });

  it.each<[Period['unit'], number]>([
    ['year', 100_000],
    ['quarter', 100_000],
    ['month', 40_000],
    ['week', 100_000],
    ['year', 80],
  ])('refuses periods of 100 %ss that lead beyond the calendar, %d of them', (unit, count) => {
    const book = createTestBook();
    const far = parseCreateSchedule({
      account: { kind: 'id', id: book.createId({ customerId: 'c' }) },
      amount: '1',
      category: 'paid',
      period: { unit, count: 100 },
      leftover: 'lapse',
      occurrenceCount: count,
      reference: 'plan',
      idempotencyKey: 'plan',
    });
    expect(book.submit(far)).toMatchObject({ metadata: { field: 'anchor' } });
  });
});
