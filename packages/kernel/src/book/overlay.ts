// A state that decisions may change while the one below it stays as it is.
import { wrapCouponState } from '../coupon/coupon-state.ts';
import type { BookState } from './book-state.ts';

/** A state on which events about accounts can be applied without a trace in the state below. */
export function overlayState(state: BookState): BookState {
  return {
    ...state,
    accounts: new OverlayMap(state.accounts),
    units: new OverlayMap(state.units),
    grants: new OverlayMap(state.grants),
    holds: new OverlayMap(state.holds),
    schedules: new OverlayMap(state.schedules),
    endingsById: new OverlayMap(state.endingsById),
    eventsByTransactionId: new OverlayMap(state.eventsByTransactionId),
    reversalsByTransactionId: new OverlayMap(state.reversalsByTransactionId),
  };
}

/** A state on which events about coupons and memberships can be applied likewise. */
export function overlayCoupons(state: BookState): BookState {
  return { ...state, coupons: wrapCouponState(state.coupons, (map) => new OverlayMap(map)) };
}

/** Looks below for what it does not have itself. It is never iterated, and nothing is deleted. */
class OverlayMap<K, V> extends Map<K, V> {
  readonly #below: ReadonlyMap<K, V>;

  constructor(below: ReadonlyMap<K, V>) {
    super();
    this.#below = below;
  }

  override get(key: K): V | undefined {
    return super.get(key) ?? this.#below.get(key);
  }

  override has(key: K): boolean {
    return super.has(key) || this.#below.has(key);
  }
}
