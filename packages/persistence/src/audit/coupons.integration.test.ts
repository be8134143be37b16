// Coupons, credits and memberships of a book on PostgreSQL verify as intact; what is changed by
// hand is found and named, in the tables and in the events, even when their seals were made to fit.
import { createEngine, genesisHash, nextChainHash, verifyBook, type Book } from '@scrip/engine';
import {
  assert,
  couponRecordsOf,
  parseCreateCoupon,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  type BookEvent,
  type Command,
  type CouponRecord,
  type Parsed,
} from '@scrip/kernel';
import { openTestDatabase, jsonEventCodec, type TestDatabase } from '@scrip/testkit';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let client: Client;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;
let book: Book;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, client, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

/**
 * 1 makes a coupon, 2 issues a credit, 3 redeems it, 4 reverses that, 5 issues another, 6 revokes
 * it, 7 makes a rule, 8 a membership, 9 signs it up, with a credit of the rule, 10 redeems that.
 */
beforeEach(async () => {
  book = await makeBook();
  const engine = createEngine({ journal: database.journal, codec: jsonEventCodec });
  const idOf = (kind: CouponRecord['kind'], event: BookEvent): string => {
    const each = couponRecordsOf(event).find((record) => record.kind === kind);
    assert(each !== undefined && 'id' in each.record, 'the record was made');
    return each.record.id;
  };
  const submit = async (command: Parsed<Command>) => {
    assert(command.kind === 'parsed', 'the commands of the tests are well-formed');
    const outcome = await engine.submit(book, command.value);
    assert('event' in outcome, 'the commands of the tests are accepted');
    return outcome.event;
  };
  const use = (customerCreditId: string, idempotencyKey: string) =>
    parseRedeemCustomerCredit({ customerCreditId, reference: 'order', idempotencyKey });
  const value = { kind: 'percentage', percentage: 100 } as const;
  const coupon = await submit(parseCreateCoupon({ terms: { name: 'Massage', value } }));
  const issue = parseIssueCustomerCredit({
    customerId: 'ada',
    couponId: idOf('coupon', coupon),
    expiresAt: (Date.now() + 86_400_000) as never,
  });
  const first = idOf('customer_credit', await submit(issue));
  const redemptionId = idOf('redemption', await submit(use(first, 'one')));
  await submit(parseReverseRedemption({ redemptionId }));
  const customerCreditId = idOf('customer_credit', await submit(issue));
  await submit(parseRevokeCustomerCredit({ customerCreditId }));
  const terms = { couponId: idOf('coupon', coupon), membershipTypeId: 'gold' };
  const rule = { ...terms, frequency: 'month', issueOnSignup: true } as const;
  await submit(parseCreateCreditRule({ terms: rule }));
  await submit(parseCreateMembership({ customerId: 'bob', membershipTypeId: 'gold' }));
  const { rows } = await client.query<{ readonly body: Buffer }>(
    'select body from event where book_id = $1 and sequence = 9',
    [book.id],
  );
  const signedUp = jsonEventCodec.decode(rows[0]?.body ?? new Uint8Array());
  await submit(use(idOf('customer_credit', signedUp), 'two'));
});

const tampered: readonly [what: string, statement: string, difference: object][] = [
  ['the status of a credit', `set status = 0 where kind = 3 and sequence = 5`, { sequence: 6 }],
  ['a customer', `set customer_id = 'eve' where kind = 3 and sequence = 2`, { sequence: 4 }],
  ['an end', `set expires_at = expires_at + interval '1 day' where kind = 3`, { sequence: 4 }],
  ['a start', `set issued_at = issued_at + interval '1 day' where kind = 3`, { sequence: 4 }],
  ['how often it may be used', `set multi_use = true where kind = 3`, { sequence: 4 }],
  ['a period', `set period_key = 'none' where kind = 3 and sequence = 9`, { sequence: 10 }],
  ['a code', `set code = 'FREE' where kind = 2 and sequence = 2`, { sequence: 2 }],
  ['the type of a coupon', `set redemption_type = 2 where kind = 1`, { sequence: 1 }],
  ['whose redemption it is', `set parent_id = 'x' where kind = 4`, { sequence: 4 }],
  ['when a period begins', `set next_due_at = null where kind = 5`, { sequence: 9 }],
  ['the type of a rule', `set parent_id = 'silver' where kind = 6`, { sequence: 7 }],
  ['where uses are told', `set last_sequence = 3 where kind = 7`, { sequence: 10 }],
  ['the place of a rule', `set line = 1 where kind = 6`, {}],
];

it.each(tampered)('names the record whose row has another %s', async (...tampering) => {
  const [, statement, difference] = tampering;
  expect(await verify()).toMatchObject({ kind: 'intact', sequence: 10 });
  const text = statement.replace(' where ', ' where book_id = $1 and ');
  await client.query(`update coupon_record ${text}`, [book.id]);
  expect(await verify()).toMatchObject({
    kind: 'different',
    difference: { place: 'coupon', ...difference },
  });
});

