// The laws of coupons, credits and memberships, on random programs with a clock that moves.
import {
  couponPrograms,
  lawsSeed,
  recordsOf,
  runCouponProgram,
  type CouponStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  createBookState,
  creditStatus,
  decide,
  instantFromMs,
  settleMembership,
  wrapCouponState,
  type CouponState,
  type CustomerCredit,
  type MembershipId,
} from './index.ts';

const programs = couponPrograms(40);

const seed = lawsSeed();

function forAll(check: (program: readonly CouponStep[]) => void, numRuns = 200): void {
  fc.assert(fc.property(programs, check), { seed, numRuns });
}

describe(`the laws of coupons, SCRIP_LAWS_SEED=${seed}`, () => {
  it('fold: the events alone make the same coupons, credits, memberships and rules', () => {
    forAll((program) => {
      const { book } = runCouponProgram(program, true);
      const replayed = createBookState(book.state, {
        sequence: 0 as never,
        instant: book.state.instant,
      });
      for (const event of book.events) applyEvent(replayed, event);
      expect(replayed.coupons).toEqual(book.state.coupons);
    });
  });

  it('once: a rule issues once for a period of a membership, and a code is one credit’s', () => {
    forAll((program) => {
      const { book } = runCouponProgram(program, false);
      const { credits, codes } = book.state.coupons;
      const keys = [...credits.values()].flatMap(({ membershipId, ruleIssue }) =>
        ruleIssue === undefined ? [] : [JSON.stringify([membershipId, ruleIssue])],
      );
      expect(new Set(keys).size).toBe(keys.length);
      const texts = [...codes.values()].map(({ couponId, code }) => `${couponId} ${code}`);
      expect(new Set(texts).size).toBe(texts.length);
    });
  });

  it('time: it does not matter when the periods of memberships are booked', () => {
    forAll((program) => {
      // What a deleted coupon does not issue depends on when that is; the rest does not.
      const kept = program.filter(({ kind }) => !dependsOnBooking.has(kind));
      expect(settledCredits(runCouponProgram(kept, true))).toEqual(
        settledCredits(runCouponProgram(kept, false)),
      );
    });
  });

  it('uses: a credit counts the uses that stand, and a single-use one has one at most', () => {
    forAll((program) => {
      const { coupons } = runCouponProgram(program, true).book.state;
      for (const credit of coupons.credits.values()) {
        const standing = [...coupons.redemptions.values()].filter(
          (use) => use.customerCreditId === credit.id && use.reversedAt === undefined,
        );
        expect(credit.useCount).toBe(standing.length);
        // Of a single-use credit the one use that stands; of others none.
        const [only] = credit.multiUse ? [] : standing;
        expect(credit.redeemedAt).toBe(only?.redeemedAt);
        expect(credit.multiUse || standing.length <= 1).toBe(true);
      }
      expect(usesByCoupon(coupons)).toEqual(
        new Map([...coupons.uses].map(([id, uses]) => [id, uses.all])),
      );
    });
  });

  it('end: what is not active is never used', () => {
    forAll((program) => {
      const { book } = runCouponProgram(program, true);
      const credits = new Map<string, CustomerCredit>();
      const statuses = book.events.flatMap((event) => {
        const { kind } = event.change;
        const [credit] = recordsOf([event], 'customer_credit');
        const before = credits.get(credit?.id ?? '');
        for (const each of recordsOf([event], 'customer_credit')) credits.set(each.id, each);
        const isUse = kind === 'customer_credit_redeemed' && before !== undefined;
        return isUse ? [creditStatus(before, event.createdAt)] : [];
      });
      expect(statuses.filter((status) => status !== 'active')).toEqual([]);
    });
  });

  it('replay: what was accepted under a key is so for ever, and done once', () => {
    forAll((program) => {
      const { book, submit, decided } = runCouponProgram(program, true);
      const count = book.events.length;
      const accepted = decided.flatMap(({ command, decision }) =>
        decision.kind === 'accepted' ? [{ command, event: decision.event }] : [],
      );
      for (const { command, event } of accepted) {
        expect(submit(command)).toEqual({ kind: 'replayed', event });
      }
      expect(book.events.length).toBe(count);
    }, 100);
  });

  it('refusal: what is refused changes nothing', () => {
    forAll((program) => {
      const { book, decided } = runCouponProgram(program, true);
      const refused = decided.filter(({ decision }) => decision.kind === 'refused');
      const before = copyOf(book.state.coupons);
      const { sequence } = book.state;
      for (const { command } of refused) decide(book.state, command);
      expect(copyOf(book.state.coupons)).toEqual(before);
      expect(book.state.sequence).toBe(sequence);
    }, 100);
  });
});

function copyOf(coupons: CouponState): CouponState {
  return wrapCouponState(coupons, (map) => new Map(map));
}

/** Steps that judge a period as of when it is booked. */
const dependsOnBooking = new Set<CouponStep['kind']>([
  'delete_coupon',
  'restore_coupon',
  'update_coupon',
  'update_rule',
]);

function usesByCoupon({ redemptions }: CouponState): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { couponId, reversedAt } of redemptions.values()) {
    counts.set(couponId, (counts.get(couponId) ?? 0) + (reversedAt === undefined ? 1 : 0));
  }
  return counts;
}

/** What memberships have issued as of the end, without what depends on sequences. */
function settledCredits({ book, seen, now }: ReturnType<typeof runCouponProgram>) {
  book.state.instant = instantFromMs(now + 1);
  const memberships = seen.membership.toReversed();
  return memberships.map((id) => {
    const { state } = settleMembership(book.state, id);
    const events = [...book.events, ...settleMembership(book.state, id).events];
    const credits = recordsOf(events, 'customer_credit').filter(
      (credit, index, all) =>
        credit.membershipId === id && all.findIndex((each) => each.id === credit.id) === index,
    );
    const membership = state.coupons.memberships.get(id as MembershipId);
    return {
      nextPeriod: membership?.nextPeriod,
      issued: credits
        .map(({ ruleIssue, issuedAt, expiresAt }) =>
          JSON.stringify([ruleIssue?.frequency, ruleIssue?.period, issuedAt, expiresAt]),
        )
        .toSorted(),
    };
  });
}
