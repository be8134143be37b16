// Coupons and what comes of them on a real PostgreSQL: from the request to the list.
import { ErrorReason } from '@scrip/contract';
import {
  CustomerCreditStatus,
  IssuingFrequency,
  MembershipStatus,
  OfferingType,
  UsesPeriod,
  Weekday,
} from '@scrip/contract/coupons';
import { createTestDatabase, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedgers, refusalOf, type LedgersOnPostgres } from './compose-for-tests.ts';

let testDatabase: TestDatabase;
let ledgers: LedgersOnPostgres;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ledgers = await openLedgers(testDatabase.connection);
});

afterAll(async () => {
  await ledgers.close();
  await testDatabase.drop();
});

const massage = {
  name: 'Massage',
  value: { case: 'percentage', value: 100 },
} as const;
const tenOff = {
  name: 'Ten off',
  value: { case: 'fixedAmount', value: { amount: 1_000n, currency: 'EUR' } },
} as const;

async function createCoupon(terms: object = massage): Promise<string> {
  const { coupon } = await ledgers.here.coupons.createCoupon({ terms }, ledgers.asTest);
  return coupon?.id ?? '';
}

async function issue(customerId: string, couponId: string): Promise<string> {
  const request = { customerId, couponId };
  const answer = await ledgers.here.coupons.issueCustomerCredit(request, ledgers.asTest);
  return answer.customerCredit?.id ?? '';
}

describe('a coupon', () => {
  it('answers with its terms as they were said, here and elsewhere', async () => {
    const { here, there, asTest } = ledgers;
    const terms = {
      ...tenOff,
      description: 'For good customers',
      offerings: [{ type: OfferingType.PRODUCT, ids: ['tea', 'coffee'] }],
      validWeekdays: [Weekday.MONDAY, Weekday.SUNDAY],
      multiUse: true,
      maxUses: 5,
      maxUsesPeriod: UsesPeriod.WEEK,
    };
    const { coupon, sequence } = await here.coupons.createCoupon({ terms }, asTest);
    expect(coupon).toMatchObject({ sequence, terms });
    const request = { couponId: coupon?.id ?? '', minSequence: sequence };
    const read = await there.coupons.getCoupon(request, asTest);
    expect(read).toMatchObject({ coupon, sequence });
  });

  it('is listed newest first, without those that are deleted, and counted', async () => {
    const { here, asProd } = ledgers;
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const { coupon } = await here.coupons.createCoupon({ terms: { ...massage, name } }, asProd);
      ids.unshift(coupon?.id ?? '');
    }
    const [, middle = ''] = ids;
    await here.coupons.deleteCoupon({ couponId: middle }, asProd);
    const idsOf = async (request: object) => {
      const { coupons, ...facts } = await here.coupons.listCoupons(request, asProd);
      return { ids: coupons.map(({ id }) => id), ...facts };
    };
    expect(await idsOf({ countTotal: true })).toMatchObject({
      ids: [ids[0], ids[2]],
      hasMore: false,
      totalSize: 2n,
    });
    expect(await idsOf({ includeDeleted: true, pageSize: 2 })).toMatchObject({
      ids: ids.slice(0, 2),
      hasMore: true,
    });
    expect(await idsOf({ startingAfter: middle })).toMatchObject({ ids: ids.slice(2) });
    expect(await idsOf({ includeDeleted: true, skip: 1, pageSize: 1 })).toMatchObject({
      ids: [middle],
    });
    await here.coupons.restoreCoupon({ couponId: middle }, asProd);
    expect(await idsOf({})).toMatchObject({ ids });
  });

  it('of another book is unknown, to reads and to changes', async () => {
    const { here, asProd } = ledgers;
    const couponId = await createCoupon();
    const calls = [
      here.coupons.getCoupon({ couponId }, asProd),
      here.coupons.deleteCoupon({ couponId }, asProd),
      here.coupons.issueCustomerCredit({ customerId: 'c', couponId }, asProd),
      here.coupons.listCouponCodes({ couponId }, asProd),
    ];
    const refusals = await Promise.all(calls.map(refusalOf));
    const unknown = { reason: ErrorReason.COUPON_NOT_FOUND };
    expect(refusals).toMatchObject(calls.map(() => unknown));
    const page = here.coupons.listCoupons({ startingAfter: couponId }, asProd);
    expect(await refusalOf(page)).toMatchObject({ reason: ErrorReason.CURSOR_INVALID });
  });
});

