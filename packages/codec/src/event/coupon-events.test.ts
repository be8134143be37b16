// The bytes of events about coupons and what comes of them: those that real programs make.
import { EventSchema } from '@scrip/contract';
import { isCouponChange, type CouponChange } from '@scrip/kernel';
import { couponPrograms, runCouponProgram } from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventCodec } from './event-codec.ts';
import { unorderedIn } from './unordered-fields.ts';

const kinds = new Set<CouponChange['kind']>();
/** What programs can make. */
const everyKind = [
  'coupon_code_created',
  'coupon_created',
  'coupon_deleted',
  'coupon_restored',
  'coupon_updated',
  'credit_rule_created',
  'credit_rule_deleted',
  'credit_rule_updated',
  'customer_credit_issued',
  'customer_credit_redeemed',
  'customer_credit_revoked',
  'membership_created',
  'membership_credits_issued',
  'membership_status_changed',
  'redemption_reversed',
];
/** Chance leaves a kind out now and then: more programs have it. */
const roundCountMax = 10;

describe('the bytes of events about coupons', () => {
  it('decode to the event that was encoded, and are the same again, field by field', () => {
    const survives = fc.property(couponPrograms(40), (program) => {
      for (const event of runCouponProgram(program, true).book.events) {
        if (isCouponChange(event.change)) kinds.add(event.change.kind);
        const bytes = eventCodec.encode(event);
        const decoded = eventCodec.decode(bytes);
        expect(decoded).toEqual(event);
        expect(Buffer.compare(eventCodec.encode(decoded), bytes)).toBe(0);
        expect(unorderedIn(EventSchema, bytes)).toEqual([]);
      }
    });
    for (let round = 0; round < roundCountMax && kinds.size < everyKind.length; round++) {
      fc.assert(survives, { numRuns: 60 });
    }
    expect([...kinds].toSorted()).toEqual(everyKind);
  });
});
