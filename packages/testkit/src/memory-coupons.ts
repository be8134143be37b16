// Look-ups of coupons and what comes of them in a journal in memory.
import type { FoundCoupon } from '@scrip/engine';
import type { CouponNames } from '@scrip/kernel';

/** Goes from what is named to what that leads to, until there is nothing more. */
export function findStoredCoupons(
  stored: readonly FoundCoupon[],
  { recordIds, codes, membershipTypeIds }: CouponNames,
): readonly FoundCoupon[] {
  const ids = new Set(recordIds);
  const typeIds = new Set(membershipTypeIds);
  const isNamed = ({ found: { kind, record } }: FoundCoupon): boolean => {
    if (kind === 'coupon_uses') return ids.has(record.couponId);
    if (kind === 'credit_rule' && typeIds.has(record.terms.membershipTypeId)) return true;
    if (ids.has(record.id)) return true;
    return (
      kind === 'coupon_code' &&
      codes.some(({ couponId, code }) => couponId === record.couponId && code === record.code)
    );
  };
  for (;;) {
    const found = stored.filter(isNamed);
    const before = ids.size + typeIds.size;
    for (const { found: each } of found) {
      const { kind, record } = each;
      if (kind === 'redemption') ids.add(record.customerCreditId);
      if (kind === 'customer_credit') ids.add(record.couponId);
      if (kind === 'membership') typeIds.add(record.membershipTypeId);
      if (kind === 'credit_rule') ids.add(record.terms.couponId);
    }
    if (ids.size + typeIds.size === before) return found;
  }
}
