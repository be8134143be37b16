// Coupons, credits, memberships and rules of a book, as far as the commands at hand need them.
import type { BookEvent } from '../book/event.ts';
import type { CreditRule, CreditRuleId } from '../credit-rule/credit-rule.ts';
import type {
  CustomerCredit,
  CustomerCreditId,
  Redemption,
  RedemptionId,
} from '../customer-credit/customer-credit.ts';
import type { Membership, MembershipId } from '../membership/membership.ts';
import {
  codeIndex,
  type Coupon,
  type CouponCode,
  type CouponCodeId,
  type CouponId,
  type CouponUses,
} from './coupon.ts';
import type { CouponRecord } from './coupon-change.ts';

/** Records that commands name, and what they lead to; see `couponNamesOf`. */
export interface CouponState {
  readonly coupons: Map<CouponId, Coupon>;
  /** With every credit's coupon that may be used. */
  readonly uses: Map<CouponId, CouponUses>;
  readonly codes: Map<CouponCodeId, CouponCode>;
  /** By `codeIndex`. */
  readonly codeIds: Map<string, CouponCodeId>;
  readonly credits: Map<CustomerCreditId, CustomerCredit>;
  readonly redemptions: Map<RedemptionId, Redemption>;
  readonly memberships: Map<MembershipId, Membership>;
  readonly rules: Map<CreditRuleId, CreditRule>;
  /**
   * The rules of a membership type by age: those in force, and those deleted that may have been
   * in force for a period that is not booked yet.
   */
  readonly ruleIdsByType: Map<string, readonly CreditRuleId[]>;
  /** The last event that touched a coupon, credit, redemption, membership or rule, by its id. */
  readonly lastEvents: Map<string, BookEvent>;
}

/** No records. */
export function createCouponState(): CouponState {
  return {
    coupons: new Map(),
    uses: new Map(),
    codes: new Map(),
    codeIds: new Map(),
    credits: new Map(),
    redemptions: new Map(),
    memberships: new Map(),
    rules: new Map(),
    ruleIdsByType: new Map(),
    lastEvents: new Map(),
  };
}

/** The same records with every map in a wrapping of its own. */
export function wrapCouponState(
  state: CouponState,
  wrap: <K, V>(map: Map<K, V>) => Map<K, V>,
): CouponState {
  return {
    coupons: wrap(state.coupons),
    uses: wrap(state.uses),
    codes: wrap(state.codes),
    codeIds: wrap(state.codeIds),
    credits: wrap(state.credits),
    redemptions: wrap(state.redemptions),
    memberships: wrap(state.memberships),
    rules: wrap(state.rules),
    ruleIdsByType: wrap(state.ruleIdsByType),
    lastEvents: wrap(state.lastEvents),
  };
}

/** Puts a record into the state, as the event left it that last touched it. */
export function putCouponRecord(state: CouponState, each: CouponRecord, event: BookEvent): void {
  const { kind, record } = each;
  if (kind !== 'coupon_uses') state.lastEvents.set(record.id, event);
  switch (kind) {
    case 'coupon':
      state.coupons.set(record.id, record);
      break;
    case 'coupon_code':
      state.codes.set(record.id, record);
      state.codeIds.set(codeIndex(record.couponId, record.code), record.id);
      break;
    case 'coupon_uses':
      state.uses.set(record.couponId, record);
      break;
    case 'customer_credit':
      state.credits.set(record.id, record);
      break;
    case 'redemption':
      state.redemptions.set(record.id, record);
      break;
    case 'membership':
      state.memberships.set(record.id, record);
      break;
    case 'credit_rule':
      putRule(state, record);
  }
}

function putRule(state: CouponState, rule: CreditRule): void {
  state.rules.set(rule.id, rule);
  const { membershipTypeId } = rule.terms;
  const ids = state.ruleIdsByType.get(membershipTypeId) ?? [];
  if (ids.includes(rule.id)) return;
  // Rules may be loaded in any order.
  const byAge = [...ids, rule.id].toSorted((a, b) => ageOf(state, a) - ageOf(state, b));
  state.ruleIdsByType.set(membershipTypeId, byAge);
}

function ageOf(state: CouponState, id: CreditRuleId): number {
  return state.rules.get(id)?.sequence ?? 0;
}

/** The rules of a membership type, by age. */
export function rulesOfType(state: CouponState, membershipTypeId: string): readonly CreditRule[] {
  const ids = state.ruleIdsByType.get(membershipTypeId) ?? [];
  return ids.flatMap((id) => state.rules.get(id) ?? []);
}
