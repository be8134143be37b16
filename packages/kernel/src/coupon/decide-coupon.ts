// May this coupon be made, changed, deleted or brought back?
import type { BookState } from '../book/book-state.ts';
import { accept, nextSequence, type Decision } from '../book/decision.ts';
import { replaceFields } from '../value/replace-fields.ts';
import type { CreateCoupon, DeleteOrRestoreCoupon, UpdateCoupon } from './commands.ts';
import type { Coupon, CouponId } from './coupon.ts';
import { parseCouponTerms } from './parse-coupon-terms.ts';
import { findIssuableCoupon, refuseUnknownCoupon } from './refusals.ts';
import { replayLast } from './replay-last.ts';

/** Decides a coupon. Names are no keys: two coupons may have the same. */
export function decideCreateCoupon(state: BookState, command: CreateCoupon): Decision {
  const { instant, ids } = state;
  const sequence = nextSequence(state);
  const id = ids.recordId({ kind: 'coupon', sequence, line: 0 }, instant) as CouponId;
  const { terms } = command;
  const coupon: Coupon = { id, terms, createdAt: instant, updatedAt: instant, sequence };
  return accept(state, command, { kind: 'coupon_created', coupon });
}

/** Decides other terms. What is not named stays as it is at this moment. */
export function decideUpdateCoupon(state: BookState, command: UpdateCoupon): Decision {
  const found = findIssuableCoupon(state, command.couponId);
  if (found.kind === 'refused') return found;
  const replaced = replaceFields(found.value.terms, command.terms, command.fields);
  const terms = parseCouponTerms(replaced);
  if (terms.kind === 'refused') return terms;
  const coupon = { ...found.value, terms: terms.value, updatedAt: state.instant };
  return accept(state, command, { kind: 'coupon_updated', coupon });
}

/**
 * Decides a deletion, or its undoing. A coupon that is so already answers as it is; under a key in
 * an event of its own, so that a late retry never undoes what came after it.
 */
export function decideDeleteOrRestoreCoupon(
  state: BookState,
  command: DeleteOrRestoreCoupon,
): Decision {
  const coupon = state.coupons.coupons.get(command.couponId as CouponId);
  if (coupon === undefined) return refuseUnknownCoupon(command.couponId);
  const isDeletion = command.kind === 'delete_coupon';
  const kind = isDeletion ? 'coupon_deleted' : 'coupon_restored';
  const { deletedAt, ...kept } = coupon;
  if ((deletedAt !== undefined) === isDeletion) {
    if (command.idempotencyKey === undefined) return replayLast(state, coupon.id);
    return accept(state, command, { kind, coupon });
  }
  const updatedAt = state.instant;
  const changed = { ...kept, updatedAt, ...(isDeletion ? { deletedAt: updatedAt } : {}) };
  return accept(state, command, { kind, coupon: changed });
}
