// The reader of coupons, credits, memberships and rules on PostgreSQL: each read is one statement.
import type {
  AsOf,
  Book,
  CountedPage,
  CouponReader,
  CreditRulesQuery,
  CustomerCreditsQuery,
  MembershipsQuery,
  ReadAnswer,
} from '@scrip/engine';
import {
  nextPeriodAt,
  refuseUnknownCoupon,
  refuseUnknownCredit,
  refuseUnknownCustomer,
  refuseUnknownMembership,
  refuseUnknownRule,
  type CustomerCredit,
  type Instant,
  type Membership,
} from '@scrip/kernel';
import { sql, type RawBuilder } from 'kysely';
import { couponStatuses, redemptionTypes } from '../mapping/coupon-row.ts';
import { customerFacts, dueCountMax, dueMembershipIdsOf, parentOf } from './coupon-facts.ts';
import type { ReadContext } from './read-context.ts';
import { readRecordPage, type RecordOrder } from './read-record-page.ts';
import { readRecord } from './read-record.ts';

const every = sql<boolean>`true`;
const notDeleted = sql<boolean>`status = ${couponStatuses.open}::int2`;

/** Only the index of customers has this order. */
const byIssue: RecordOrder = { columns: ['issued_at', 'sequence', 'line'] };
/** By age: memberships have no issue. No plan looks for them among all of the book. */
const ofCustomer: RecordOrder = { ...byIssue, compared: ['sequence', 'line'] };
/** By age. Only the index of parents has this order, where the parent is no constant. */
const ofParent: RecordOrder = { columns: ['parent_id', 'sequence', 'line'] };

/** Makes the reader. */
export function createCouponReader(context: ReadContext): CouponReader {
  return {
    coupon: async (book, id) => {
      const named = { kind: 'coupon', id, refuseUnknown: refuseUnknownCoupon } as const;
      return answerOf(await readRecord(context, book, named), ({ record }) => record);
    },
    coupons: async (book, { redemptionType, includeDeleted, list }) => {
      const kept = allOf([
        includeDeleted ? every : notDeleted,
        redemptionType === undefined
          ? every
          : sql<boolean>`redemption_type = ${redemptionTypes[redemptionType]}::int2`,
      ]);
      const found = await readRecordPage(context, book, { kind: 'coupon', list, of: every, kept });
      return answerOf(found, ({ page }) => page);
    },
    couponCodes: async (book, { couponId, list }) => {
      const named = { id: couponId, refuseUnknown: refuseUnknownCoupon };
      const { id, ...parent } = parentOf(book, 'coupon', named);
      const part = { list, of: isOfParent(id), kept: every, order: ofParent };
      const asked = { kind: 'coupon_code', ...part, ...parent } as const;
      return answerOf(await readRecordPage(context, book, asked), ({ page }) => page);
    },
    customerCredit: async (book, { customerCreditId: id, customerId }) => {
      const isMeant = (credit: CustomerCredit): boolean =>
        customerId === undefined || credit.customerId === customerId;
      const refuseUnknown = refuseUnknownCredit;
      const named = { kind: 'customer_credit', id, refuseUnknown, isMeant } as const;
      return answerOf(await readRecord(context, book, named), ({ record, instant }) => {
        return { value: record, instant, dueMembershipIds: [] };
      });
    },
    customerCredits: (book, query) => readCustomerCredits(context, book, query),
    redemptions: async (book, { customerCreditId, customerId, list }) => {
      const named = { id: customerCreditId, customerId, refuseUnknown: refuseUnknownCredit };
      const { id, ...parent } = parentOf(book, 'customer_credit', named);
      const part = { list, of: isOfParent(id), kept: every, order: ofParent };
      const asked = { kind: 'redemption', ...part, ...parent } as const;
      return answerOf(await readRecordPage(context, book, asked), ({ page }) => page);
    },
    membership: async (book, id) => {
      const named = { kind: 'membership', id, refuseUnknown: refuseUnknownMembership } as const;
      return answerOf(await readRecord(context, book, named), ({ record, instant }) => {
        return { value: record, instant, dueMembershipIds: dueOf([record], instant) };
      });
    },
    memberships: (book, query) => readMemberships(context, book, query),
    creditRule: async (book, id) => {
      const named = { kind: 'credit_rule', id, refuseUnknown: refuseUnknownRule } as const;
      return answerOf(await readRecord(context, book, named), ({ record }) => record);
    },
    creditRules: (book, query) => readCreditRules(context, book, query),
  };
}

