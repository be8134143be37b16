// The RPCs about coupons, credits, memberships and rules, over an engine in memory and a reader
// that answers as told: what they answer, what they refuse, and whom they let in.
import { create } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';
import { eventCodec } from '@scrip/codec';
import { ErrorDetailSchema } from '@scrip/contract';
import {
  CouponService,
  CustomerCreditStatus,
  IssuingFrequency,
  MembershipStatus,
  OfferingType,
  Weekday,
} from '@scrip/contract/coupons';
import { createEngine, type CouponReader, type ReadAnswer } from '@scrip/engine';
import {
  instantFromMs,
  type Coupon,
  type Membership,
  type MembershipId,
  type Sequence,
} from '@scrip/kernel';
import { createMemoryJournal } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { scopes as allScopes } from '../../auth/api-key.ts';
import { reasonName } from '../../errors/reasons.ts';
import { createStubLedger } from '../../stub-ledger.ts';

const massage = { name: 'Massage', value: { case: 'percentage', value: 100 } } as const;
/** A made-up record: no book has it. */
const unknownId = '00000000-0000-8000-8000-000000000000';

function open(coupons: Partial<CouponReader> = {}) {
  const engine = createEngine({ journal: createMemoryJournal(), codec: eventCodec });
  const batches: unknown[] = [];
  const stub = createStubLedger({
    coupons,
    submit: (...call) => engine.submit(...call),
    submitBatch: async (_book, batch) => {
      batches.push(batch);
      return [];
    },
  });
  const options = { headers: { 'x-api-key': stub.addKey() } };
  const replays: (string | null)[] = [];
  const onHeader = (headers: Headers): void => {
    replays.push(headers.get('scrip-idempotent-replay'));
  };
  const make = async (terms: object = massage) => {
    const { coupon } = await stub.coupons.createCoupon({ terms }, options);
    return coupon?.id ?? '';
  };
  return {
    stub,
    calls: stub.coupons,
    options,
    recorded: { ...options, onHeader },
    replays,
    batches,
    make,
    issue: async (more: object = {}) => {
      const request = { customerId: 'ada', couponId: await make(), ...more };
      const { customerCredit } = await stub.coupons.issueCustomerCredit(request, options);
      return customerCredit?.id ?? '';
    },
  };
}

async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.unreachable('the call succeeded'),
    (thrown: unknown) => thrown as ConnectError,
  );
  const [detail = create(ErrorDetailSchema)] = error.findDetails(ErrorDetailSchema);
  return { code: error.code, reason: reasonName(detail.reason), metadata: detail.metadata };
}

describe('a coupon', () => {
  it('gets other terms by what the mask names alone', async () => {
    const { calls, make, options } = open();
    const couponId = await make({ ...massage, description: 'Old', maxUses: 3 });
    const { coupon } = await calls.updateCoupon(
      {
        couponId: couponId.toUpperCase(),
        terms: { name: 'New' },
        updateMask: { paths: ['name', 'description'] },
      },
      options,
    );
    expect(coupon?.terms).toMatchObject({ ...massage, name: 'New', maxUses: 3 });
    expect(coupon?.terms?.description).toBeUndefined();
  });

  it('that is deleted twice is answered again, and issued from no more', async () => {
    const { calls, make, options, recorded, replays } = open();
    const couponId = await make();
    const deleted = await calls.deleteCoupon({ couponId }, recorded);
    expect(await calls.deleteCoupon({ couponId }, recorded)).toEqual(deleted);
    expect(replays).toEqual([null, 'true']);
    const issue = calls.issueCustomerCredit({ customerId: 'ada', couponId }, options);
    expect(await refusalOf(issue)).toEqual({
      code: Code.FailedPrecondition,
      reason: 'COUPON_DELETED',
      metadata: { coupon_id: couponId, sequence: '2' },
    });
    expect((await calls.restoreCoupon({ couponId }, options)).coupon?.deletedAt).toBeUndefined();
  });

  it.each([
    ['terms', { terms: undefined }],
    ['terms.name', { terms: { ...massage, name: ' ' } }],
    ['terms.name', { terms: { ...massage, name: 'x'.repeat(121) } }],
    ['terms.value', { terms: { name: 'x' } }],
    ['terms.percentage', { terms: { ...massage, value: { case: 'percentage', value: 0 } } }],
    ['terms.offerings[0].type', { terms: { ...massage, offerings: [{ ids: ['a'] }] } }],
    ['terms.offerings[0].type', { terms: { ...massage, offerings: [{ type: 9 }] } }],
    ['terms.valid_weekdays[0]', { terms: { ...massage, validWeekdays: [9] } }],
    ['terms.validity_period.unit', { terms: { ...massage, validityPeriod: { count: 1 } } }],
    ['terms.redemption_type', { terms: { ...massage, redemptionType: 9 } }],
    ['idempotency_key', { terms: massage, idempotencyKey: '' }],
  ])('is refused by the path %s', async (field, request) => {
    const { calls, options } = open();
    expect(await refusalOf(calls.createCoupon(request as object, options))).toMatchObject({
      code: Code.InvalidArgument,
      reason: 'FIELD_INVALID',
      metadata: { field },
    });
  });

  it('has codes of its own, each once', async () => {
    const { calls, make, options } = open();
    const request = { couponId: await make(), code: 'summer' };
    const { couponCode } = await calls.createCouponCode(request, options);
    expect(couponCode).toMatchObject({ couponId: request.couponId, code: 'SUMMER' });
    expect(await refusalOf(calls.createCouponCode(request, options))).toMatchObject({
      code: Code.AlreadyExists,
      reason: 'COUPON_CODE_TAKEN',
    });
    const valid = { couponId: request.couponId, validFrom: { nanos: 1 }, validTo: { nanos: 2 } };
    expect(await refusalOf(calls.createCouponCode(valid, options))).toMatchObject({
      metadata: { field: 'valid_to' },
    });
  });
});

