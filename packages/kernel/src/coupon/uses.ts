// How often a coupon was used: counts by the calendar of UTC, which a use that is undone leaves.
import type { Instant } from '../value/instant.ts';
import type { CouponId, CouponUses, UsesPeriod } from './coupon.ts';

/** The counts after one more use. */
export function countUse(
  uses: CouponUses | undefined,
  couponId: CouponId,
  at: Instant,
): CouponUses {
  return addUses(usesAt(uses, couponId, at), { usedAt: at, by: 1 });
}

/** The counts after a use is undone: of the periods that are over it was counted and stays so. */
export function uncountUse(
  uses: CouponUses | undefined,
  { couponId, usedAt }: { readonly couponId: CouponId; readonly usedAt: Instant },
  at: Instant,
): CouponUses {
  return addUses(usesAt(uses, couponId, at), { usedAt, by: -1 });
}

/** The uses that count towards a limit at an instant; of all time where no period is given. */
export function usesWithin(
  uses: CouponUses | undefined,
  period: UsesPeriod | undefined,
  at: Instant,
): number {
  if (uses === undefined) return 0;
  return usesAt(uses, uses.couponId, at)[period ?? 'all'];
}

/** The counts as of an instant: those of a period that is over are none. */
function usesAt(uses: CouponUses | undefined, couponId: CouponId, at: Instant): CouponUses {
  const count = (period: UsesPeriod): number =>
    uses !== undefined && isSamePeriod(period, uses.countedAt, at) ? uses[period] : 0;
  return {
    couponId,
    countedAt: at,
    day: count('day'),
    week: count('week'),
    month: count('month'),
    year: count('year'),
    all: uses?.all ?? 0,
  };
}

function addUses(
  uses: CouponUses,
  { usedAt, by }: { readonly usedAt: Instant; readonly by: number },
): CouponUses {
  const add = (period: UsesPeriod): number =>
    uses[period] + (isSamePeriod(period, usedAt, uses.countedAt) ? by : 0);
  return {
    ...uses,
    day: add('day'),
    week: add('week'),
    month: add('month'),
    year: add('year'),
    all: uses.all + by,
  };
}

function isSamePeriod(period: UsesPeriod, a: Instant, b: Instant): boolean {
  return startOf(period, a) === startOf(period, b);
}

const dayMs = 86_400_000;

function startOf(period: UsesPeriod, at: Instant): number {
  const date = new Date(at);
  switch (period) {
    case 'day':
      return Math.floor(at / dayMs);
    case 'week':
      // 1 January 1970 was a Thursday.
      return Math.floor((Math.floor(at / dayMs) + 3) / 7);
    case 'month':
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case 'year':
      return date.getUTCFullYear();
  }
}
