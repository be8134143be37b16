// Credit rules: what they say, and what their changes do to what is issued.
import { createCouponBook, recordOf, recordsOf } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import {
  parseDeleteCreditRule,
  parseUpdateCreditRule,
  type UncheckedCreditRuleTerms,
} from './commands.ts';

function createBook() {
  const book = createCouponBook();
  const couponId = recordOf(book.coupon({ description: 'Relax' }), 'coupon').id;
  return {
    ...book,
    couponId,
    update: (ruleId: string, terms: UncheckedCreditRuleTerms, fieldNames?: readonly string[]) =>
      book.submit(parseUpdateCreditRule({ ruleId, terms, fieldNames })),
    delete: (ruleId: string) => book.submit(parseDeleteCreditRule({ ruleId })),
    toggleCoupon: (kind: 'delete_coupon' | 'restore_coupon') =>
      book.submit({ kind: 'parsed', value: { kind, couponId } }),
    ruleId: (terms?: UncheckedCreditRuleTerms) =>
      recordOf(book.rule(couponId, terms), 'credit_rule').id,
    credits: () => recordsOf(book.events, 'customer_credit'),
  };
}

describe('a rule', () => {
  it('calls its credits as the coupon does, unless it says otherwise', () => {
    const { rule, couponId } = createBook();
    const termsOf = (terms: UncheckedCreditRuleTerms) =>
      recordOf(rule(couponId, terms), 'credit_rule').terms;
    expect(termsOf({})).toMatchObject({ couponName: 'Massage', couponDescription: 'Relax' });
    expect(termsOf({ couponName: 'Own' }).couponDescription).toBeUndefined();
    expect(termsOf({ couponDescription: 'Own' })).toMatchObject({
      couponName: 'Massage',
      couponDescription: 'Own',
    });
  });

  it.each<[string, UncheckedCreditRuleTerms]>([
    ['membership_type_id', { membershipTypeId: '' }],
    ['membership_type_name', { membershipTypeName: 'x'.repeat(121) }],
    ['coupon_id', { couponId: '' }],
    ['coupon_name', { couponName: 'x'.repeat(121) }],
    ['coupon_description', { couponDescription: 'x'.repeat(1_001) }],
    ['frequency', { frequency: undefined }],
  ])('refuses a wrong %s', (field, terms) => {
    const { rule, couponId } = createBook();
    expect(rule(couponId, terms)).toMatchObject({ metadata: { field: `terms.${field}` } });
  });

  it('refuses an update of no field', () => {
    const { ruleId, update } = createBook();
    expect(update(ruleId(), { couponName: 'x' }, [])).toMatchObject({
      metadata: { field: 'update_mask' },
    });
  });

  it('refuses an unknown coupon and a deleted one', () => {
    const { rule, couponId, toggleCoupon } = createBook();
    expect(rule('none')).toMatchObject({ reason: 'COUPON_NOT_FOUND' });
    toggleCoupon('delete_coupon');
    expect(rule(couponId)).toMatchObject({ reason: 'COUPON_DELETED' });
  });

  it('is one of twenty at most for its type; deleted ones do not count', () => {
    const book = createBook();
    const ids = Array.from({ length: 20 }, () => book.ruleId());
    expect(book.rule(book.couponId)).toMatchObject({ reason: 'CREDIT_RULE_LIMIT' });
    expect(book.rule(book.couponId, { membershipTypeId: 'silver' }).kind).toBe('accepted');
    book.delete(ids[0] ?? '');
    expect(book.rule(book.couponId).kind).toBe('accepted');
  });

  it('changes what is issued from then on, and nothing that was', () => {
    const { ruleId, membership, update, goTo, sweep, credits } = createBook();
    const id = ruleId();
    const member = recordOf(membership(), 'membership').id;
    const terms = { couponName: 'New', multiUse: true };
    update(id, terms, ['coupon_name', 'multi_use']);
    goTo('2026-02-28T00:00Z');
    sweep(member);
    expect(credits()).toMatchObject([
      { couponName: 'Massage', multiUse: false },
      { couponName: 'New', multiUse: true },
    ]);
  });

  it('never gets another membership type', () => {
    const { ruleId, update } = createBook();
    expect(update(ruleId(), { membershipTypeId: 'silver' }, ['membership_type_id'])).toMatchObject({
      metadata: { field: 'terms.membership_type_id' },
    });
  });

  it('is deleted once, is unknown to changes then, and issues nothing more', () => {
    const book = createBook();
    const id = book.ruleId();
    const member = recordOf(book.membership(), 'membership').id;
    expect(book.delete(id).kind).toBe('accepted');
    expect(book.delete(id).kind).toBe('replayed');
    expect(book.update(id, { multiUse: true }, ['multi_use'])).toMatchObject({
      reason: 'CREDIT_RULE_NOT_FOUND',
    });
    book.goTo('2026-03-01T00:00Z');
    book.sweep(member);
    expect(book.credits()).toHaveLength(1);
  });

  it('issues what began while it was in force, though that is booked after its end', () => {
    const book = createBook();
    const id = book.ruleId();
    const member = recordOf(book.membership(), 'membership').id;
    book.goTo('2026-03-01T00:00Z');
    book.delete(id);
    book.sweep(member);
    expect(book.credits().map((credit) => credit.ruleIssue?.period)).toEqual([0, 1]);
  });

  it('issues nothing for what began before it, though that is booked later', () => {
    const book = createBook();
    const member = recordOf(book.membership(), 'membership').id;
    book.goTo('2026-03-01T00:00Z');
    book.ruleId();
    book.sweep(member);
    expect(book.credits()).toEqual([]);
    book.goTo('2026-03-31T00:00Z');
    book.sweep(member);
    expect(book.credits()).toHaveLength(1);
  });

  it('is for memberships of its type alone, all of them', () => {
    const { ruleId, membership, credits } = createBook();
    ruleId();
    membership({ customerId: 'a' });
    membership({ customerId: 'b' });
    membership({ customerId: 'c', membershipTypeId: 'silver' });
    expect(credits().map(({ customerId }) => customerId)).toEqual(['a', 'b']);
  });

  it('issues nothing from a deleted coupon, and on request once it is restored', () => {
    const book = createBook();
    book.ruleId();
    book.toggleCoupon('delete_coupon');
    const membershipId = recordOf(book.membership(), 'membership').id;
    expect(book.credits()).toEqual([]);
    book.toggleCoupon('restore_coupon');
    const value = { kind: 'issue_missing_credits', membershipId } as const;
    book.submit({ kind: 'parsed', value });
    expect(book.credits()).toHaveLength(1);
  });
});
