// Settling accounts on which very much is due, or much else is.
import { createTestBook } from '@scrip/testkit';
import { expect, it } from 'vitest';
import type { Account } from '../account/account.ts';
import { grantsOf } from '../book/event.ts';
import type { BookState } from '../book/book-state.ts';
import type { Hold } from '../hold/hold.ts';
import { parseCreateSchedule } from '../schedule/commands.ts';
import { parsePostOneSided } from '../transaction/commands.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, Sequence } from '../value/id.ts';
import { settleAccounts } from './book-due-moves.ts';
import { countDueMoves, nextDueAt } from './due-moves.ts';

/** A book with one account, on which so many holds of 1 ended one after another. */
function createOverdue(holdCount: number) {
  const { state, ...book } = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: String(holdCount) });
  const account = state.accounts.get(id) as Account;
  const holds = Array.from({ length: holdCount }, (_, index) => {
    const number = (index * 7_919) % holdCount;
    return holdOf(state, account, { sequence: 10 + index, expiresAt: state.instant - number });
  });
  state.accounts.set(id, { ...account, holds, held: BigInt(holdCount) });
  state.sequence = (10 + holdCount) as Sequence;
  return { state, id, holds };
}

function holdOf(
  { ids }: BookState,
  { id, unit, createdAt }: Account,
  { sequence, expiresAt }: { readonly sequence: number; readonly expiresAt: number },
): Hold {
  return {
    id: ids.holdId(sequence as Sequence, createdAt),
    accountId: id,
    unit,
    sequence: sequence as Sequence,
    createdAt,
    status: 'pending',
    reference: 'r',
    amount: 1n,
    remaining: 1n,
    captured: 0n,
    expiresAt: expiresAt as Instant,
    allocations: [{ amount: 1n }],
  };
}

function accountOf(state: BookState, id: AccountId): Account {
  return state.accounts.get(id) as Account;
}

it('takes a time that grows with what is due, not with its square', () => {
  const { state, id } = createOverdue(30_000);
  const startedAt = performance.now();
  const settled = settleAccounts(state, [id]);
  // A quarter of a second on an idle machine. With lists that are copied it was half a minute.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(accountOf(settled.state, id)).toMatchObject({ held: 0n, holds: [] });
});

it('moves by instant, and leaves the state below as it was', () => {
  const { state, id, holds } = createOverdue(50);
  const { events } = settleAccounts(state, [id]);
  const dueAt = events.map(({ change }) => ('dueAt' in change ? (change.dueAt ?? 0) : 0));
  expect(dueAt).toEqual(dueAt.toSorted((a, b) => a - b));
  expect(accountOf(state, id).holds).toBe(holds);
});

it('issues for several accounts by the age of schedules, however the accounts are named', () => {
  const book = createTestBook();
  const anchor = book.state.instant;
  const schedule = (customerId: string): AccountId => {
    const id = book.createId({ customerId });
    book.submit(
      parseCreateSchedule({
        account: { kind: 'id', id },
        amount: '5',
        category: 'paid',
        anchor,
        period: { unit: 'day', count: 1 },
        startsNextPeriod: true,
        leftover: 'roll_over',
        reference: 'r',
        idempotencyKey: customerId,
      }),
    );
    return id;
  };
  const [older, younger] = [schedule('a'), schedule('b')];
  book.state.instant = (anchor + 3 * 86_400_000) as Instant;
  const { events } = settleAccounts(book.state, [younger, older]);
  const accountIds = events.flatMap((event) => grantsOf(event).map(({ accountId }) => accountId));
  expect(accountIds).toEqual([older, younger, older, younger, older, younger]);
});

it('books the first moves alone where a count is given, and the others are still due', () => {
  const { state, id } = createOverdue(50);
  const { state: settled, events } = settleAccounts(state, [id], 20);
  expect(events).toHaveLength(20);
  const account = accountOf(settled, id);
  expect(account.holds).toHaveLength(30);
  expect(account.held).toBe(30n);
  const sequences = account.holds.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  expect(nextDueAt(account)).toBe(state.instant - 29);
});

it('is counted without being done, up to a maximum', () => {
  const { state, id } = createOverdue(50);
  const account = accountOf(state, id);
  expect(countDueMoves(account, state.instant, 1_000)).toBe(50);
  expect(countDueMoves(account, (state.instant - 40) as Instant, 1_000)).toBe(10);
  expect(countDueMoves(account, state.instant, 7)).toBe(7);
  expect(countDueMoves({ ...account, holds: [] }, state.instant, 7)).toBe(0);
});

it('counts a grant that expires once', () => {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c' });
  const expiresAt = (book.state.instant + 60_000) as Instant;
  const account = { kind: 'id', id } as const;
  const named = { reference: 'r', idempotencyKey: 'grant' };
  const terms = { category: 'paid', expiresAt } as const;
  book.submit(parsePostOneSided('credit', { account, amount: '5', ...named, terms }));
  expect(countDueMoves(accountOf(book.state, id), expiresAt, 10)).toBe(1);
  expect(countDueMoves(accountOf(book.state, id), (expiresAt - 1) as Instant, 10)).toBe(0);
});