describe('a credit of a customer', () => {
  it('is used once under one key, and what was used is used back', async () => {
    const { calls, issue, options, recorded, replays } = open();
    const customerCreditId = await issue();
    const use = {
      customerCreditId,
      reference: 'order 1',
      amount: 0n,
      offering: { type: OfferingType.SESSION, id: 's1' },
      weekday: Weekday.FRIDAY,
      idempotencyKey: 'k1',
    };
    const used = await calls.redeemCustomerCredit(use, recorded);
    expect(await calls.redeemCustomerCredit(use, recorded)).toEqual(used);
    expect(replays).toEqual([null, 'true']);
    expect(used).toMatchObject({
      customerCredit: { status: CustomerCreditStatus.REDEEMED, useCount: 1 },
      redemption: { amount: 0n, offering: use.offering, weekday: Weekday.FRIDAY },
    });
    const again = calls.redeemCustomerCredit({ ...use, idempotencyKey: 'k2' }, options);
    expect(await refusalOf(again)).toMatchObject({
      code: Code.FailedPrecondition,
      reason: 'CUSTOMER_CREDIT_NOT_ACTIVE',
      metadata: { customer_credit_id: customerCreditId, status: 'redeemed' },
    });
    const redemptionId = used.redemption?.id ?? '';
    const wrong = { redemptionId, customerId: 'bob' };
    expect(await refusalOf(calls.reverseRedemption(wrong, options))).toMatchObject({
      reason: 'REDEMPTION_NOT_FOUND',
    });
    const undone = await calls.reverseRedemption({ redemptionId, customerId: 'ada' }, options);
    expect(undone).toMatchObject({
      customerCredit: { status: CustomerCreditStatus.ACTIVE, useCount: 0 },
      redemption: { id: redemptionId },
    });
    expect(undone.redemption?.reversedAt).toBeDefined();
  });

  it.each([
    ['offering.type', { offering: { id: 'a' } }],
    ['offering.id', { offering: { type: OfferingType.PRODUCT } }],
    ['weekday', { weekday: 9 }],
    ['reference', { reference: '' }],
    ['idempotency_key', { idempotencyKey: '' }],
    ['customer_credit_id', { customerCreditId: '' }],
    ['customer_id', { customerId: '' }],
    ['amount', { amount: 10n ** 15n }],
  ])('is not used where %s is wrong', async (field, wrong: object) => {
    const { calls, options } = open();
    const use = { customerCreditId: unknownId, reference: 'r', idempotencyKey: 'k' };
    expect(
      await refusalOf(calls.redeemCustomerCredit({ ...use, ...wrong }, options)),
    ).toMatchObject({ code: Code.InvalidArgument, metadata: { field } });
  });

  it('expires in the future, at a whole millisecond', async () => {
    const { calls, make, options } = open();
    const issue = async (expiresAt: object) =>
      calls.issueCustomerCredit({ customerId: 'a', couponId: await make(), expiresAt }, options);
    for (const expiresAt of [{ seconds: 1n }, { seconds: 10n ** 12n }]) {
      expect(await refusalOf(issue(expiresAt))).toMatchObject({
        reason: 'FIELD_INVALID',
        metadata: { field: 'expires_at' },
      });
    }
    const year2100 = 4_102_444_800n;
    const { customerCredit } = await issue({ seconds: year2100, nanos: 1_999_999 });
    expect(customerCredit?.expiresAt).toMatchObject({ seconds: year2100, nanos: 1_000_000 });
  });
});

