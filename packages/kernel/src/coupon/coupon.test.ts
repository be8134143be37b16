// Coupons: what they say, how they change, and their codes.
import { createCouponBook, recordOf } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { instantFromMs } from '../value/instant.ts';
import {
  parseCreateCoupon,
  parseCreateCouponCode,
  parseDeleteOrRestoreCoupon,
  parseUpdateCoupon,
} from './commands.ts';
import type { UncheckedCouponTerms } from './parse-coupon-terms.ts';

const fixed = { kind: 'fixed_amount', amount: 1_500n, currency: 'EUR' } as const;

function createBook() {
  const book = createCouponBook();
  const coupon = recordOf(book.coupon(), 'coupon');
  return {
    ...book,
    id: coupon.id,
    update: (terms: UncheckedCouponTerms, fieldNames?: readonly string[]) =>
      book.submit(parseUpdateCoupon({ couponId: coupon.id, terms, fieldNames })),
    delete: () => book.submit(parseDeleteOrRestoreCoupon('delete_coupon', { couponId: coupon.id })),
    restore: () =>
      book.submit(parseDeleteOrRestoreCoupon('restore_coupon', { couponId: coupon.id })),
    code: (more: Partial<Parameters<typeof parseCreateCouponCode>[0]> = {}) =>
      book.submit(parseCreateCouponCode({ couponId: coupon.id, ...more })),
    terms: () => book.state.coupons.coupons.get(coupon.id)?.terms,
  };
}

