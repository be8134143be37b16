// What every journal promises about coupons, credits and memberships, in memory or on PostgreSQL.
import {
  assert,
  couponRecordsOf,
  parseCreateCoupon,
  parseCreateCouponCode,
  parseCreateCreditRule,
  parseCreateMembership,
  parseIssueCustomerCredit,
  parseRedeemCustomerCredit,
  parseReverseRedemption,
  parseRevokeCustomerCredit,
  present,
  type BookEvent,
  type Command,
  type CouponNames,
  type CouponRecord,
  type Parsed,
} from '@scrip/kernel';
import { createEngine, type Book, type FoundCoupon } from '@scrip/engine';
import { expect, it } from 'vitest';
import { recordsOf } from './coupon-book.ts';
import type { JournalUnderTest } from './journal-under-test.ts';

type Make = () => Promise<JournalUnderTest>;

/** Describes what a journal promises about coupons. `make` is called once for each test. */
export function describeCoupons(make: Make): void {
  it('finds what commands on coupons name, and what that leads to', async () => {
    const { find, submit, coupon, issue, use } = await open(make);
    const couponId = await coupon();
    const [first, second] = [await issue(couponId), await issue(couponId)];
    const used = await submit(use(first, 'a'));
    const [redemption] = recordsOf([used], 'redemption');
    const other = await coupon();
    expect(namesOf(await find({ recordIds: [redemption?.id ?? ''] }))).toEqual(
      new Set([redemption?.id, first, couponId, `uses of ${couponId}`]),
    );
    expect(namesOf(await find({ recordIds: [second, other] }))).toEqual(
      new Set([second, couponId, `uses of ${couponId}`, other]),
    );
    const found = await find({ recordIds: [first] });
    const credit = found.find(
      (each) => 'id' in each.found.record && each.found.record.id === first,
    );
    // With the event that last touched it, as that left it.
    expect(credit?.event).toEqual(used);
    expect(credit?.found.record).toMatchObject({ useCount: 1 });
  });

  it('finds the rules of a membership, and those of a type, with their coupons', async () => {
    const { find, coupon, rule, membership } = await open(make);
    const couponId = await coupon();
    const rules = [await rule(couponId), await rule(couponId)];
    const silver = await rule(couponId, 'silver');
    const id = await membership();
    const gold = new Set([...rules, couponId]);
    expect(namesOf(await find({ recordIds: [id] }))).toEqual(new Set([id, ...gold]));
    expect(namesOf(await find({ membershipTypeIds: ['gold'] }))).toEqual(gold);
    expect(namesOf(await find({ recordIds: [id, silver] }))).toEqual(
      new Set([id, silver, ...gold]),
    );
    expect(await find({ membershipTypeIds: ['bronze'] })).toEqual([]);
    // A type may be called as a coupon is.
    const strange = await rule(couponId, couponId);
    expect(namesOf(await find({ membershipTypeIds: [couponId] }))).toEqual(
      new Set([strange, couponId]),
    );
  });

  it('finds whether a code is taken', async () => {
    const { find, coupon, submit } = await open(make);
    const [couponId, other] = [await coupon(), await coupon()];
    const made = await submit(parseCreateCouponCode({ couponId, code: 'SPA' }));
    const codes = [
      { couponId, code: 'SPA' },
      { couponId: other, code: 'SPA' },
      { couponId, code: 'SPB' },
    ];
    expect((await find({ codes })).map(({ event }) => event)).toEqual([made]);
  });

  it('finds nothing for made-up ids, nor for those of another book', async () => {
    const { book, find, findIn, makeBook, coupon } = await open(make);
    const couponId = await coupon();
    expect(await find({ recordIds: [couponId] })).toHaveLength(1);
    const place = book.ids.recordPlace(couponId);
    assert(place !== undefined, 'an id tells a place');
    const guessed = book.ids.recordId(place, 1 as never);
    const beyond = book.ids.recordId({ ...place, line: 5 }, 1 as never);
    const made = { recordIds: [guessed, beyond, 'x', ''] };
    expect(await find(made)).toEqual([]);
    expect(await findIn(await makeBook(), { recordIds: [couponId] })).toEqual([]);
  });

  it('lets every engine answer again what is so already', async () => {
    const { coupon, issue, submit, submitAnew, use } = await open(make);
    const couponId = await coupon();
    const [revoked, used] = [await issue(couponId), await issue(couponId)];
    const revocation = await submit(parseRevokeCustomerCredit({ customerCreditId: revoked }));
    expect(
      await submitAnew(parseRevokeCustomerCredit({ customerCreditId: revoked })),
    ).toMatchObject({ kind: 'replayed', event: revocation });
    const [redemption] = recordsOf([await submit(use(used, 'once'))], 'redemption');
    const redemptionId = redemption?.id ?? '';
    const reversal = await submit(parseReverseRedemption({ redemptionId }));
    expect(await submitAnew(parseReverseRedemption({ redemptionId }))).toMatchObject({
      kind: 'replayed',
      event: reversal,
    });
    expect(await submitAnew(use(used, 'once'))).toMatchObject({ kind: 'replayed' });
    expect(await submitAnew(use(used, 'twice'))).toMatchObject({ kind: 'accepted' });
  });

  it('lets one of two processes use a single-use credit, and never both', async () => {
    const { coupon, issue, submitAnew, use } = await open(make);
    const couponId = await coupon();
    for (let round = 0; round < 5; round++) {
      const id = await issue(couponId);
      const tills = ['left', 'right'].map((till) => submitAnew(use(id, `${till} ${round}`)));
      const outcomes = await Promise.all(tills);
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'refused']);
      expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
        refusal: { reason: 'CUSTOMER_CREDIT_NOT_ACTIVE', metadata: { status: 'redeemed' } },
      });
    }
  });

  it('lets a credit be used or revoked by two processes, and never both', async () => {
    const { coupon, issue, submitAnew, use } = await open(make);
    const couponId = await coupon();
    for (let round = 0; round < 5; round++) {
      const id = await issue(couponId);
      const outcomes = await Promise.all([
        submitAnew(use(id, `use ${round}`)),
        submitAnew(parseRevokeCustomerCredit({ customerCreditId: id })),
      ]);
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'refused']);
      expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
        refusal: { reason: 'CUSTOMER_CREDIT_NOT_ACTIVE' },
      });
    }
  });
}