describe('a membership', () => {
  const rule = (couponId: string) => {
    const { BILLING_CYCLE: frequency } = IssuingFrequency;
    return { terms: { membershipTypeId: 'gold', couponId, frequency, rollOver: true } };
  };

  it('issues with a charge, and answers what it issued', async () => {
    const { calls, make, options } = open();
    const { creditRule } = await calls.createCreditRule(rule(await make()), options);
    expect(creditRule?.terms).toMatchObject({ couponName: 'Massage', rollOver: true });
    const request = { customerId: 'ada', membershipTypeId: 'gold' };
    const { membership } = await calls.createMembership(request, options);
    expect(membership).toMatchObject({ ...request, status: MembershipStatus.ACTIVE });
    const charge = { membershipId: membership?.id ?? '', idempotencyKey: 'c1' };
    const answer = await calls.noteMembershipCharge(charge, options);
    expect(answer).toMatchObject({
      membership: { chargeCount: 1 },
      customerCredits: [{ ruleIssue: { ruleId: creditRule?.id } }],
    });
    expect(await calls.noteMembershipCharge(charge, options)).toEqual(answer);
    const { membershipId } = charge;
    const missing = await calls.issueMissingCredits({ membershipId }, options);
    expect(missing.customerCredits).toEqual([]);
  });

  it('gets no other status once it has ended, and none that is unknown', async () => {
    const { calls, options } = open();
    const request = { customerId: 'ada', membershipTypeId: 'gold' };
    const { membership } = await calls.createMembership(request, options);
    const membershipId = membership?.id ?? '';
    const set = (status: MembershipStatus) =>
      calls.setMembershipStatus({ membershipId, status }, options);
    expect(await set(MembershipStatus.CANCELLED)).toMatchObject({
      membership: { status: MembershipStatus.CANCELLED },
    });
    expect(await refusalOf(set(MembershipStatus.ACTIVE))).toMatchObject({
      code: Code.FailedPrecondition,
      reason: 'MEMBERSHIP_ENDED',
    });
    for (const wrong of [MembershipStatus.UNSPECIFIED, 99 as MembershipStatus]) {
      expect(await refusalOf(set(wrong))).toMatchObject({ metadata: { field: 'status' } });
    }
  });

  it('has rules that are changed by a mask and end', async () => {
    const { calls, make, options } = open();
    const { creditRule } = await calls.createCreditRule(rule(await make()), options);
    const creditRuleId = creditRule?.id ?? '';
    const change = { terms: { rollOver: false }, updateMask: { paths: ['roll_over'] } };
    const changed = await calls.updateCreditRule({ creditRuleId, ...change }, options);
    expect(changed.creditRule?.terms).toMatchObject({ couponName: 'Massage', rollOver: false });
    const terms = { frequency: IssuingFrequency.UNSPECIFIED };
    const wrong = { creditRuleId, terms, updateMask: { paths: ['frequency'] } };
    expect(await refusalOf(calls.updateCreditRule(wrong, options))).toMatchObject({
      metadata: { field: 'terms.frequency' },
    });
    const { creditRule: gone } = await calls.deleteCreditRule({ creditRuleId }, options);
    expect(gone?.deletedAt).toBeDefined();
    expect(
      await refusalOf(calls.updateCreditRule({ creditRuleId, ...change }, options)),
    ).toMatchObject({ reason: 'CREDIT_RULE_NOT_FOUND' });
  });
});

