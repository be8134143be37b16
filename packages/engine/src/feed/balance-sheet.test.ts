// What comes before the snapshot of a stream of balances.
import { assert, parsePostOneSided, type AccountId, type Instant } from '@scrip/kernel';
import { createTestBook } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { createBalanceSheet } from './balance-sheet.ts';
import type { FeedEvent } from './feed.ts';

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
  for (const event of book.events.slice(1)) {
    sheet.take({ event, sequence: event.sequence, bytes: new Uint8Array() } satisfies FeedEvent);
  }
  sheet.begin([view]);
  expect(sheet.next()).toMatchObject({ accountId: id, balance: 70n });
});

function viewOf(book: ReturnType<typeof createTestBook>, id: AccountId) {
  const account = book.state.accounts.get(id);
  assert(account !== undefined, 'the account of the test exists');
  const { unit, balance, held, balanceUpdatedAt: updatedAt } = account;
  return { accountId: id, unit, balance, held, updatedAt, sequence: book.state.sequence };
}
