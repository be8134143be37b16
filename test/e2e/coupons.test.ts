// Coupons, customers' credits and memberships over two servers: what is issued, used and undone,
// and a year of a monthly rule that passes at once.

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { createScripAdminClient, createScripCouponClient } from '@scrip/client/node';
import {
  CustomerCreditStatus,
  IssuingFrequency,
  MembershipStatus,
  type CustomerCredit,
} from '@scrip/contract/coupons';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  instantOf,
  moveClockTo,
  startTermsWorld,
  there,
  type TermsServer,
  type TermsWorld,
} from './terms-world.ts';

let world: TermsWorld;
let one: TermsServer;
let two: TermsServer;

beforeAll(async () => {
  world = await startTermsWorld(2);
  one = world.servers[0];
  two = world.servers[1] ?? one;
});

afterAll(() => world?.stop());

const massage = {
  name: 'Massage',
  value: { case: 'fixedAmount', value: { amount: 6_000n, currency: 'EUR' } },
} as const;

async function makeCoupon(name = 'Massage'): Promise<string> {
  const { coupon } = await one.coupons.createCoupon({ terms: { ...massage, name } });
  return there(coupon).id;
}

async function issue(customerId: string, expiresAtMs?: number): Promise<CustomerCredit> {
  const couponId = await makeCoupon();
  const expires = expiresAtMs === undefined ? {} : { expiresAt: instantOf(expiresAtMs) };
  const answer = await one.coupons.issueCustomerCredit({ customerId, couponId, ...expires });
  return there(answer.customerCredit);
}

it('issues, lists by flags, uses, undoes and revokes, each seen by the other server', async () => {
  const customerId = 'ada';
  const credit = await issue(customerId);
  const customerCreditId = credit.id;
  const listed = async (flags: object = {}) => {
    const { customerCredits } = await two.coupons.listCustomerCredits({ customerId, ...flags });
    return customerCredits.map(({ status }) => status);
  };
  expect(credit).toMatchObject({ couponName: 'Massage', value: massage.value });
  expect(await listed()).toEqual([CustomerCreditStatus.ACTIVE]);
  expect(await listed({ multiUse: true })).toEqual([]);
  const use = { customerCreditId, reference: 'order 7', idempotencyKey: 'ada uses hers' };
  const used = await one.coupons.redeemCustomerCredit(use);
  expect(await two.coupons.redeemCustomerCredit(use)).toEqual(used);
  expect(await listed()).toEqual([]);
  expect(await listed({ includeRedeemed: true })).toEqual([CustomerCreditStatus.REDEEMED]);
  await expect(two.coupons.revokeCustomerCredit({ customerCreditId })).rejects.toMatchObject({
    reason: 'CUSTOMER_CREDIT_NOT_ACTIVE',
    metadata: { status: 'redeemed' },
  });
  await two.coupons.reverseRedemption({ redemptionId: there(used.redemption).id });
  expect(await listed()).toEqual([CustomerCreditStatus.ACTIVE]);
  const revoked = await one.coupons.revokeCustomerCredit({ customerCreditId });
  expect(await two.coupons.revokeCustomerCredit({ customerCreditId })).toEqual(revoked);
  expect(await listed()).toEqual([]);
  expect(await listed({ includeRevoked: true })).toEqual([CustomerCreditStatus.REVOKED]);
});

it('lets one of two tills use a credit that both try to use at the same moment', async () => {
  for (let round = 0; round < 20; round++) {
    const customerCreditId = (await issue('racer')).id;
    const use = ({ coupons }: TermsServer, till: string) =>
      coupons.redeemCustomerCredit({
        customerCreditId,
        reference: till,
        idempotencyKey: `${till} ${round}`,
      });
    const settled = await Promise.allSettled([use(one, 'first till'), use(two, 'second till')]);
    const lost = settled.flatMap((each): unknown =>
      each.status === 'rejected' ? each.reason : [],
    );
    expect(lost).toMatchObject([
      { reason: 'CUSTOMER_CREDIT_NOT_ACTIVE', metadata: { status: 'redeemed' } },
    ]);
    const { customerCredit } = await one.coupons.getCustomerCredit({ customerCreditId });
    expect(customerCredit).toMatchObject({ useCount: 1 });
  }
});

