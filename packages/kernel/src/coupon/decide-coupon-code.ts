// May a coupon have this code?
import type { BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { present } from '../value/present.ts';
import { refuse, refuseField, type Refusal } from '../value/refusal.ts';
import type { CreateCouponCode } from './commands.ts';
import { codeIndex, type Coupon, type CouponCode, type CouponCodeId } from './coupon.ts';
import { findCredit, findIssuableCoupon } from './refusals.ts';

/** Decides a code: the coupon's own, for ever. */
export function decideCreateCouponCode(state: BookState, command: CreateCouponCode): Decision {
  const found = findIssuableCoupon(state, command.couponId);
  if (found.kind === 'refused') return found;
  const coupon = found.value;
  const refusal = judgeCredit(state, command, coupon) ?? judgeTaken(state, command, coupon);
  if (refusal !== undefined) return refusal;
  const { ids, instant } = state;
  const sequence = nextSequence(state);
  const place = { kind: 'coupon_code', sequence, line: 0 } as const;
  const couponCode: CouponCode = {
    id: ids.recordId(place, instant) as CouponCodeId,
    couponId: coupon.id,
    code: command.code ?? ids.madeUpCode(place),
    ...present('validFrom', command.validFrom),
    ...present('validTo', command.validTo),
    multiUse: command.multiUse,
    ...present('customerId', command.customerId),
    ...present('customerCreditId', command.customerCreditId),
    createdAt: instant,
    sequence,
  };
  return accept(state, command, { kind: 'coupon_code_created', couponCode });
}

function judgeTaken(
  state: BookState,
  { code }: CreateCouponCode,
  coupon: Coupon,
): Refusal | undefined {
  if (code === undefined || !state.coupons.codeIds.has(codeIndex(coupon.id, code)))
    return undefined;
  const metadata = { coupon_id: coupon.id, code };
  return refuse('COUPON_CODE_TAKEN', 'The coupon has that code.', metadata);
}

function judgeCredit(
  state: BookState,
  { customerId, customerCreditId }: CreateCouponCode,
  coupon: Coupon,
): Refusal | undefined {
  if (customerCreditId === undefined) return undefined;
  const credit = findCredit(state, { customerCreditId });
  if (credit.kind === 'refused') return credit;
  if (credit.value.customerId !== customerId) {
    return refuseField('customer_credit_id', 'is of another customer');
  }
  return credit.value.couponId === coupon.id
    ? undefined
    : refuseField('customer_credit_id', 'is of another coupon');
}
