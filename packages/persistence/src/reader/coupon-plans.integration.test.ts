// What is read of coupons costs what is answered, not what there is: a customer with 10,000 of
// 100,000 credits, all of one coupon, as many codes, and as many accounts of others.
import type { Book, EventCodec } from '@scrip/engine';
import {
  createIds,
  instantFromMs,
  type BookEvent,
  type Coupon,
  type CouponId,
  type CustomerCredit,
  type CustomerCreditId,
  type Membership,
  type MembershipId,
  type RecordKind,
  type Sequence,
} from '@scrip/kernel';
import { describeFullBook, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

/** The first event made the coupon, the next ones memberships, all others a credit and a code. */
const membershipCount = 1_000;
const head = 100_000;
const startMs = 1_700_000_000_000;
const idKey = new Uint8Array(32).fill(1);
const ids = createIds(idKey);
const at = (sequence: number) => instantFromMs(startMs + sequence);
const idOf = (kind: RecordKind, sequence: number): string =>
  ids.recordId({ kind, sequence: sequence as Sequence, line: 0 }, at(sequence));
const couponId = idOf('coupon', 1) as CouponId;
const ofCustomer = (n: number): string => (n % 10 === 0 ? 'c' : `c${n}`);

const terms = {
  name: 'Massage',
  value: { kind: 'percentage', percentage: 100 },
  offerings: [],
  validWeekdays: [],
  multiUse: false,
  redemptionType: 'manual',
  forLeadBookerOnly: false,
} satisfies Coupon['terms'];

/** A body is the number of its event, so that many of them are made by one statement. */
const numberCodec: EventCodec = {
  encode: ({ sequence }) => Buffer.from(`${sequence}`),
  decode: (bytes) => eventOf(Number(Buffer.from(bytes).toString()) as Sequence),
};

const list = { size: 20, skip: 0, countTotal: false };
const flags = { includeRedeemed: false, includeExpired: false, includeRevoked: false };
const deepId = idOf('customer_credit', 50_000);

const reads: readonly {
  readonly what: string;
  readonly indexes: readonly string[];
  readonly read: (database: Database, book: Book) => Promise<unknown>;
  readonly expected: object;
  /** 150 unless said otherwise. */
  readonly indexRowsMax?: number;
}[] = [
  {
    what: 'a credit',
    indexes: ['coupon_record_pkey', 'event_pkey'],
    read: ({ coupons }, book) => coupons.customerCredit(book, { customerCreditId: deepId }),
    expected: { value: { value: { id: deepId } } },
  },
  {
    what: 'the credits of a customer',
    indexes: ['account_customer_idx', 'coupon_record_customer_idx', 'event_pkey'],
    read: ({ coupons }, book) => coupons.customerCredits(book, { customerId: 'c', ...flags, list }),
    expected: {
      value: {
        value: { items: Array.from({ length: 20 }, (_, n) => ({ sequence: head - 10 * n })) },
      },
    },
  },
  {
    what: 'the credits of a customer from the middle on',
    indexes: [
      'account_customer_idx',
      'coupon_record_customer_idx',
      'coupon_record_pkey',
      'event_pkey',
      'seal_pkey',
    ],
    read: ({ coupons }, book) =>
      coupons.customerCredits(book, {
        customerId: 'c',
        ...flags,
        list: { ...list, after: deepId },
      }),
    expected: { value: { value: { items: { 0: { sequence: 49_990 }, length: 20 } } } },
  },
  {
    what: 'the credits of a customer, counted',
    indexes: ['account_customer_idx', 'coupon_record_customer_idx', 'event_pkey'],
    read: ({ coupons }, book) => {
      const counted = { ...list, countTotal: true };
      return coupons.customerCredits(book, { customerId: 'c', ...flags, list: counted });
    },
    expected: { value: { value: { totalSize: 9_900 } } },
    // Each credit of the customer once.
    indexRowsMax: 10_100,
  },
  {
    what: 'the coupons',
    indexes: ['coupon_record_pkey', 'event_pkey'],
    read: ({ coupons }, book) => coupons.coupons(book, { includeDeleted: false, list }),
    expected: { value: { items: [{ id: couponId }], hasMore: false } },
  },
  {
    what: 'the codes of an old coupon',
    indexes: ['coupon_record_parent_idx', 'coupon_record_pkey', 'event_pkey', 'seal_pkey'],
    read: ({ coupons }, book) => coupons.couponCodes(book, { couponId, list }),
    expected: { value: { items: { 0: { sequence: 30_000 }, length: 20 }, hasMore: true } },
  },
  {
    what: 'the uses of a credit',
    indexes: ['coupon_record_parent_idx', 'coupon_record_pkey', 'seal_pkey'],
    read: ({ coupons }, book) => coupons.redemptions(book, { customerCreditId: deepId, list }),
    expected: { value: { items: [], hasMore: false } },
  },
  {
    what: 'the memberships of a type',
    indexes: ['coupon_record_parent_idx', 'event_pkey'],
    read: ({ coupons }, book) => coupons.memberships(book, { membershipTypeId: 'gold', list }),
    expected: { value: { value: { items: { 0: { sequence: membershipCount + 1 }, length: 20 } } } },
  },
  {
    what: 'the memberships of an old type',
    indexes: ['coupon_record_parent_idx', 'event_pkey'],
    read: ({ coupons }, book) => coupons.memberships(book, { membershipTypeId: 'blue', list }),
    expected: { value: { value: { items: { 0: { sequence: 200 }, length: 20 } } } },
  },
  {
    what: 'the memberships of an old customer',
    indexes: ['coupon_record_customer_idx', 'event_pkey'],
    read: ({ coupons }, book) => coupons.memberships(book, { customerId: 'm2', list }),
    expected: { value: { value: { items: [{ sequence: 2 }] } } },
  },
  {
    what: 'the codes of an old coupon from the middle on',
    indexes: ['coupon_record_parent_idx', 'coupon_record_pkey', 'event_pkey', 'seal_pkey'],
    read: ({ coupons }, book) => {
      const after = idOf('coupon_code', 20_000);
      return coupons.couponCodes(book, { couponId, list: { ...list, after } });
    },
    expected: { value: { items: { 0: { sequence: 19_998 }, length: 20 } } },
  },
  {
    what: 'all memberships',
    indexes: ['coupon_record_pkey', 'event_pkey'],
    read: ({ coupons }, book) => coupons.memberships(book, { list }),
    expected: { value: { value: { items: { 0: { sequence: membershipCount + 1 }, length: 20 } } } },
  },
];

const fullBook = {
  open: ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: numberCodec, allowUnsafe: true }),
  idKey,
  tables: ['account', 'coupon_record', 'event', 'seal'],
  fill,
};

