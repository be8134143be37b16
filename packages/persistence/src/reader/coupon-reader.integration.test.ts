// Reads of coupons, credits, memberships and rules on PostgreSQL: which are listed, in which order,
// and what is known of a customer.
import {
  createEngine,
  type Book,
  type CustomerCreditsQuery,
  type Engine,
  type ListRequest,
  type ReadAnswer,
} from '@scrip/engine';
import {
  assert,
  couponRecordsOf,
  creditStatus,
  instantFromMs,
  parseCreateAccount,
  parseCreateCoupon,
  parseCreateCouponCode,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  type BookEvent,
  type Command,
  type CouponRecord,
  type CustomerCreditStatus,
  type Parsed,
} from '@scrip/kernel';
import { jsonEventCodec, openTestDatabase, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const day = 86_400_000;

let database: Database;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;
let book: Book;
let engine: Engine;
let keyCount = 0;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

beforeEach(async () => {
  book = await makeBook();
  engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
});

async function submit(command: Parsed<Command>): Promise<BookEvent> {
  assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
  const outcome = await engine.submit(book, command.value);
  assert('event' in outcome, 'the commands of the tests are accepted');
  return outcome.event;
}

async function idOf(command: Parsed<Command>, kind: CouponRecord['kind']): Promise<string> {
  const event = await submit(command);
  const made = couponRecordsOf(event).find((each) => each.kind === kind);
  assert(made !== undefined && 'id' in made.record, `the event made a ${kind}`);
  return made.record.id;
}

const advance = (byMs: number) =>
  submit({ kind: 'parsed', value: { kind: 'advance_clock', byMs } });
const coupon = (multiUse = false) => {
  const value = { kind: 'percentage', percentage: 10 } as const;
  return idOf(parseCreateCoupon({ terms: { name: 'Ten off', value, multiUse } }), 'coupon');
};
const issue = (couponId: string, customerId = 'ada', expiresInMs?: number) => {
  const expiresAt = expiresInMs === undefined ? {} : { expiresAt: inMs(expiresInMs) };
  const command = parseIssueCustomerCredit({ customerId, couponId, ...expiresAt });
  return idOf(command, 'customer_credit');
};
const inMs = (ms: number) => instantFromMs(Date.now() + ms);
const redeem = (customerCreditId: string) => {
  const use = { customerCreditId, reference: 'order', idempotencyKey: `use ${++keyCount}` };
  return idOf(parseRedeemCustomerCredit(use), 'redemption');
};
const revoke = (customerCreditId: string) =>
  submit(parseRevokeCustomerCredit({ customerCreditId }));

const whole: ListRequest = { size: 100, skip: 0, countTotal: true };

function valueOf<T>(answer: ReadAnswer<T>): T {
  assert(answer.kind === 'read', 'the read was answered');
  return answer.value;
}

describe('the credits of a customer', () => {
  const flags = [false, true];
  const queries = flags.flatMap((includeRedeemed) =>
    flags.flatMap((includeExpired) =>
      flags.flatMap((includeRevoked) =>
        [undefined, false, true].map((multiUse) => {
          const kept = multiUse === undefined ? {} : { multiUse };
          return { includeRedeemed, includeExpired, includeRevoked, ...kept };
        }),
      ),
    ),
  );

  it('are those of the statuses that are asked for, whatever the flags', async () => {
    const [single, multi] = [await coupon(false), await coupon(true)];
    type Made = { readonly status: CustomerCreditStatus; readonly multiUse: boolean };
    const made = new Map<string, Made>();
    const make = async (multiUse: boolean, status: CustomerCreditStatus, expiresInMs?: number) => {
      const id = await issue(multiUse ? multi : single, 'ada', expiresInMs);
      made.set(id, { multiUse, status });
      return id;
    };
    for (const multiUse of flags) {
      await make(multiUse, 'active');
      await make(multiUse, 'active', 30 * day);
      await make(multiUse, 'expired', day);
      // Revoked goes before redeemed and expired, redeemed before expired.
      await revoke(await make(multiUse, 'revoked'));
      await revoke(await make(multiUse, 'revoked', day));
      // A multi-use credit is never used up.
      await redeem(await make(multiUse, multiUse ? 'active' : 'redeemed'));
      await redeem(await make(multiUse, multiUse ? 'expired' : 'redeemed', day));
    }
    await issue(single, 'somebody else');
    await advance(2 * day);
    expect(queries).toHaveLength(24);
    for (const query of queries) {
      const isKept = ({ status, multiUse }: Made): boolean =>
        (query.multiUse === undefined || query.multiUse === multiUse) &&
        { active: true, ...keptBy(query) }[status];
      const expected = [...made].flatMap(([id, each]) => (isKept(each) ? [id] : [])).toReversed();
      const asked = { customerId: 'ada', ...query, list: whole };
      const answer = valueOf(await database.coupons.customerCredits(book, asked));
      const { items, totalSize } = answer.value;
      expect({ query, ids: items.map(({ id }) => id) }).toEqual({ query, ids: expected });
      expect(totalSize).toBe(expected.length);
      const statuses = items.map((credit) => creditStatus(credit, answer.instant));
      expect(statuses).toEqual(expected.map((id) => made.get(id)?.status));
    }
  });

  function keptBy(query: Omit<CustomerCreditsQuery, 'customerId' | 'list'>) {
    const { includeExpired, includeRedeemed, includeRevoked } = query;
    return { expired: includeExpired, redeemed: includeRedeemed, revoked: includeRevoked };
  }

  const active = {
    customerId: 'ada',
    includeRedeemed: false,
    includeExpired: false,
    includeRevoked: false,
  };

  it('come page by page, whatever ended meanwhile', async () => {
    const couponId = await coupon();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await issue(couponId));
    const read = async (list: Partial<ListRequest>) => {
      const query = { ...active, list: { ...whole, countTotal: false, ...list } };
      const { items, ...page } = valueOf(await database.coupons.customerCredits(book, query)).value;
      return { ids: items.map(({ id }) => id), ...page };
    };
    const [first = '', second = ''] = ids;
    expect(await read({ size: 2 })).toEqual({ ids: ids.slice(0, 2), hasMore: true });
    await revoke(second);
    expect(await read({ size: 3, after: second })).toEqual({ ids: ids.slice(2), hasMore: false });
    expect(await read({ size: 1, after: first.toUpperCase(), skip: 1 })).toEqual({
      ids: ids.slice(3, 4),
      hasMore: true,
    });
    expect(await read({ skip: 4 })).toEqual({ ids: [], hasMore: false });
  });

  it.each([
    ['another customer has', () => coupon().then((id) => issue(id, 'somebody else'))],
    ['is a coupon', () => coupon()],
    ['is none', () => Promise.resolve('no id')],
    [
      'was guessed',
      async () => {
        const id = await issue(await coupon());
        return `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
      },
    ],
  ])('do not go on behind what %s', async (_what, makeCursor) => {
    await issue(await coupon());
    const query = { ...active, list: { ...whole, after: await makeCursor() } };
    expect(await database.coupons.customerCredits(book, query)).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'CURSOR_INVALID', metadata: { field: 'starting_after' } },
    });
  });

  it('are none of one whom only an account, a code or a membership names', async () => {
    await submit(parseCreateAccount({ customerId: 'by account' }));
    const couponId = await coupon();
    await submit(parseCreateCouponCode({ couponId, code: 'HERS', customerId: 'by code' }));
    const gold = { membershipTypeId: 'gold', status: 'reserved' } as const;
    await submit(parseCreateMembership({ customerId: 'by membership', ...gold }));
    const read = (customerId: string) =>
      database.coupons.customerCredits(book, { ...active, customerId, list: whole });
    for (const customerId of ['by account', 'by code', 'by membership']) {
      expect(valueOf(await read(customerId)).value).toEqual({
        items: [],
        hasMore: false,
        totalSize: 0,
      });
    }
    expect(await read('nobody')).toMatchObject({ refusal: { reason: 'CUSTOMER_NOT_FOUND' } });
  });

  it('tell of their memberships which periods nobody has booked yet', async () => {
    const couponId = await coupon();
    const gold = { membershipTypeId: 'gold', couponId, frequency: 'month' } as const;
    await submit(parseCreateCreditRule({ terms: { ...gold, issueOnSignup: true } }));
    const member = parseCreateMembership({ customerId: 'ada', membershipTypeId: 'gold' });
    const membershipId = await idOf(member, 'membership');
    const read = async () => valueOf(await database.coupons.customerCredits(book, due));
    const due = { ...active, includeExpired: true, list: whole };
    expect(await read()).toMatchObject({ dueMembershipIds: [], value: { items: [{}] } });
    await advance(32 * day);
    expect(await read()).toMatchObject({
      dueMembershipIds: [membershipId],
      value: { items: [{}] },
    });
    const one = await database.coupons.membership(book, membershipId);
    expect(valueOf(one).dueMembershipIds).toEqual([membershipId]);
    const listed = await database.coupons.memberships(book, { list: whole });
    expect(valueOf(listed).dueMembershipIds).toEqual([membershipId]);
    await engine.submit(book, { kind: 'book_membership_periods', membershipId });
    const after = await read();
    expect(after).toMatchObject({ dueMembershipIds: [] });
    expect(after.value.items.map(({ ruleIssue }) => ruleIssue?.period)).toEqual([1, 0]);
    const next = valueOf(await database.coupons.membership(book, membershipId));
    expect(next).toMatchObject({ value: { nextPeriod: 2 }, dueMembershipIds: [] });
  });
});

describe('the uses of a credit', () => {
  it('are its own, newest first, and those that were undone as well', async () => {
    const couponId = await coupon(true);
    const [customerCreditId, other] = [await issue(couponId), await issue(couponId)];
    const uses = [await redeem(customerCreditId), await redeem(customerCreditId)];
    await redeem(other);
    await submit(parseReverseRedemption({ redemptionId: uses[0] ?? '' }));
    const query = { customerCreditId, list: whole };
    const page = valueOf(await database.coupons.redemptions(book, query));
    expect(page.items.map(({ id }) => id)).toEqual(uses.toReversed());
    expect(page.items.map(({ reversedAt }) => reversedAt !== undefined)).toEqual([false, true]);
    expect(page.totalSize).toBe(2);
    for (const id of ['no id', 'a\u0000b', couponId]) {
      const unknown = database.coupons.redemptions(book, { ...query, customerCreditId: id });
      expect(await unknown).toMatchObject({ refusal: { reason: 'CUSTOMER_CREDIT_NOT_FOUND' } });
    }
    const his = await database.coupons.redemptions(book, { ...query, customerId: 'his' });
    expect(his).toMatchObject({ refusal: { reason: 'CUSTOMER_CREDIT_NOT_FOUND' } });
  });
});

describe('a list of', () => {
  it('codes has those that were made by hand and those of credits', async () => {
    const couponId = await coupon();
    await submit(parseCreateCouponCode({ couponId, code: 'SUMMER' }));
    await issue(couponId);
    await issue(await coupon());
    const page = valueOf(await database.coupons.couponCodes(book, { couponId, list: whole }));
    expect(page.items.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^.{4}-.{4}-.{5}$/),
      'SUMMER',
    ]);
  });

  it('memberships keeps those of a customer and of a type', async () => {
    const make = (customerId: string, membershipTypeId: string) =>
      idOf(parseCreateMembership({ customerId, membershipTypeId }), 'membership');
    const [adasGold, adasBlue, bobsGold] = [
      await make('ada', 'gold'),
      await make('ada', 'blue'),
      await make('bob', 'gold'),
    ];
    const read = async (query: { customerId?: string; membershipTypeId?: string }) => {
      const page = valueOf(await database.coupons.memberships(book, { ...query, list: whole }));
      return page.value.items.map(({ id }) => id);
    };
    expect(await read({})).toEqual([bobsGold, adasBlue, adasGold]);
    expect(await read({ customerId: 'ada' })).toEqual([adasBlue, adasGold]);
    expect(await read({ membershipTypeId: 'gold' })).toEqual([bobsGold, adasGold]);
    expect(await read({ customerId: 'bob', membershipTypeId: 'gold' })).toEqual([bobsGold]);
    expect(await read({ customerId: 'bob', membershipTypeId: 'blue' })).toEqual([]);
  });

  it('rules leaves out those that are deleted, which are read by their ids', async () => {
    const couponId = await coupon();
    const make = (membershipTypeId: string) => {
      const terms = { membershipTypeId, couponId, frequency: 'month' } as const;
      return idOf(parseCreateCreditRule({ terms }), 'credit_rule');
    };
    const [gone, gold, blue] = [await make('gold'), await make('gold'), await make('blue')];
    await submit({ kind: 'parsed', value: { kind: 'delete_credit_rule', ruleId: gone } });
    const read = async (query: { membershipTypeId?: string }) => {
      const page = valueOf(await database.coupons.creditRules(book, { ...query, list: whole }));
      return page.items.map(({ id }) => id);
    };
    expect(await read({})).toEqual([blue, gold]);
    expect(await read({ membershipTypeId: 'gold' })).toEqual([gold]);
    const deleted = valueOf(await database.coupons.creditRule(book, gone));
    expect(deleted.deletedAt).toBeDefined();
  });
});
