// What comes before the snapshot of a stream of balances, and what the snapshot knew already.
import {
  assert,
  parseCreateHold,
  parsePostOneSided,
  parseVoidGrant,
  type AccountId,
  type Instant,
} from '@scrip/kernel';
import { createTestBook } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { createBalanceSheet, type BalanceSheet } from './balance-sheet.ts';
import type { FeedEvent } from './feed.ts';

type TestBook = ReturnType<typeof createTestBook>;

it('keeps an early posting though an event without credits comes after it', () => {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '100' });
  const view = viewOf(book, id);
  book.post('debit', id, '30');
  const effectiveAt = (book.state.instant + 1_000_000) as Instant;
  const named = { reference: 'later', idempotencyKey: 'later' };
  const terms = { category: 'paid', effectiveAt } as const;
  const account = { kind: 'id', id } as const;
  book.submit(parsePostOneSided('credit', { account, amount: '5', ...named, terms }));
  const sheet = createBalanceSheet();
  takeAll(sheet, feedEventsOf(book, 1));
  sheet.begin([view]);
  expect(sheet.next()).toMatchObject({ accountId: id, balance: 70n });
});

it.each(['early', 'late'])('tells nothing of %s moves that its balances counted', (when) => {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c' });
  const account = { kind: 'id', id } as const;
  const terms = { category: 'promotional', priority: 0 } as const;
  const named = { reference: 'gift', idempotencyKey: 'gift' };
  book.submit(parsePostOneSided('credit', { account, amount: '10', ...named, terms }));
  hold(book, id, '10');
  const [grantId = ''] = book.state.grants.keys();
  // What the hold gives back is voided at once.
  book.submit(parseVoidGrant({ grantId }));
  const view = { ...viewOf(book, id), balance: 0n, held: 0n };
  const bookedCount = book.events.length;
  const settledTo = waitForHolds(book);
  bookDueMoves(book, id);
  const moves = feedEventsOf(book, bookedCount);
  expect(moves.map(({ event }) => event.change.kind)).toEqual(['hold_expired', 'grant_voided']);
  const sheet = createBalanceSheet();
  if (when === 'early') takeAll(sheet, moves);
  sheet.begin([view], settledTo);
  for (const move of when === 'early' ? [] : moves) {
    sheet.take(move);
    expect(sheet.next()).toBeUndefined();
  }
  book.post('credit', id, '1');
  takeAll(sheet, feedEventsOf(book, bookedCount + moves.length));
  expect(sheet.next()).toMatchObject({ balance: 1n, held: 0n });
});

it.each(['early', 'late'])('tells of a call under way when its balances were read, %s', (when) => {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '100' });
  hold(book, id, '10');
  const view = { ...viewOf(book, id), held: 0n };
  const settledTo = (book.state.instant + 10_000) as Instant;
  hold(book, id, '20');
  waitForHolds(book, 998);
  bookDueMoves(book, id);
  const sheet = createBalanceSheet();
  const events = feedEventsOf(book, 2);
  expect(events.map(({ event }) => event.change.kind)).toEqual(['hold_created', 'hold_expired']);
  if (when === 'early') takeAll(sheet, events);
  sheet.begin([view], settledTo);
  if (when === 'late') takeAll(sheet, events);
  expect(sheet.next()).toMatchObject({ held: 20n });
});

function viewOf(book: TestBook, id: AccountId) {
  const account = book.state.accounts.get(id);
  assert(account !== undefined, 'the account of the test exists');
  const { unit, balance, held, balanceUpdatedAt: updatedAt } = account;
  return { accountId: id, unit, balance, held, updatedAt, sequence: book.state.sequence };
}

/** A hold for a second. */
function hold(book: TestBook, id: AccountId, amount: string): void {
  const account = { kind: 'id', id } as const;
  const idempotencyKey = `hold ${amount}`;
  book.submit(parseCreateHold({ account, amount, ttlMs: 1_000, reference: 'r', idempotencyKey }));
}

function waitForHolds({ state }: TestBook, ms = 5_000): Instant {
  state.instant = (state.instant + ms) as Instant;
  return state.instant;
}

function bookDueMoves(book: TestBook, id: AccountId): void {
  book.submit({ kind: 'parsed', value: { kind: 'book_due_moves', account: { kind: 'id', id } } });
}

function feedEventsOf({ events }: TestBook, from: number): readonly FeedEvent[] {
  return events.slice(from).map((event) => {
    return { event, sequence: event.sequence, bytes: new Uint8Array() };
  });
}

function takeAll(sheet: BalanceSheet, events: readonly FeedEvent[]): void {
  for (const event of events) sheet.take(event);
}