describe('a credit of a customer', () => {
  it('is used by one of two callers who try at the same moment', async () => {
    const { here, there, asTest } = ledgers;
    const customerCreditId = await issue('racer', await createCoupon());
    const use = (caller: LedgersOnPostgres['here'], idempotencyKey: string) =>
      caller.coupons.redeemCustomerCredit(
        { customerCreditId, reference: idempotencyKey, idempotencyKey },
        asTest,
      );
    const settled = await Promise.allSettled([use(here, 'till 1'), use(there, 'till 2')]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const isFirst = settled[0].status === 'fulfilled';
    const lost = isFirst ? use(there, 'till 2') : use(here, 'till 1');
    expect(await refusalOf(lost)).toMatchObject({
      reason: ErrorReason.CUSTOMER_CREDIT_NOT_ACTIVE,
      metadata: { status: 'redeemed' },
    });
    const { redemptions } = await here.coupons.listRedemptions({ customerCreditId }, asTest);
    expect(redemptions.map(({ reference }) => reference)).toEqual([isFirst ? 'till 1' : 'till 2']);
  });

  it('is used, used back and revoked, and read as it is in between', async () => {
    const { here, asTest } = ledgers;
    const customerCreditId = await issue('ada', await createCoupon(tenOff));
    const statusNow = async () => {
      const { customerCredit } = await here.coupons.getCustomerCredit({ customerCreditId }, asTest);
      return customerCredit?.status;
    };
    expect(await statusNow()).toBe(CustomerCreditStatus.ACTIVE);
    const use = { customerCreditId, reference: 'order 1', idempotencyKey: 'ada uses' };
    const used = await here.coupons.redeemCustomerCredit(use, asTest);
    expect(used).toMatchObject({
      customerCredit: { status: CustomerCreditStatus.REDEEMED, useCount: 1 },
      redemption: { amount: 1_000n, reference: 'order 1' },
    });
    expect(await statusNow()).toBe(CustomerCreditStatus.REDEEMED);
    const redemptionId = used.redemption?.id ?? '';
    const undone = await here.coupons.reverseRedemption({ redemptionId }, asTest);
    expect(undone).toMatchObject({ customerCredit: { status: CustomerCreditStatus.ACTIVE } });
    const again = await here.coupons.reverseRedemption({ redemptionId }, asTest);
    expect(again).toEqual(undone);
    const revoked = await here.coupons.revokeCustomerCredit({ customerCreditId }, asTest);
    expect(revoked).toMatchObject({ customerCredit: { status: CustomerCreditStatus.REVOKED } });
    expect(await here.coupons.revokeCustomerCredit({ customerCreditId }, asTest)).toEqual(revoked);
    expect(await statusNow()).toBe(CustomerCreditStatus.REVOKED);
  });

  it('of another customer is unknown', async () => {
    const { here, asTest } = ledgers;
    const customerCreditId = await issue('hers', await createCoupon());
    const theirs = { customerCreditId, customerId: 'his' };
    const calls = [
      here.coupons.getCustomerCredit(theirs, asTest),
      here.coupons.revokeCustomerCredit(theirs, asTest),
      here.coupons.listRedemptions(theirs, asTest),
    ];
    const refusals = await Promise.all(calls.map(refusalOf));
    const notTheirs = { reason: ErrorReason.CUSTOMER_CREDIT_NOT_FOUND };
    expect(refusals).toMatchObject(calls.map(() => notTheirs));
    const unknown = here.coupons.listCustomerCredits({ customerId: 'nobody' }, asTest);
    expect(await refusalOf(unknown)).toMatchObject({ reason: ErrorReason.CUSTOMER_NOT_FOUND });
  });
});

describe('a membership', () => {
  it('shows each period at its instant, whoever looks, and none twice', async () => {
    const { here, there, asTest } = ledgers;
    const couponId = await createCoupon();
    const terms = {
      membershipTypeId: 'gold',
      couponId,
      frequency: IssuingFrequency.MONTH,
      issueOnSignup: true,
    };
    await here.coupons.createCreditRule({ terms }, asTest);
    const request = { customerId: 'member', membershipTypeId: 'gold' };
    const { membership } = await here.coupons.createMembership(request, asTest);
    const membershipId = membership?.id ?? '';
    const credits = async (of: LedgersOnPostgres['here']) => {
      const asked = { customerId: 'member', includeExpired: true };
      const { customerCredits } = await of.coupons.listCustomerCredits(asked, asTest);
      return customerCredits.map(({ status, ruleIssue }) => [ruleIssue?.period, status]);
    };
    expect(await credits(here)).toEqual([[0, CustomerCreditStatus.ACTIVE]]);
    await here.admin.advanceClock({ by: { seconds: 63n * 86_400n } }, asTest);
    const expected = [
      [2, CustomerCreditStatus.ACTIVE],
      [1, CustomerCreditStatus.EXPIRED],
      [0, CustomerCreditStatus.EXPIRED],
    ];
    expect(await Promise.all([credits(here), credits(there)])).toEqual([expected, expected]);
    const read = await there.coupons.getMembership({ membershipId }, asTest);
    expect(read.membership).toMatchObject({ nextPeriod: 3, status: MembershipStatus.ACTIVE });
    const ended = { membershipId, status: MembershipStatus.CANCELLED };
    await here.coupons.setMembershipStatus(ended, asTest);
    const listed = await there.coupons.listMemberships({ customerId: 'member' }, asTest);
    expect(listed.memberships).toMatchObject([{ status: MembershipStatus.CANCELLED }]);
  });
});