describeFullBook('in a book of 100,000 credits', fullBook, (full) => {
  it.each(reads)('$what: $indexes', async ({ indexes, read, expected, indexRowsMax = 150 }) => {
    expect(await full.read(read, { indexes, indexRowsMax })).toMatchObject(expected);
  });
});

async function fill(client: Client): Promise<void> {
  const instant = `timestamptz 'epoch' + (${startMs} + n) * interval '1 ms'`;
  const series = (from: number, to: number) =>
    `from generate_series(${from}, ${to}) n, book b where b.mode = 'test'`;
  const credits = series(membershipCount + 2, head);
  await client.query(`
    update book set head_sequence = ${head}, last_instant = to_timestamp(${startMs + head} / 1000.0)
    where mode = 'test';
    insert into account (book_id, id, customer_id, name, name_key, unit_label, status, balance,
      held, last_sequence, created_at, updated_at, balance_updated_at, term_count)
    select b.id, n, 'a' || n, n, n, 'credits', 'active', 0, 0, n, ${instant}, now(), now(), 0
    ${series(1, head)};
    insert into event (book_id, sequence, kind, body)
    select b.id, n, 25, convert_to(n::text, 'UTF8') ${series(1, head)};
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select b.id, n, ${instant}, '' ${series(1, head)};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status,
      redemption_type)
    select b.id, 1, n, 0, n, 0, 1 ${series(1, 1)};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, customer_id,
      parent_id, next_due_at)
    select b.id, 5, n, 0, n, 0, 'm' || n, case when n <= 200 then 'blue' else 'gold' end,
      timestamptz '2100-01-01'
    ${series(2, membershipCount + 1)};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, parent_id,
      code)
    select b.id, 2, n, 0, n, 0,
      case when n % 2 = 0 and n <= 30000 then '${couponId}' else 'x' end, n ${credits};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, customer_id,
      multi_use, issued_at)
    select b.id, 3, n, 0, n, 0, case when n % 10 = 0 then 'c' else 'c' || n end, false, ${instant}
    ${credits}`);
}

function eventOf(sequence: Sequence): BookEvent {
  const createdAt = at(sequence);
  const made = { createdAt, updatedAt: createdAt, sequence };
  if (sequence === 1) {
    const coupon = { id: couponId, terms, ...made } satisfies Coupon;
    return { sequence, createdAt, change: { kind: 'coupon_created', coupon } };
  }
  if (sequence <= membershipCount + 1) {
    const membership = {
      id: idOf('membership', sequence) as MembershipId,
      customerId: `m${sequence}`,
      membershipTypeId: sequence <= 200 ? 'blue' : 'gold',
      status: 'inactive',
      anchor: createdAt,
      nextPeriod: 0,
      skippedPeriods: [],
      chargeCount: 0,
      lastIssues: [],
      ...made,
    } satisfies Membership;
    return { sequence, createdAt, change: { kind: 'membership_created', membership } };
  }
  const credit = {
    id: idOf('customer_credit', sequence) as CustomerCreditId,
    customerId: ofCustomer(sequence),
    couponId,
    couponName: terms.name,
    couponCode: `${sequence}`,
    value: terms.value,
    multiUse: false,
    forLeadBookerOnly: false,
    useCount: 0,
    issuedAt: createdAt,
    ...made,
  } satisfies CustomerCredit;
  const couponCode = {
    id: idOf('coupon_code', sequence) as never,
    couponId,
    code: credit.couponCode,
    multiUse: false,
    customerId: credit.customerId,
    customerCreditId: credit.id,
    createdAt,
    sequence,
  };
  return { sequence, createdAt, change: { kind: 'customer_credit_issued', credit, couponCode } };
}