describe('a coupon', () => {
  it('is made with what it says, and manual unless it says otherwise', () => {
    const { coupon } = createCouponBook();
    expect(recordOf(coupon({ name: ' Spa ', value: fixed }), 'coupon').terms).toEqual({
      name: 'Spa',
      value: fixed,
      offerings: [],
      validWeekdays: [],
      multiUse: false,
      redemptionType: 'manual',
      forLeadBookerOnly: false,
    });
  });

  it.each<[string, UncheckedCouponTerms]>([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(121) }],
    ['description', { description: 'x'.repeat(1_001) }],
    ['value', { value: undefined }],
    ['percentage', { value: { kind: 'percentage', percentage: 0 } }],
    ['percentage', { value: { kind: 'percentage', percentage: 101 } }],
    ['percentage', { value: { kind: 'percentage', percentage: 1.5 } }],
    ['fixed_amount.amount', { value: { ...fixed, amount: 0n } }],
    ['fixed_amount.amount', { value: { ...fixed, amount: 10n ** 15n } }],
    ['fixed_amount.currency', { value: { ...fixed, currency: 'eur' } }],
    [
      'offerings',
      {
        offerings: [
          { type: 'product', ids: [] },
          { type: 'product', ids: [] },
        ],
      },
    ],
    ['offerings[0].ids', { offerings: [{ type: 'product', ids: ['a', 'a'] }] }],
    ['offerings[0].ids', { offerings: [{ type: 'product', ids: ['x'.repeat(65)] }] }],
    [
      'offerings',
      { offerings: [{ type: 'product', ids: Array.from({ length: 501 }, (_, i) => `${i}`) }] },
    ],
    ['valid_weekdays', { validWeekdays: ['monday', 'monday'] }],
    ['max_uses', { maxUses: 0 }],
    ['max_uses', { maxUses: 1_000_001 }],
    ['max_uses_period', { maxUsesPeriod: 'day' }],
    ['validity_period.count', { validityPeriod: { unit: 'day', count: 0 } }],
    ['validity_period.count', { validityPeriod: { unit: 'year', count: 101 } }],
  ])('refuses a wrong %s', (field, terms) => {
    const refusal = createCouponBook().coupon(terms);
    expect(refusal).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: `terms.${field}` },
    });
    const message = 'message' in refusal ? refusal.message : '';
    expect(message.split(`${field} `)).toEqual(['terms.', message.slice(field.length + 7)]);
  });

  it('changes what is named alone, and loses what is named and absent', () => {
    const { coupon, submit, state } = createCouponBook();
    const { id } = recordOf(coupon({ description: 'Old', maxUses: 5 }), 'coupon');
    const terms = { name: 'New', value: fixed };
    const fieldNames = ['name', 'description'];
    expect(submit(parseUpdateCoupon({ couponId: id, terms, fieldNames })).kind).toBe('accepted');
    expect(state.coupons.coupons.get(id)?.terms).toMatchObject({ name: 'New', maxUses: 5 });
    expect(state.coupons.coupons.get(id)?.terms.description).toBeUndefined();
    expect(state.coupons.coupons.get(id)?.terms.value).toEqual({
      kind: 'percentage',
      percentage: 100,
    });
  });

  it('refuses an update of no field or an unknown one, and one that leaves no name', () => {
    const { update } = createBook();
    expect(update({ name: 'x' }, [])).toMatchObject({ metadata: { field: 'update_mask' } });
    expect(update({ name: 'x' }, ['nom'])).toMatchObject({ metadata: { field: 'update_mask' } });
    expect(update({}, ['name'])).toMatchObject({ metadata: { field: 'terms.name' } });
  });

  it('judges an update together with what it has already', () => {
    const { update } = createBook();
    expect(update({ maxUsesPeriod: 'day' }, ['max_uses_period'])).toMatchObject({
      metadata: { field: 'terms.max_uses_period' },
    });
    update({ maxUses: 2 }, ['max_uses']);
    expect(update({ maxUsesPeriod: 'day' }, ['max_uses_period']).kind).toBe('accepted');
  });

  it('is deleted once, stays so, and comes back once', () => {
    const book = createBook();
    expect(book.delete().kind).toBe('accepted');
    expect(recordOf(book.delete(), 'coupon').deletedAt).toBe(book.now());
    expect(book.delete().kind).toBe('replayed');
    expect(book.update({ name: 'x' }, ['name'])).toMatchObject({ reason: 'COUPON_DELETED' });
    expect(book.issue(book.id)).toMatchObject({ reason: 'COUPON_DELETED' });
    expect(recordOf(book.restore(), 'coupon').deletedAt).toBeUndefined();
    expect(book.restore().kind).toBe('replayed');
    expect(book.issue(book.id).kind).toBe('accepted');
  });

  it('is unknown in another book', () => {
    const { id } = createBook();
    expect(createCouponBook('2026-01-31T00:01Z').issue(id)).toMatchObject({
      reason: 'COUPON_NOT_FOUND',
    });
  });

  it('is made once under a key', () => {
    const { submit } = createCouponBook();
    const ask = (name: string) => {
      const terms = { name, value: fixed };
      return submit(parseCreateCoupon({ terms, idempotencyKey: 'k' }));
    };
    const first = ask('A');
    expect(ask('A')).toEqual({ kind: 'replayed', event: 'event' in first && first.event });
    expect(ask('B')).toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('a code', () => {
  it('is made up, and another one each time', () => {
    const { code } = createBook();
    const [a, b] = [code(), code()].map((made) => recordOf(made, 'coupon_code').code);
    expect(a).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/);
    expect(b).not.toBe(a);
  });

  it('is in upper case, unique within its coupon and free in another', () => {
    const { coupon, code } = createBook();
    expect(recordOf(code({ code: 'summer-26' }), 'coupon_code').code).toBe('SUMMER-26');
    expect(code({ code: 'Summer-26' })).toMatchObject({ reason: 'COUPON_CODE_TAKEN' });
    const couponId = recordOf(coupon(), 'coupon').id;
    expect(code({ couponId, code: 'SUMMER-26' }).kind).toBe('accepted');
  });

  it.each([
    ['code', { code: '' }],
    ['code', { code: 'a b' }],
    ['code', { code: 'x'.repeat(65) }],
    ['code', { code: 'ABCD-EFGH-JKMNP' }],
    ['valid_to', { validFrom: instantFromMs(2), validTo: instantFromMs(2) }],
    ['customer_id', { customerCreditId: 'x' }],
  ])('refuses a wrong %s: %j', (field, more) => {
    expect(createBook().code(more)).toMatchObject({ metadata: { field } });
  });

  it('may stand for a credit of its own customer and coupon alone', () => {
    const { id, coupon, issue, code } = createBook();
    const customerCreditId = recordOf(issue(id), 'customer_credit').id;
    const customerId = 'customer';
    expect(code({ customerId, customerCreditId }).kind).toBe('accepted');
    expect(code({ customerId: 'other', customerCreditId })).toMatchObject({
      metadata: { field: 'customer_credit_id' },
    });
    const couponId = recordOf(coupon(), 'coupon').id;
    expect(code({ couponId, customerId, customerCreditId })).toMatchObject({
      metadata: { field: 'customer_credit_id' },
    });
    expect(code({ customerId, customerCreditId: 'none' })).toMatchObject({
      reason: 'CUSTOMER_CREDIT_NOT_FOUND',
    });
  });

  it('is not made for a deleted coupon', () => {
    const book = createBook();
    book.delete();
    expect(book.code()).toMatchObject({ reason: 'COUPON_DELETED' });
  });
});