it('lets one of a use and a revocation win at the same moment', async () => {
  for (let round = 0; round < 20; round++) {
    const customerCreditId = (await issue('racer')).id;
    const use = { customerCreditId, reference: 'till', idempotencyKey: `revoked ${round}` };
    const settled = await Promise.allSettled([
      one.coupons.redeemCustomerCredit(use),
      two.coupons.revokeCustomerCredit({ customerCreditId }),
    ]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { customerCredit } = await two.coupons.getCustomerCredit({ customerCreditId });
    const isUsed = settled[0].status === 'fulfilled';
    const { REDEEMED, REVOKED } = CustomerCreditStatus;
    expect(customerCredit).toMatchObject({
      status: isUsed ? REDEEMED : REVOKED,
      useCount: isUsed ? 1 : 0,
    });
  }
});

describe('a key', () => {
  const keyOf = async (scopes: string[]) => {
    const { apiKey } = await one.admin.createApiKey({ name: scopes.join(), scopes });
    return createScripCouponClient({ baseUrl: two.scrip.ledgerUrl, apiKey });
  };

  it('changes nothing with the scope to read, and reads nothing with the other', async () => {
    const { id: customerCreditId, couponId } = await issue('scoped');
    const reader = await keyOf(['coupons:read']);
    const writer = await keyOf(['coupons:write']);
    const revocation = { customerCreditId };
    expect(await reader.getCustomerCredit(revocation)).toBeDefined();
    await expect(reader.revokeCustomerCredit(revocation)).rejects.toMatchObject({
      reason: 'SCOPE_MISSING',
    });
    await expect(writer.getCoupon({ couponId })).rejects.toMatchObject({
      reason: 'SCOPE_MISSING',
    });
    expect(await writer.revokeCustomerCredit(revocation)).toBeDefined();
    const ledgers = await keyOf(['ledger:read', 'ledger:write', 'admin']);
    await expect(ledgers.listCoupons({})).rejects.toMatchObject({ reason: 'SCOPE_MISSING' });
  });

  it('of another store knows none of its ids', async () => {
    const { id: customerCreditId, couponId } = await issue('stranger');
    const operator = createScripAdminClient({
      baseUrl: one.scrip.ledgerUrl,
      apiKey: one.scrip.keys().operator.api_key,
    });
    const { test } = await operator.createStore({ name: 'the other store' });
    const { apiKey } = there(test);
    const other = createScripCouponClient({ baseUrl: two.scrip.ledgerUrl, apiKey });
    const use = { customerCreditId, reference: 'r', idempotencyKey: 'k' };
    await expect(other.redeemCustomerCredit(use)).rejects.toMatchObject({
      reason: 'CUSTOMER_CREDIT_NOT_FOUND',
    });
    await expect(other.getCoupon({ couponId })).rejects.toMatchObject({
      reason: 'COUPON_NOT_FOUND',
    });
    const list = { customerId: 'stranger' };
    await expect(other.listCustomerCredits(list)).rejects.toMatchObject({
      reason: 'CUSTOMER_NOT_FOUND',
    });
  });
});

it('expires a credit at its instant, whoever looks', async () => {
  const now = await moveClockTo(one, 0);
  const { id: customerCreditId } = await issue('expiring', now + 3_600_000);
  const status = async () => {
    const { customerCredit } = await two.coupons.getCustomerCredit({ customerCreditId });
    return customerCredit?.status;
  };
  expect(await status()).toBe(CustomerCreditStatus.ACTIVE);
  await moveClockTo(two, now + 3_600_000);
  expect(await status()).toBe(CustomerCreditStatus.EXPIRED);
  const use = { customerCreditId, reference: 'late', idempotencyKey: 'late' };
  await expect(one.coupons.redeemCustomerCredit(use)).rejects.toMatchObject({
    metadata: { status: 'expired' },
  });
});

it('issues each month of a year once, but for the one that was suspended', async () => {
  const customerId = 'member';
  const year = new Date(await moveClockTo(one, 0)).getUTCFullYear() + 1;
  // The last day of a month, as it falls: periods are counted from the anchor.
  const endOf = (month: number): number => Date.UTC(year, month + 1, 0);
  const after = (month: number): number => endOf(month) + 86_400_000;
  const terms = {
    membershipTypeId: 'gold',
    couponId: await makeCoupon('Monthly massage'),
    frequency: IssuingFrequency.MONTH,
    issueOnSignup: true,
  };
  await one.coupons.createCreditRule({ terms });
  const anchor = { membershipTypeId: 'gold', anchor: instantOf(endOf(0)) };
  const { membership } = await one.coupons.createMembership({ customerId, ...anchor });
  const membershipId = there(membership).id;
  expect(there(membership).status).toBe(MembershipStatus.UPCOMING);

  await moveClockTo(two, after(3));
  await one.coupons.setMembershipStatus({ membershipId, status: MembershipStatus.INACTIVE });
  await moveClockTo(one, after(4));
  await two.coupons.setMembershipStatus({ membershipId, status: MembershipStatus.ACTIVE });
  await moveClockTo(one, after(5));
  // Two issues are due while nobody is there.
  await moveClockTo(two, after(7));
  await Promise.all(world.servers.map(({ scrip }) => scrip.kill('SIGKILL')));
  await Promise.all(world.servers.map(({ scrip }) => scrip.restart()));
  await moveClockTo(one, endOf(11));

  const flags = { includeExpired: true, includeRedeemed: true, includeRevoked: true };
  const asked = { customerId, ...flags, countTotal: true };
  const [here, elsewhere] = await Promise.all([
    one.coupons.listCustomerCredits(asked),
    two.coupons.listCustomerCredits(asked),
  ]);
  expect(elsewhere.customerCredits).toEqual(here.customerCredits);
  const issued = here.customerCredits.toReversed().map((credit) => {
    const { ruleIssue, issuedAt, expiresAt } = credit;
    const [from, to] = [there(issuedAt), there(expiresAt)].map(timestampMs);
    return { period: ruleIssue?.period, from, to };
  });
  const periods = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11];
  expect(issued).toEqual(
    periods.map((period) => ({ period, from: endOf(period), to: endOf(period + 1) })),
  );
  const { membership: now } = await two.coupons.getMembership({ membershipId });
  expect(now).toMatchObject({ nextPeriod: 12, skippedPeriods: [4] });
});

it('leaves a book that is intact', async () => {
  const { exitCode, stdout } = await world.verify();
  expect(stdout).toContain('intact');
  expect(exitCode).toBe(0);
});