it.each([
  ['a missing row', 'delete from coupon_record where book_id = $1 and kind = 4', { sequence: 4 }],
  [
    'an event that a customer lacks',
    'delete from customer_event where book_id = $1 and sequence = 3',
    { sequence: 3 },
  ],
  [
    'an event that is said to be of another customer',
    `update customer_event set customer_id = 'eve' where book_id = $1 and sequence = 9`,
    { sequence: 9 },
  ],
  [
    'an event that is of no customer',
    `insert into customer_event values ($1, 'ada', 7)`,
    { sequence: 7 },
  ],
])('names %s', async (_, statement, difference) => {
  await client.query(statement, [book.id]);
  expect(await verify()).toMatchObject({
    kind: 'different',
    difference: { place: 'coupon', ...difference },
  });
});

/** Where in an event, and what stands there then. */
type Part = readonly [path: string, value: unknown];

const forgeries: readonly [what: string, sequence: number, parts: readonly Part[], said: string][] =
  [
    ['how often a credit was used', 3, [['change.credit.useCount', 2]], 'other uses of credit'],
    ['how often a coupon was', 3, [['change.uses.all', 2]], 'other uses of coupon'],
    ['when a credit ends', 3, [['change.credit.expiresAt', 4e12]], 'the end of credit'],
    ['that it can be used again', 3, [['change.credit.redeemedAt', undefined]], 'another end'],
    ['that a use counts after it was undone', 4, [['change.credit.useCount', 1]], 'other uses'],
    ['that a credit is new', 5, [['change.credit.useCount', 1]], 'not new'],
    ['whose credit is revoked', 6, [['change.credit.id', 'x']], 'cannot be replayed'],
  ];

it.each(forgeries)('names the event that was forged in %s', async (...forgery) => {
  const [, sequence, parts, said] = forgery;
  expect(await verify()).toMatchObject({ kind: 'intact', sequence: 10 });
  await forge(sequence, () => parts);
  expect(await verify()).toMatchObject({
    kind: 'different',
    difference: { place: 'event', sequence, message: expect.stringContaining(said) as string },
  });
});

it('names the event that uses a credit after it was revoked', async () => {
  const credits = await creditsOf([6]);
  // The use of a member's credit becomes one of the credit that was revoked before.
  await forge(10, () => [['change.credit', credits[0]]]);
  expect(await verify()).toMatchObject({
    difference: { sequence: 10, message: expect.stringContaining('not active') as string },
  });
});

it('names the event whose record has the id of no place of it', async () => {
  await forge(2, (event) => {
    const [credit] = couponRecordsOf(event);
    assert(credit?.kind === 'customer_credit', 'the event issued a credit');
    const place = book.ids.recordPlace(credit.record.id);
    assert(place !== undefined, 'an id tells a place');
    const guessed = book.ids.recordId(place, (event.createdAt + 1) as never);
    return [['change.credit.id', guessed]];
  });
  expect(await verify()).toMatchObject({
    difference: { sequence: 2, message: expect.stringContaining('no event made') as string },
  });
});

async function creditsOf(sequences: readonly number[]): Promise<readonly unknown[]> {
  const { rows } = await client.query<{ readonly body: Buffer }>(
    'select body from event where book_id = $1 and sequence = any ($2) order by sequence',
    [book.id, sequences],
  );
  return rows.map(({ body }) => couponRecordsOf(jsonEventCodec.decode(body))[0]?.record);
}

function verify() {
  return verifyBook(book, { source: database.auditSource, codec: jsonEventCodec });
}

/** Changes parts of an event, and makes all seals fit. */
async function forge(
  sequence: number,
  partsOf: (event: BookEvent) => readonly Part[],
): Promise<void> {
  const { rows } = await client.query<{ readonly sequence: string; readonly body: Buffer }>(
    'select sequence, body from event where book_id = $1 order by sequence',
    [book.id],
  );
  const { rows: seals } = await client.query<{ readonly last_sequence: string }>(
    'select last_sequence from seal where book_id = $1 order by last_sequence',
    [book.id],
  );
  let hash = genesisHash;
  let bodies: Uint8Array[] = [];
  for (const row of rows) {
    const isIt = Number(row.sequence) === sequence;
    const event = jsonEventCodec.decode(row.body);
    if (isIt) for (const [path, value] of partsOf(event)) setAt(event, path, value);
    const body = isIt ? jsonEventCodec.encode(event) : row.body;
    bodies.push(body);
    await client.query('update event set body = $3 where book_id = $1 and sequence = $2', [
      book.id,
      row.sequence,
      body,
    ]);
    if (!seals.some((seal) => seal.last_sequence === row.sequence)) continue;
    hash = nextChainHash(hash, bodies);
    bodies = [];
    await client.query(
      'update seal set chain_hash = $3 where book_id = $1 and last_sequence = $2',
      [book.id, row.sequence, hash],
    );
  }
}

function setAt(event: BookEvent, path: string, value: unknown): void {
  const names = path.split('.');
  let at = event as unknown as Record<string, unknown>;
  for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[names.at(-1) ?? ''] = value;
}
