// The order in which an amount is taken from few grants or many.
import { createTestBook } from '@scrip/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Account } from '../account/account.ts';
import { compareGrants, draw, poolPriority } from './draw.ts';
import type { Grant } from './grant.ts';

const terms = fc.record({
  priority: fc.constantFrom(10, 50, 50, 90),
  category: fc.constantFrom('paid' as const, 'promotional' as const),
  effectiveAt: fc.constantFrom(1, 2),
  expiresAt: fc.option(fc.constantFrom(100, 200), { nil: undefined }),
  remaining: fc.integer({ min: 1, max: 5 }),
  held: fc.nat({ max: 5 }),
  status: fc.constantFrom('active' as const, 'active' as const, 'scheduled' as const),
});

type Drawn = typeof terms extends fc.Arbitrary<infer T> ? T : never;

function accountOf(all: readonly Drawn[], pool: number): Account {
  const { state, createId } = createTestBook();
  const account = state.accounts.get(createId({ customerId: 'c' })) as Account;
  const grants = all.map((each, index): Grant => {
    const { expiresAt, effectiveAt, remaining, held, ...more } = each;
    return {
      ...more,
      id: `grant ${index}` as never,
      accountId: account.id,
      unit: account.unit,
      sequence: (index + 1) as never,
      createdAt: 0 as never,
      effectiveAt: effectiveAt as never,
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt as never }),
      amount: 5n,
      remaining: BigInt(remaining),
      held: BigInt(Math.min(held, remaining)),
      expired: 0n,
      voided: 0n,
    };
  });
  const active = grants.filter(({ status }) => status === 'active');
  const held = active.reduce((sum, grant) => sum + grant.held, 0n);
  const left = active.reduce((sum, grant) => sum + grant.remaining, 0n);
  return { ...account, grants, held, balance: left + BigInt(pool) };
}

/** What is free, in the order of the law, by putting all of it in order. */
function orderOf({ grants, balance, held }: Account) {
  const free = grants
    .filter(({ status }) => status === 'active')
    .map((grant) => ({ grant, amount: grant.remaining - grant.held }))
    .toSorted((a, b) => compareGrants(a.grant, b.grant));
  const inGrants = free.reduce((sum, { amount }) => sum + amount, 0n);
  const isBefore = ({ grant }: { readonly grant: Grant }) => grant.priority <= poolPriority;
  const parts = free.map(({ grant, amount }) => ({ grantId: grant.id, amount }));
  const place = free.filter(isBefore).length;
  parts.splice(place, 0, { grantId: undefined as never, amount: balance - held - inGrants });
  return parts.filter(({ amount }) => amount > 0n);
}

it('takes from grants and the pool in the order of the law, however many there are', () => {
  const programs = fc.tuple(fc.array(terms, { maxLength: 30 }), fc.nat({ max: 9 }), fc.nat());
  fc.assert(
    fc.property(programs, ([all, pool, part]) => {
      const account = accountOf(all, pool);
      const available = account.balance - account.held;
      fc.pre(available > 0n);
      const amount = (BigInt(part) % available) + 1n;
      const drawn = draw(account, amount);
      const whole = orderOf(account);
      expect(drawn.reduce((sum, each) => sum + each.amount, 0n)).toBe(amount);
      const expected = whole.slice(0, drawn.length);
      expect(drawn.map(({ grantId }) => grantId)).toEqual(expected.map(({ grantId }) => grantId));
      expect(drawn.slice(0, -1).map((each) => each.amount)).toEqual(
        expected.slice(0, -1).map((each) => each.amount),
      );
    }),
    { numRuns: 500 },
  );
});