describe('a read', () => {
  const instant = instantFromMs(1_700_000_000_000);
  const membership: Membership = {
    id: unknownId as MembershipId,
    customerId: 'ada',
    membershipTypeId: 'gold',
    status: 'active',
    anchor: instant,
    nextPeriod: 1,
    skippedPeriods: [],
    chargeCount: 0,
    lastIssues: [],
    createdAt: instant,
    updatedAt: instant,
    sequence: 1 as Sequence,
  };
  const readOf = <T>(value: T): ReadAnswer<T> => {
    return { kind: 'read', value, sequence: 7 as Sequence };
  };

  it('books the periods that have begun, and answers what it reads then', async () => {
    let reads = 0;
    const { calls, options, batches } = open({
      membership: async () => {
        const nextPeriod = ++reads;
        const dueMembershipIds = reads === 1 ? [membership.id] : [];
        return readOf({ value: { ...membership, nextPeriod }, instant, dueMembershipIds });
      },
    });
    const read = await calls.getMembership({ membershipId: membership.id }, options);
    expect(read).toMatchObject({ membership: { nextPeriod: 2 }, sequence: 7n });
    const commands = [{ kind: 'book_membership_periods', membershipId: membership.id }];
    expect(batches).toEqual([{ commands, mode: 'independent' }]);
  });

  it('books no more than once, however much has begun', async () => {
    const dueMembershipIds = [membership.id];
    const { calls, options, batches } = open({
      memberships: async () => {
        const value = { items: [membership], hasMore: false };
        return readOf({ value, instant, dueMembershipIds });
      },
    });
    const { memberships } = await calls.listMemberships({}, options);
    expect(memberships).toMatchObject([{ id: membership.id }]);
    expect(batches).toHaveLength(1);
  });

  it('of coupons ends a page before it has more than 2 MiB', async () => {
    const terms = { ...massage, value: { kind: 'percentage', percentage: 1 } as const };
    const coupon = {
      id: unknownId as never,
      terms: {
        ...terms,
        description: 'x'.repeat(30_000),
        offerings: [],
        validWeekdays: [],
        multiUse: false,
        redemptionType: 'manual',
        forLeadBookerOnly: false,
      },
      createdAt: instant,
      updatedAt: instant,
      sequence: 1 as Sequence,
    } satisfies Coupon;
    const asked: unknown[] = [];
    const { calls, options } = open({
      coupons: async (_book, query) => {
        asked.push(query);
        const items = Array.from({ length: 100 }, () => coupon);
        return readOf({ items, hasMore: false, totalSize: 100 });
      },
    });
    const page = await calls.listCoupons({ countTotal: true, skip: 5 }, options);
    expect(page.coupons.length).toBeGreaterThan(50);
    expect(page.coupons.length).toBeLessThan(80);
    expect(page).toMatchObject({ hasMore: true, totalSize: 100n, sequence: 7n });
    expect(asked).toEqual([
      { includeDeleted: false, list: { size: 50, skip: 5, countTotal: true } },
    ]);
  });
});

describe('a call about coupons', () => {
  it.each(CouponService.methods.map((method) => [method.name, method] as const))(
    '%s is refused to a key that has every scope but its own',
    async (_name, method) => {
      const { stub } = open();
      const isRead = /^(Get|List)/.test(method.name);
      const scope = isRead ? 'coupons:read' : 'coupons:write';
      const scopes = allScopes.filter((each) => each !== scope);
      const headers = { 'x-api-key': stub.addKey({ scopes }) };
      const call = stub.transport.unary(method as never, undefined, undefined, headers, {});
      expect(await refusalOf(call)).toMatchObject({
        code: Code.PermissionDenied,
        reason: 'SCOPE_MISSING',
        metadata: { scope },
      });
    },
  );

  it.each([
    ['pageSize', { pageSize: 1_001 }, 'page_size'],
    ['skip', { skip: 100_001 }, 'skip'],
  ])('is bounded by its %s', async (_name, wrong, field) => {
    const { calls, options } = open();
    const lists = [
      calls.listCoupons(wrong, options),
      calls.listCustomerCredits({ customerId: 'a', ...wrong }, options),
      calls.listMemberships(wrong, options),
      calls.listCreditRules(wrong, options),
    ];
    const refusals = await Promise.all(lists.map(refusalOf));
    expect(refusals).toMatchObject(lists.map(() => ({ metadata: { field } })));
  });
});