async function readCustomerCredits(
  context: ReadContext,
  book: Book,
  query: CustomerCreditsQuery,
): Promise<ReadAnswer<AsOf<CountedPage<CustomerCredit>>>> {
  const { customerId, list } = query;
  const found = await readRecordPage(context, book, {
    kind: 'customer_credit',
    list,
    of: sql<boolean>`customer_id = ${customerId}::text`,
    kept: isInList(query),
    order: byIssue,
    facts: customerFacts(customerId),
    judge: (facts) => (facts.is_known ? undefined : refuseUnknownCustomer(customerId)),
  });
  return answerOf(found, ({ page, instant, facts }) => {
    return { value: page, instant, dueMembershipIds: dueMembershipIdsOf(book, facts) };
  });
}

/** The order of `creditStatus`: revoked, redeemed, expired, active. */
function isInList(query: CustomerCreditsQuery): RawBuilder<boolean> {
  const { includeRevoked, includeRedeemed, includeExpired, multiUse } = query;
  const { open, closed, revoked } = couponStatuses;
  return allOf([
    includeRevoked ? every : sql<boolean>`status <> ${revoked}::int2`,
    includeRedeemed ? every : sql<boolean>`status <> ${closed}::int2`,
    includeExpired
      ? every
      : sql<boolean>`(status <> ${open}::int2 or expires_at is null or expires_at > k.now_at)`,
    multiUse === undefined ? every : sql<boolean>`multi_use = ${multiUse}::boolean`,
  ]);
}

async function readMemberships(
  context: ReadContext,
  book: Book,
  query: MembershipsQuery,
): Promise<ReadAnswer<AsOf<CountedPage<Membership>>>> {
  const { customerId, membershipTypeId, list } = query;
  const of = allOf([
    customerId === undefined ? every : sql<boolean>`customer_id = ${customerId}::text`,
    membershipTypeId === undefined ? every : isOfParent(membershipTypeId),
  ]);
  const order = orderOf(query);
  const asked = { kind: 'membership', list, of, kept: every, ...order } as const;
  const found = await readRecordPage(context, book, asked);
  return answerOf(found, ({ page, instant }) => {
    return { value: page, instant, dueMembershipIds: dueOf(page.items, instant) };
  });
}

function orderOf({ customerId, membershipTypeId }: MembershipsQuery): {
  readonly order?: RecordOrder;
} {
  if (customerId !== undefined) return { order: ofCustomer };
  return membershipTypeId === undefined ? {} : { order: ofParent };
}

async function readCreditRules(context: ReadContext, book: Book, query: CreditRulesQuery) {
  const { membershipTypeId, list } = query;
  const of = membershipTypeId === undefined ? every : isOfParent(membershipTypeId);
  const order = orderOf(query);
  const asked = { kind: 'credit_rule', list, of, kept: notDeleted, ...order } as const;
  return answerOf(await readRecordPage(context, book, asked), ({ page }) => page);
}

function dueOf(memberships: readonly Membership[], instant: Instant) {
  const isDue = (membership: Membership): boolean =>
    (nextPeriodAt(membership) ?? Infinity) <= instant;
  return memberships
    .filter(isDue)
    .slice(0, dueCountMax)
    .map(({ id }) => id);
}

/** Not by `=`, since plans would leave a constant out of the order. */
function isOfParent(id: string): RawBuilder<boolean> {
  return sql<boolean>`parent_id >= ${id}::text and parent_id <= ${id}::text`;
}

function allOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

function answerOf<From, To>(found: ReadAnswer<From>, map: (value: From) => To): ReadAnswer<To> {
  return found.kind === 'refused' ? found : { ...found, value: map(found.value) };
}