async function open(make: Make) {
  const { journal, codec, clock, makeBook } = await make();
  const book = await makeBook();
  const engine = createEngine({ journal, codec, ...present('clock', clock) });
  const submitTo = (to: typeof engine, command: Parsed<Command>) => {
    assert(command.kind === 'parsed', 'the commands of the suite are well-formed');
    return to.submit(book, command.value);
  };
  const submit = async (command: Parsed<Command>): Promise<BookEvent> => {
    const outcome = await submitTo(engine, command);
    assert('event' in outcome, 'the commands of the suite are accepted');
    return outcome.event;
  };
  const makeOne = async (kind: CouponRecord['kind'], command: Parsed<Command>): Promise<string> => {
    const each = couponRecordsOf(await submit(command)).find((record) => record.kind === kind);
    assert(each !== undefined && 'id' in each.record, 'the record was made');
    return each.record.id;
  };
  const findIn = (where: Book, names: Partial<CouponNames>): Promise<readonly FoundCoupon[]> =>
    journal.transact(where, async (unit) => {
      await unit.lockHead();
      return unit.findCoupons({ recordIds: [], codes: [], membershipTypeIds: [], ...names });
    });
  return {
    book,
    makeBook,
    submit,
    findIn,
    find: (names: Partial<CouponNames>) => findIn(book, names),
    /** By an engine that remembers nothing. */
    submitAnew: (command: Parsed<Command>) => submitTo(createEngine({ journal, codec }), command),
    coupon: () => {
      const value = { kind: 'percentage', percentage: 100 } as const;
      return makeOne('coupon', parseCreateCoupon({ terms: { name: 'Massage', value } }));
    },
    issue: (couponId: string) =>
      makeOne('customer_credit', parseIssueCustomerCredit({ customerId: 'c', couponId })),
    use: (customerCreditId: string, idempotencyKey: string) =>
      parseRedeemCustomerCredit({ customerCreditId, reference: 'order', idempotencyKey }),
    rule: (couponId: string, membershipTypeId = 'gold') => {
      const terms = { couponId, membershipTypeId, frequency: 'month' } as const;
      return makeOne('credit_rule', parseCreateCreditRule({ terms }));
    },
    membership: () => {
      const command = parseCreateMembership({ customerId: 'c', membershipTypeId: 'gold' });
      return makeOne('membership', command);
    },
  };
}

function namesOf(found: readonly FoundCoupon[]): ReadonlySet<string> {
  const names = found.map(({ found: { kind, record } }) =>
    kind === 'coupon_uses' ? `uses of ${record.couponId}` : record.id,
  );
  expect(new Set(names).size).toBe(names.length);
  return new Set(names);
}
