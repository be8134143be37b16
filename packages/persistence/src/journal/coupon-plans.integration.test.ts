// What commands on coupons look up costs what they name, not what is kept beside it: a book with a
// hundred thousand credits and codes, ten thousand memberships and as many rules of other types.
import { createEngine, type Book, type UnitOfWork } from '@scrip/engine';
import {
  assert,
  couponRecordsOf,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  type Command,
  type CouponNames,
  type CouponRecord,
  type Parsed,
} from '@scrip/kernel';
import { describeFullBook, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const filledSequence = 100_000;
const memberCount = 10_000;
const idKey = new Uint8Array(32).fill(1);
/** The records that were made in the full book, of each kind the last. */
const made = new Map<CouponRecord['kind'], string>();
const idOf = (kind: CouponRecord['kind']): string => made.get(kind) ?? '';

const open = ({ connection }: Pick<TestDatabase, 'connection'>) =>
  openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
const fullBook = {
  open,
  idKey,
  tables: ['coupon_record', 'customer_event', 'event', 'account', 'seal'],
  fill,
};

const byKey = ['coupon_record_pkey', 'event_pkey'];
const byParent = ['coupon_record_parent_idx', ...byKey];
const none: CouponNames = { recordIds: [], codes: [], membershipTypeIds: [] };

interface LookUpCase {
  readonly what: string;
  readonly names: () => Partial<CouponNames>;
  readonly indexes: readonly string[];
  /** Of what is found. */
  readonly count: number;
}

const cases: readonly LookUpCase[] = [
  {
    what: 'a credit',
    names: () => ({ recordIds: [idOf('customer_credit')] }),
    indexes: byKey,
    count: 3,
  },
  {
    what: 'a redemption',
    names: () => ({ recordIds: [idOf('redemption')] }),
    indexes: byKey,
    count: 4,
  },
  {
    what: 'a membership',
    names: () => ({ recordIds: [idOf('membership')] }),
    indexes: byParent,
    count: 5,
  },
  { what: 'a type', names: () => ({ membershipTypeIds: ['gold'] }), indexes: byParent, count: 4 },
  {
    what: 'a code',
    names: () => ({ codes: [{ couponId: 'coupon 1', code: 'CODE 5' }] }),
    indexes: ['coupon_record_code_key'],
    count: 0,
  },
];

describeFullBook('with very many credits, codes, memberships and rules', fullBook, (full) => {
  it.each(cases)('$what is found through $indexes', async ({ names, indexes, count }) => {
    const find = ({ journal }: Database, book: Book) =>
      journal.transact(book, async (unit: UnitOfWork) => {
        await unit.lockHead();
        return unit.findCoupons({ ...none, ...names() });
      });
    const found = await full.read(find, { indexes, indexRowsMax: 20 });
    expect(found).toHaveLength(count);
  });

  it('what is due is found through the indexes of what is due', async () => {
    const read = ({ dueSource }: Database) => dueSource.findDue(20);
    const indexes = ['account_due_idx', 'coupon_record_due_idx', 'seal_pkey'];
    const due = await full.read(read, { indexes, indexRowsMax: 70 });
    expect(due[0]?.membershipIds).toHaveLength(20);
  });
});

/** Of every tenth event a membership, of which each twentieth has something due, and a rule. */
async function fill(client: Client): Promise<void> {
  const rows = `from generate_series(1, ${filledSequence}) n, book b where b.mode = 'test'`;
  await client.query(`
    insert into event (book_id, sequence, kind, body)
    select b.id, n, 25, 'no event' ${rows};
    insert into seal (book_id, last_sequence, created_at, chain_hash)
    select b.id, n, timestamptz 'epoch' + n * interval '1 ms', '' ${rows};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, customer_id,
      multi_use, issued_at)
    select b.id, 3, n, 0, n, 0, 'c' || n % 100, false, now() ${rows};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, parent_id,
      code)
    select b.id, 2, n, 0, n, 0, 'coupon ' || n % 10, 'CODE ' || n ${rows};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, customer_id,
      parent_id, next_due_at)
    select b.id, 5, n, 0, n, 0, 'c' || n, 'gold', now() + n % 20 * interval '1 day'
    ${rows} and n <= ${memberCount};
    insert into coupon_record (book_id, kind, sequence, line, last_sequence, status, parent_id)
    select b.id, 6, n, 0, n, 0, 'type ' || n ${rows} and n <= ${memberCount};
    insert into customer_event (book_id, customer_id, sequence)
    select b.id, 'c' || n % 100, n ${rows};
    update book set head_sequence = ${filledSequence} where mode = 'test'`);
  const { host, port, user = '', database = '' } = client;
  const opened = await open({ connection: { host, port, user, database } });
  try {
    await makeRecords(opened);
  } finally {
    await opened.close();
  }
}

/** One record of each kind, two rules: made by the engine, so that they can be read. */
async function makeRecords({ journal, stores }: Database): Promise<void> {
  const book = await stores.findBook('s', 'test');
  assert(book !== undefined, 'a store has a book');
  const engine = createEngine({ journal, codec: jsonEventCodec });
  const submit = async (command: Parsed<Command>): Promise<void> => {
    assert(command.kind === 'parsed', 'the commands of the test are well-formed');
    const outcome = await engine.submit(book, command.value);
    assert('event' in outcome, 'the commands of the test are accepted');
    for (const { kind, record } of couponRecordsOf(outcome.event)) {
      if ('id' in record) made.set(kind, record.id);
    }
  };
  const value = { kind: 'percentage', percentage: 100 } as const;
  await submit(parseCreateCoupon({ terms: { name: 'Massage', value } }));
  const couponId = idOf('coupon');
  await submit(parseIssueCustomerCredit({ customerId: 'c1', couponId }));
  const use = { customerCreditId: idOf('customer_credit'), reference: 'order' };
  await submit(parseRedeemCustomerCredit({ ...use, idempotencyKey: 'use' }));
  const terms = { couponId, membershipTypeId: 'gold', frequency: 'month' } as const;
  for (let n = 0; n < 2; n++) await submit(parseCreateCreditRule({ terms }));
  await submit(parseCreateMembership({ customerId: 'c1', membershipTypeId: 'gold' }));
}
