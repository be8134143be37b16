// The laws of a book, on random programs: what holds at every sequence, whatever is asked.
import { commandOf, createTestBook, programs } from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  availableBalance,
  createBookState,
  decide,
  postingOf,
  signedAmount,
  type BookState,
} from './index.ts';

const runs = { numRuns: 300 };

describe('the laws of a book', () => {
  it('conservation: per unit, customers and system accounts add up to zero', () => {
    everySequence((state) => {
      const customers = [...state.accounts.values()].reduce((sum, a) => sum + a.balance, 0n);
      const system = [...state.units.values()].reduce(
        (sum, unit) => sum + unit.issued + unit.spent + unit.expired,
        0n,
      );
      expect(customers + system).toBe(0n);
    });
  });

  it('floor: no available balance is below zero at any sequence', () => {
    everySequence((state) => {
      for (const account of state.accounts.values()) {
        expect(availableBalance(account)).toBeGreaterThanOrEqual(0n);
      }
    });
  });

  it('density: events are 1, 2, 3 and so on, and their instants never go back', () => {
    everyProgram(({ events }) => {
      expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
      const instants = events.map((event) => event.createdAt);
      expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    });
  });

  it('chain: the balances after form an unbroken chain on every account', () => {
    everyProgram(({ events }) => {
      const balances = new Map<string, bigint>();
      for (const entry of events.flatMap((e) => postingOf(e)?.transaction.entries ?? [])) {
        const before = balances.get(entry.accountId) ?? 0n;
        expect(entry.balanceAfter).toBe(before + signedAmount(entry));
        balances.set(entry.accountId, entry.balanceAfter);
      }
    });
  });

  it('fold: the events alone make the same balances, statuses and system accounts', () => {
    everyProgram(({ state, events }) => {
      const replayed = createBookState(state, { sequence: 0 as never, instant: state.instant });
      for (const event of events) applyEvent(replayed, event);
      expect(replayed.accounts).toEqual(state.accounts);
      expect(replayed.units).toEqual(state.units);
    });
  });

  it('replay: every command that was accepted under a key answers its first event', () => {
    fc.assert(
      fc.property(programs(40), (steps) => {
        const book = createTestBook();
        for (const step of steps) {
          const command = commandOf(step, transactionIdsOf(book));
          const decision = book.submit({ kind: 'parsed', value: command });
          if (decision.kind !== 'accepted' || command.idempotencyKey === undefined) continue;
          expect(decide(book.state, command)).toEqual({ kind: 'replayed', event: decision.event });
        }
      }),
      runs,
    );
  });

  it('reversal: undoing a transaction at once restores every balance', () => {
    fc.assert(
      fc.property(programs(40), (steps) => {
        const book = createTestBook();
        for (const step of steps) {
          const before = balancesOf(book.state);
          const command = commandOf(step, transactionIdsOf(book));
          const decision = book.submit({ kind: 'parsed', value: command });
          if (decision.kind !== 'accepted') continue;
          const { change } = decision.event;
          if (change.kind !== 'transaction_posted') continue;
          const { transaction } = change.posting;
          if (transaction.kind === 'reversal') continue;
          expect(book.reverse(transaction.id)).toMatchObject({ kind: 'accepted' });
          expect(balancesOf(book.state)).toEqual(before);
        }
      }),
      runs,
    );
  });

  it('refusal: what is refused changes nothing', () => {
    fc.assert(
      fc.property(programs(40), (steps) => {
        const book = createTestBook();
        for (const step of steps) {
          const before = [new Map(book.state.accounts), new Map(book.state.units)];
          const command = commandOf(step, transactionIdsOf(book));
          if (book.submit({ kind: 'parsed', value: command }).kind === 'accepted') continue;
          expect([book.state.accounts, book.state.units]).toEqual(before);
        }
      }),
      runs,
    );
  });
});

type TestBook = ReturnType<typeof createTestBook>;

function everySequence(holds: (state: BookState) => void): void {
  fc.assert(
    fc.property(programs(60), (steps) => {
      const book = createTestBook();
      for (const step of steps) {
        book.submit({ kind: 'parsed', value: commandOf(step, transactionIdsOf(book)) });
        holds(book.state);
      }
    }),
    runs,
  );
}

function everyProgram(holds: (book: TestBook) => void): void {
  fc.assert(
    fc.property(programs(60), (steps) => {
      const book = createTestBook();
      for (const step of steps) {
        book.submit({ kind: 'parsed', value: commandOf(step, transactionIdsOf(book)) });
      }
      holds(book);
    }),
    runs,
  );
}

function transactionIdsOf(book: TestBook): readonly string[] {
  return [...book.state.eventsByTransactionId.keys()];
}

function balancesOf(state: BookState) {
  return new Map([...state.accounts].map(([id, account]) => [id, account.balance]));
}
