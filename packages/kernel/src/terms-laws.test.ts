// The laws of grants and holds, on random programs with a clock that moves by itself.
import { createTestBook } from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  createBookState,
  freePool,
  grantsOf,
  instantFromMs,
  isLive,
  parseCaptureHold,
  parseCreateHold,
  parseCreateSchedule,
  parseEndSchedule,
  parseExtendHold,
  parsePostOneSided,
  parseReleaseHold,
  parseVoidGrant,
  postingOf,
  settleAccounts,
  type Account,
  type AccountId,
  type BookEvent,
  type Grant,
} from './index.ts';

const second = 1_000;
const day = 86_400_000;

type Step = {
  readonly kind:
    | 'credit'
    | 'grant'
    | 'debit'
    | 'transfer'
    | 'hold'
    | 'capture'
    | 'extend'
    | 'release'
    | 'void'
    | 'schedule'
    | 'end_schedule'
    | 'reverse'
    | 'freeze'
    | 'unfreeze'
    | 'wait';
  readonly account: number;
  readonly other: number;
  readonly amount: number;
  readonly back: number;
  readonly priority: number;
  readonly promotional: boolean;
  readonly later: number;
  readonly life: number;
  readonly flag: boolean;
};

const weights = {
  credit: 3,
  grant: 8,
  debit: 7,
  transfer: 2,
  hold: 7,
  capture: 7,
  extend: 1,
  release: 3,
  void: 2,
  schedule: 1,
  end_schedule: 1,
  reverse: 5,
  freeze: 1,
  unfreeze: 2,
  wait: 8,
} as const;

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      ...Object.entries(weights).map(([kind, weight]) => ({
        weight,
        arbitrary: fc.constant(kind as Step['kind']),
      })),
    ),
    account: fc.nat({ max: 2 }),
    other: fc.nat({ max: 2 }),
    amount: fc.integer({ min: 1, max: 15 }),
    back: fc.nat({ max: 6 }),
    priority: fc.constantFrom(10, 50, 50, 90),
    promotional: fc.boolean(),
    later: fc.constantFrom(0, 0, 0, 3, 7),
    life: fc.constantFrom(0, 2, 5, 9, 20),
    flag: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
);

/** Runs a program; `sweep` books what is due after every step. */
function run(program: readonly Step[], sweep: boolean) {
  const book = createTestBook();
  const ids = [0, 1, 2].map((n) => book.createId({ customerId: `c${n}`, initialBalance: '10' }));
  const seen = {
    grants: [] as string[],
    holds: [] as string[],
    schedules: [] as string[],
    transactions: [] as string[],
  };
  let nowMs = book.state.instant;
  for (const [index, step] of program.entries()) {
    // The clock of the test book moves with every command; here it is the program's alone.
    nowMs = instantFromMs(nowMs + 10);
    if (step.kind === 'wait') {
      const unit = step.flag && step.promotional ? day / 4 : second;
      nowMs = instantFromMs(nowMs + step.life * unit);
    }
    const at = <T>(act: () => T): T => {
      book.state.instant = instantFromMs(nowMs - 1);
      return act();
    };
    const before = book.events.length;
    at(() => act(book, { step, index, ids, nowMs, seen }));
    if (sweep) {
      for (const id of ids) {
        const account = { kind: 'id', id } as const;
        at(() => book.submit({ kind: 'parsed', value: { kind: 'book_due_moves', account } }));
      }
    }
    for (const event of book.events.slice(before)) note(event, seen);
  }
  return { book, ids, nowMs };
}

type Seen = {
  readonly grants: string[];
  readonly holds: string[];
  readonly transactions: string[];
};

function note(event: BookEvent, seen: Seen): void {
  const { change } = event;
  // Grants of schedules are booked at other moments with and without a sweep.
  for (const grant of grantsOf(event).filter((each) => each.scheduleId === undefined)) {
    if (!seen.grants.includes(grant.id)) seen.grants.push(grant.id);
  }
  if (change.kind === 'hold_created') seen.holds.push(change.hold.id);
  if (change.kind === 'schedule_created') seen.schedules.push(change.schedule.id);
  const transaction = postingOf(event)?.transaction;
  // What time does is booked at other moments with and without a sweep.
  const isOfTime = ['expiry', 'activation', 'void'].includes(transaction?.kind ?? 'void');
  if (transaction !== undefined && !isOfTime) seen.transactions.push(transaction.id);
}

