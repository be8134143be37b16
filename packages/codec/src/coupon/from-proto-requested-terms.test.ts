// Terms of coupons and rules, and the parts of lists, as requests say them.
import { create } from '@bufbuild/protobuf';
import {
  CouponTermsSchema,
  CreditRuleTermsSchema,
  IssuingFrequency,
  ListCustomerCreditsRequestSchema,
  OfferingType,
  RedemptionType,
  UsesPeriod,
  ValidityUnit,
  Weekday,
} from '@scrip/contract/coupons';
import { describe, expect, it } from 'vitest';
import { fromProtoListCustomerCreditsRequest } from './from-proto-coupon-queries.ts';
import {
  fromProtoRequestedCouponTerms,
  fromProtoRequestedRuleTerms,
} from './from-proto-requested-terms.ts';

describe('the terms of a coupon', () => {
  it('say everything', () => {
    const terms = create(CouponTermsSchema, {
      name: 'Ten off',
      description: 'For members',
      value: { case: 'fixedAmount', value: { amount: 1_000n, currency: 'EUR' } },
      offerings: [{ type: OfferingType.AREA_BOOKING, ids: ['a', 'b'] }],
      validWeekdays: [Weekday.MONDAY, Weekday.SUNDAY],
      multiUse: true,
      maxUses: 3,
      maxUsesPeriod: UsesPeriod.YEAR,
      validityPeriod: { unit: ValidityUnit.WEEK, count: 2 },
      redemptionType: RedemptionType.CREDIT,
      forLeadBookerOnly: true,
    });
    expect(fromProtoRequestedCouponTerms(terms)).toEqual({
      kind: 'parsed',
      value: {
        name: 'Ten off',
        description: 'For members',
        value: { kind: 'fixed_amount', amount: 1_000n, currency: 'EUR' },
        offerings: [{ type: 'area_booking', ids: ['a', 'b'] }],
        validWeekdays: ['monday', 'sunday'],
        multiUse: true,
        maxUses: 3,
        maxUsesPeriod: 'year',
        validityPeriod: { unit: 'week', count: 2 },
        redemptionType: 'credit',
        forLeadBookerOnly: true,
      },
    });
  });

  it('leave to the kernel what they do not say', () => {
    expect(fromProtoRequestedCouponTerms(create(CouponTermsSchema))).toMatchObject({
      value: {
        value: undefined,
        offerings: [],
        validWeekdays: [],
        maxUses: undefined,
        maxUsesPeriod: undefined,
        validityPeriod: undefined,
        redemptionType: undefined,
      },
    });
  });

  it('are required', () => {
    const refusal = { reason: 'FIELD_INVALID', metadata: { field: 'terms' } };
    expect(fromProtoRequestedCouponTerms(undefined)).toMatchObject(refusal);
    expect(fromProtoRequestedRuleTerms(undefined)).toMatchObject(refusal);
  });
});

describe('the terms of a rule', () => {
  it('take an empty id for one that was not given', () => {
    const terms = create(CreditRuleTermsSchema, { frequency: IssuingFrequency.HALF_YEAR });
    expect(fromProtoRequestedRuleTerms(terms)).toMatchObject({
      value: { membershipTypeId: undefined, couponId: undefined, frequency: 'half_year' },
    });
  });
});

describe('a request to list', () => {
  it('asks for 50, from the beginning, unless it says otherwise', () => {
    const request = create(ListCustomerCreditsRequestSchema, { customerId: 'ada' });
    expect(fromProtoListCustomerCreditsRequest(request)).toEqual({
      kind: 'parsed',
      value: {
        customerId: 'ada',
        includeRedeemed: false,
        includeExpired: false,
        includeRevoked: false,
        list: { size: 50, skip: 0, countTotal: false },
      },
    });
  });

  it('tells a flag that is false from one that is absent', () => {
    const request = create(ListCustomerCreditsRequestSchema, {
      customerId: 'ada',
      multiUse: false,
      pageSize: 7,
      startingAfter: 'c1',
      skip: 3,
      countTotal: true,
    });
    expect(fromProtoListCustomerCreditsRequest(request)).toMatchObject({
      value: { multiUse: false, list: { size: 7, after: 'c1', skip: 3, countTotal: true } },
    });
  });
});
