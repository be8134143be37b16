// The laws of grants and holds, on random programs with a clock that moves by itself.
import {
  createTestBook,
  lawsSeed,
  noteSeen,
  nothingSeen,
  termsCommandOf,
  termsPrograms,
  waitedMs,
  type TermsStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  createBookState,
  freePool,
  instantFromMs,
  isLive,
  postingOf,
  settleAccounts,
  type Account,
  type BookEvent,
  type Command,
  type Grant,
} from './index.ts';

const steps = termsPrograms(60);

const seed = lawsSeed();

/** Commands that the laws are tried on, all together. */
const commandCountMin = 100_000;
let commandCount = 0;

/** Runs a program; `sweep` books what is due after every step. */
function run(program: readonly TermsStep[], sweep: boolean) {
  const book = createTestBook();
  const ids = [0, 1, 2].map((n) => book.createId({ customerId: `c${n}`, initialBalance: '10' }));
  const seen = nothingSeen();
  let now = book.state.instant;
  for (const [index, step] of program.entries()) {
    // The clock of the test book moves with every command; here it is the program's alone.
    now = instantFromMs(now + 10 + waitedMs(step));
    const submit = (value: Command): void => {
      book.state.instant = instantFromMs(now - 1);
      book.submit({ kind: 'parsed', value });
    };
    const before = book.events.length;
    const command = termsCommandOf(step, { index, ids, now, seen });
    if (command !== undefined) {
      submit(command);
      commandCount += 1;
    }
    for (const id of sweep ? ids : []) {
      submit({ kind: 'book_due_moves', account: { kind: 'id', id } });
    }
    for (const event of book.events.slice(before)) noteSeen(seen, event);
  }
  return { book, ids, nowMs: now };
}

/** The state after every event of a program, beginning with the first. */
function everySequence(check: (state: ReturnType<typeof createBookState>) => void): void {
  fc.assert(
    fc.property(steps, fc.boolean(), (program, sweep) => {
      const { book } = run(program, sweep);
      const state = createBookState(book.state, { sequence: 0 as never, instant: 0 as never });
      for (const event of book.events) {
        applyEvent(state, event);
        check(state);
      }
    }),
    { seed, numRuns: 1_000 },
  );
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describe(`the laws of grants and holds, SCRIP_LAWS_SEED=${seed}`, () => {
  it('parts: what grants have left and the pool make the balance, none of it below zero', () => {
    everySequence((state) => {
      for (const account of state.accounts.values()) {
        // What came back to an ended grant ends with the next event, of the same unit of work.
        if (account.grants.some(isStranded)) continue;
        const inGrants = sum(countedGrants(account).map((grant) => grant.remaining));
        const keptOfPool = account.held - sum(countedGrants(account).map((grant) => grant.held));
        expect(keptOfPool).toBeGreaterThanOrEqual(0n);
        expect(freePool(account)).toBeGreaterThanOrEqual(0n);
        expect(account.balance - inGrants).toBe(freePool(account) + keptOfPool);
      }
    });
  });

  it('held: it is what pending holds keep, of every grant and in all', () => {
    everySequence((state) => {
      for (const account of state.accounts.values()) {
        expect(account.held).toBe(sum(account.holds.map((hold) => hold.remaining)));
        const parts = account.holds.flatMap((hold) => hold.allocations);
        expect(sum(parts.map((part) => part.amount))).toBe(account.held);
        for (const grant of account.grants) {
          const kept = parts.filter((part) => part.grantId === grant.id);
          expect(sum(kept.map((part) => part.amount))).toBe(grant.held);
        }
      }
    });
  });

  it('grants: what is left is what was granted less spent, expired and voided', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (program, sweep) => {
        const { book } = run(program, sweep);
        for (const grant of book.state.grants.values()) {
          const { amount, remaining, expired, voided } = grant;
          expect(remaining).toBe(amount - spentOf(book.events, grant) - expired - voided);
        }
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('fold: the events alone make the same grants, holds and balances', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const { book } = run(program, true);
        const { state } = book;
        const replayed = createBookState(state, { sequence: 0 as never, instant: state.instant });
        for (const event of book.events) applyEvent(replayed, event);
        expect(replayed.accounts).toEqual(state.accounts);
        expect(replayed.grants).toEqual(state.grants);
        expect(replayed.holds).toEqual(state.holds);
        expect(replayed.units).toEqual(state.units);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('time: it does not matter when due moves are booked', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const swept = run(program, true);
        const lazy = run(program, false);
        expect(settled(swept)).toEqual(settled(lazy));
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('promise: no hold keeps less because time passed', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const { book } = run(program, true);
        const keptById = new Map<string, bigint>();
        for (const { change } of book.events) {
          if (!('hold' in change)) continue;
          const { hold } = change;
          const before = keptById.get(hold.id);
          const isKept = hold.status !== 'pending' || hold.remaining === (before ?? hold.remaining);
          expect(isKept || change.kind === 'hold_captured').toBe(true);
          keptById.set(hold.id, hold.remaining);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('are tried on at least 100,000 random commands', () => {
    expect(commandCount).toBeGreaterThanOrEqual(commandCountMin);
  });
});

function countedGrants(account: Account): readonly Grant[] {
  return account.grants.filter((grant) => grant.status !== 'scheduled');
}

function isStranded(grant: Grant): boolean {
  const hasEnded = grant.status === 'expired' || grant.status === 'voided';
  return hasEnded && grant.remaining > grant.held;
}

function spentOf(events: readonly BookEvent[], grant: Grant): bigint {
  const entries = events.flatMap((event) => {
    const transaction = postingOf(event)?.transaction;
    if (transaction === undefined) return [];
    const spends = ['debit', 'capture'].includes(transaction.kind);
    const restores = transaction.kind === 'reversal';
    return transaction.entries
      .filter((entry) => spends || (restores && entry.side === 'credit'))
      .flatMap((entry) =>
        (entry.allocations ?? [])
          .filter((part) => part.grantId === grant.id)
          .map((part) => (entry.side === 'debit' ? part.amount : -part.amount)),
      );
  });
  return sum(entries);
}

/** All accounts as of the end, with what names do not depend on sequences. */
function settled({ book, ids, nowMs }: ReturnType<typeof run>) {
  book.state.instant = instantFromMs(nowMs + 1);
  const { state } = settleAccounts(book.state, ids);
  return ids.map((id) => {
    const account = state.accounts.get(id) as Account;
    return {
      balance: account.balance,
      held: account.held,
      grants: account.grants
        .filter(isLive)
        .map(({ source, period, remaining, held, expired, voided, status }) => {
          return { source, period, remaining, held, expired, voided, status };
        }),
      holds: account.holds.map(({ reference, remaining, captured, status }) => {
        return { reference, remaining, captured, status };
      }),
    };
  });
}