interface Acting {
  readonly step: Step;
  readonly index: number;
  readonly ids: readonly AccountId[];
  readonly nowMs: number;
  readonly seen: Seen;
}

function act(book: ReturnType<typeof createTestBook>, acting: Acting): void {
  const { step, index, ids, nowMs, seen } = acting;
  const id = ids[step.account] as AccountId;
  const account = { kind: 'id', id } as const;
  const amount = String(step.amount);
  const named = { reference: `step ${index}`, idempotencyKey: `step ${index}` };
  const pick = (list: readonly string[]): string => list.at(-1 - step.back) ?? 'none';
  switch (step.kind) {
    case 'credit':
    case 'debit':
      book.submit(parsePostOneSided(step.kind, { account, amount, ...named }));
      return;
    case 'grant': {
      const effectiveAt = step.later === 0 ? undefined : instantFromMs(nowMs + step.later * second);
      const end = nowMs + (step.later + step.life) * second;
      const terms = {
        priority: step.priority,
        category: step.promotional ? 'promotional' : 'paid',
        effectiveAt,
        expiresAt: step.life === 0 ? undefined : instantFromMs(end),
        source: `step ${index}`,
      } as const;
      book.submit(parsePostOneSided('credit', { account, amount, ...named, terms }));
      return;
    }
    case 'transfer':
      book.transfer(id, ids[step.other] as AccountId, amount);
      return;
    case 'hold':
      book.submit(parseCreateHold({ account, amount, ...named, ttlMs: (step.life + 1) * second }));
      return;
    case 'capture':
      book.submit(
        parseCaptureHold({
          holdId: pick(seen.holds),
          amount: step.life === 0 ? undefined : amount,
          final: step.flag,
          allowExcess: step.promotional,
          idempotencyKey: named.idempotencyKey,
        }),
      );
      return;
    case 'extend':
      book.submit(parseExtendHold({ holdId: pick(seen.holds), ttlMs: 10 * second }));
      return;
    case 'release':
      book.submit(parseReleaseHold({ holdId: pick(seen.holds) }));
      return;
    case 'void':
      book.submit(parseVoidGrant({ grantId: pick(seen.grants) }));
      return;
    case 'schedule':
      book.submit(
        parseCreateSchedule({
          account,
          amount,
          ...named,
          category: 'paid',
          source: named.reference,
          period: { unit: 'day', count: 1 },
          leftover: step.flag ? 'lapse' : 'roll_over',
          cap: step.promotional ? '20' : undefined,
          occurrenceCount: step.life === 0 ? undefined : step.life,
        }),
      );
      return;
    case 'end_schedule':
      book.submit(parseEndSchedule({ scheduleId: pick(seen.schedules) }));
      return;
    case 'reverse':
      book.reverse(pick(seen.transactions));
      return;
    case 'freeze':
    case 'unfreeze':
      book.status(`${step.kind}_account`, id);
      return;
    case 'wait':
  }
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
    { numRuns: 400 },
  );
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describe('the laws of grants and holds', () => {
  it('parts: what grants have left and the pool make the balance, and no part is below zero', () => {
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
      { numRuns: 400 },
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
      { numRuns: 200 },
    );
  });

  it('time: it does not matter when due moves are booked', () => {
    fc.assert(
      fc.property(steps, (program) => {
        const swept = run(program, true);
        const lazy = run(program, false);
        expect(settled(swept)).toEqual(settled(lazy));
      }),
      { numRuns: 400 },
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
          if (before !== undefined && hold.status === 'pending') {
            const taken = change.kind === 'hold_captured';
            expect(hold.remaining < before).toBe(taken);
          }
          keptById.set(hold.id, hold.remaining);
        }
      }),
      { numRuns: 200 },
    );
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
