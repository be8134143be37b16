// An account at an instant: as booked, and with all that was due on it up to then.
import type { Book } from '@scrip/engine';
import {
  createBookState,
  postingOf,
  settleAccounts,
  type Account,
  type BookEvent,
  type BookState,
  type Instant,
  type Sequence,
} from '@scrip/kernel';

/** An account, and the state that holds it and those of its terms that moved. */
export interface SettledAccount {
  readonly account: Account;
  readonly state: BookState;
}

/**
 * Settles an account that has its live terms. It keeps the sequence of its last event in the book;
 * its balance is as old as the last move that changed it.
 */
export function settleAccount(
  book: Book,
  booked: Account,
  at: { readonly sequence: Sequence; readonly instant: Instant },
): SettledAccount {
  const state = createBookState(book, at);
  state.accounts.set(booked.id, booked);
  const { label } = booked.unit;
  // What its system accounts have is of no account to a single one.
  state.units.set(label, { ...booked.unit, issued: 0n, spent: 0n, expired: 0n });
  const settled = settleAccounts(state, [booked.id]);
  const account = settled.state.accounts.get(booked.id) ?? booked;
  return {
    state: settled.state,
    account: {
      ...account,
      sequence: booked.sequence,
      balanceUpdatedAt: lastPostingAt(settled.events) ?? booked.balanceUpdatedAt,
    },
  };
}

/** When the last move that changed the balance was due: what follows from one is due with it. */
function lastPostingAt(events: readonly BookEvent[]): Instant | undefined {
  let dueAt: Instant | undefined;
  let last: Instant | undefined;
  for (const event of events) {
    if ('dueAt' in event.change) dueAt = event.change.dueAt;
    if (postingOf(event) !== undefined) last = dueAt;
  }
  return last;
}
