// CouponService, whole.
import { createSubmit } from '../ledger/answer.ts';
import { createRead } from '../ledger/read.ts';
import { couponCodeRpcs } from './coupon-codes.ts';
import type { CouponPorts } from './coupon-parts.ts';
import type { CouponRpcs } from './coupon-rpcs.ts';
import { couponRpcs } from './coupons.ts';
import { creditRuleRpcs } from './credit-rules.ts';
import { customerCreditRpcs } from './customer-credits.ts';
import { membershipRpcs } from './memberships.ts';
import { createReadUpToDue } from './read-up-to-due.ts';
import { redemptionRpcs } from './redemptions.ts';

/** Implements CouponService over the engine and the readers. */
export function createCouponService(ports: CouponPorts): CouponRpcs {
  const read = createRead(ports.reader);
  const readUpToDue = createReadUpToDue(ports.engine, read);
  const parts = { ...ports, submit: createSubmit(ports), read, readUpToDue };
  return {
    ...couponRpcs(parts),
    ...couponCodeRpcs(parts),
    ...customerCreditRpcs(parts),
    ...redemptionRpcs(parts),
    ...membershipRpcs(parts),
    ...creditRuleRpcs(parts),
  };
}
