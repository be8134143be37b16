// Is a coupon good for this use? Offerings, weekdays and limits are those that it has now.
import type { BookState } from '../book/book-state.ts';
import { weekdays, type Coupon, type Weekday } from '../coupon/coupon.ts';
import { usesWithin } from '../coupon/uses.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import { refuse, refuseField, type Refusal } from '../value/refusal.ts';
import type { RedeemCustomerCredit } from './commands.ts';
import type { CustomerCredit, Offering } from './customer-credit.ts';

/** A use that is asked for. */
export interface Use {
  readonly command: RedeemCustomerCredit;
  readonly credit: CustomerCredit;
  readonly coupon: Coupon;
}

/** Why a use of an active credit is not allowed, if it is not. */
export function judgeUse(state: BookState, use: Use): Refusal | undefined {
  return judgeApplicable(state, use) ?? judgeAmount(use) ?? judgeLimit(state, use);
}

/** The weekday on which a use is judged. */
export function weekdayOf({ weekday }: RedeemCustomerCredit, at: Instant): Weekday {
  // Sunday is the first day of the week there.
  return weekday ?? weekdays[(new Date(at).getUTCDay() + 6) % 7] ?? 'sunday';
}

function judgeApplicable(state: BookState, { command, credit, coupon }: Use): Refusal | undefined {
  const { offerings, validWeekdays } = coupon.terms;
  const refuseCause = (cause: string, problem: string): Refusal =>
    refuse('COUPON_NOT_APPLICABLE', `The coupon is not good for ${problem}.`, {
      coupon_id: coupon.id,
      cause,
    });
  if (offerings.length > 0 && !isAmong(offerings, command.offering)) {
    return refuseCause('offering', 'this offering');
  }
  if (validWeekdays.length > 0 && !validWeekdays.includes(weekdayOf(command, state.instant))) {
    return refuseCause('weekday', 'this weekday');
  }
  if (credit.forLeadBookerOnly && command.isGuest === true) {
    return refuseCause('lead_booker', 'anybody but the person who booked');
  }
  return undefined;
}

function isAmong(groups: Coupon['terms']['offerings'], offering: Offering | undefined): boolean {
  const group = groups.find(({ type }) => type === offering?.type);
  if (group === undefined || offering === undefined) return false;
  return group.ids.length === 0 || group.ids.includes(offering.id);
}

function judgeAmount({ command, credit }: Use): Refusal | undefined {
  const { value } = credit;
  const isTooMuch = value.kind === 'fixed_amount' && (command.amount ?? 0n) > value.amount;
  return isTooMuch ? refuseField('amount', 'is more than the credit is worth') : undefined;
}

function judgeLimit(state: BookState, { coupon }: Use): Refusal | undefined {
  const { maxUses, maxUsesPeriod } = coupon.terms;
  if (maxUses === undefined) return undefined;
  const uses = state.coupons.uses.get(coupon.id);
  if (usesWithin(uses, maxUsesPeriod, state.instant) < maxUses) return undefined;
  return refuse('COUPON_USED_UP', 'The coupon has been used as often as it may be.', {
    coupon_id: coupon.id,
    max_uses: String(maxUses),
    ...present('max_uses_period', maxUsesPeriod),
  });
}
