// Customers' credits: issued, used, undone, revoked, and what each of these looks at.
import { createCouponBook, recordOf } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { parseUpdateCoupon } from '../coupon/commands.ts';
import type { UncheckedCouponTerms } from '../coupon/parse-coupon-terms.ts';
import type { Decision } from '../book/decision.ts';
import { instantFromMs, type Instant } from '../value/instant.ts';
import { creditStatus, type CustomerCredit } from './customer-credit.ts';

const at = (text: string): Instant => instantFromMs(Date.parse(text));
const credit = (decision: Decision): CustomerCredit => recordOf(decision, 'customer_credit');
const redemption = (decision: Decision) => recordOf(decision, 'redemption');

/** A book with a coupon and a credit of it. */
function createBook(terms: UncheckedCouponTerms = {}, expiresAt?: Instant) {
  const book = createCouponBook('2026-01-30T12:00Z');
  const couponId = recordOf(book.coupon(terms), 'coupon').id;
  const { id } = credit(book.issue(couponId, { expiresAt, revenue: 900n }));
  return {
    ...book,
    couponId,
    id,
    update: (changed: UncheckedCouponTerms, fieldNames: readonly string[]) =>
      book.submit(parseUpdateCoupon({ couponId, terms: changed, fieldNames })),
    use: (options: Parameters<typeof book.redeem>[1] = {}) => book.redeem(id, options),
    status: () => {
      const found = book.state.coupons.credits.get(id);
      return found && creditStatus(found, book.now());
    },
  };
}

const multi = { multiUse: true };
const fixed = { value: { kind: 'fixed_amount', amount: 5_000n, currency: 'EUR' } } as const;

describe('the status of a credit', () => {
  const revokedAt = at('2026-01-01T00:00Z');
  it.each([
    ['active', {}],
    ['active', { expiresAt: at('2026-06-01T00:00:00.001Z') }],
    ['expired', { expiresAt: at('2026-06-01T00:00Z') }],
    ['redeemed', { redeemedAt: revokedAt }],
    ['redeemed', { redeemedAt: revokedAt, expiresAt: at('2026-02-01T00:00Z') }],
    ['revoked', { revokedAt }],
    ['revoked', { revokedAt, expiresAt: at('2026-02-01T00:00Z') }],
    ['revoked', { revokedAt, redeemedAt: revokedAt, expiresAt: at('2026-02-01T00:00Z') }],
  ])('is %s with %j', (status, dates) => {
    const found = createBook();
    const issued = found.state.coupons.credits.get(found.id) as CustomerCredit;
    expect(creditStatus({ ...issued, ...dates }, at('2026-06-01T00:00Z'))).toBe(status);
  });
});

describe('an issue', () => {
  it('ends when it says, else after the validity of the coupon, else never', () => {
    const expiresAt = at('2026-02-01T00:00Z');
    const validityPeriod = { unit: 'month', count: 1 } as const;
    const end = (terms: UncheckedCouponTerms, told?: Instant) => {
      const { state, id } = createBook(terms, told);
      return state.coupons.credits.get(id)?.expiresAt;
    };
    expect(end({ validityPeriod }, expiresAt)).toBe(expiresAt);
    expect(end({ validityPeriod })).toBe(at('2026-02-28T12:00Z'));
    expect(end({})).toBeUndefined();
  });

  it('refuses an end that is not in the future', () => {
    const { issue, couponId, now } = createBook();
    expect(issue(couponId, { expiresAt: now() })).toMatchObject({
      metadata: { field: 'expires_at' },
    });
    expect(issue(couponId, { expiresAt: instantFromMs(now() + 1) }).kind).toBe('accepted');
  });

  it('refuses a negative revenue, and keeps one of 0', () => {
    const { issue, couponId } = createBook();
    expect(issue(couponId, { revenue: -1n })).toMatchObject({ metadata: { field: 'revenue' } });
    expect(credit(issue(couponId, { revenue: 0n })).revenue).toBe(0n);
  });

  it('is for a membership of the customer alone', () => {
    const { issue, couponId, membership } = createBook();
    const membershipId = recordOf(membership(), 'membership').id;
    expect(credit(issue(couponId, { membershipId })).membershipId).toBe(membershipId);
    expect(issue(couponId, { membershipId, customerId: 'other' })).toMatchObject({
      metadata: { field: 'membership_id' },
    });
    expect(issue(couponId, { membershipId: 'none' })).toMatchObject({
      reason: 'MEMBERSHIP_NOT_FOUND',
    });
  });

  it('gives the credit a code of its own under the coupon', () => {
    const { state, id, couponId } = createBook();
    const codes = [...state.coupons.codes.values()];
    expect(codes).toMatchObject([{ couponId, customerId: 'customer', customerCreditId: id }]);
    expect(state.coupons.credits.get(id)?.couponCode).toBe(codes[0]?.code);
  });

  it('keeps name, description, worth and number of uses, whatever becomes of the coupon', () => {
    const { state, id, update, use } = createBook({ ...fixed, description: 'Old' });
    const value = { kind: 'percentage', percentage: 5 } as const;
    const changed = { name: 'New', description: 'New', value, multiUse: true };
    update(changed, ['name', 'description', 'value', 'multi_use']);
    expect(state.coupons.credits.get(id)).toMatchObject({
      couponName: 'Massage',
      couponDescription: 'Old',
      value: fixed.value,
      multiUse: false,
    });
    expect(redemption(use()).amount).toBe(5_000n);
  });
});

describe('a use', () => {
  it('takes all of a single-use credit, whatever it takes off', () => {
    const { use, status, now } = createBook(fixed);
    const used = use({ amount: 1_200n });
    expect(redemption(used)).toMatchObject({ amount: 1_200n, revenue: 900n, reference: 'order' });
    expect(credit(used)).toMatchObject({ useCount: 1, redeemedAt: now() });
    expect(status()).toBe('redeemed');
    expect(use()).toMatchObject({
      reason: 'CUSTOMER_CREDIT_NOT_ACTIVE',
      metadata: { status: 'redeemed' },
    });
  });

  it('leaves a multi-use credit active, and counts', () => {
    const { use, status } = createBook(multi);
    use();
    expect(credit(use())).toMatchObject({ useCount: 2 });
    expect(credit(use()).redeemedAt).toBeUndefined();
    expect(status()).toBe('active');
  });

  it('refuses an expired credit from the very instant of its end', () => {
    const { use, goTo } = createBook(multi, at('2026-02-01T00:00Z'));
    goTo('2026-01-31T23:59:59.999Z');
    expect(use().kind).toBe('accepted');
    goTo('2026-02-01T00:00Z');
    expect(use()).toMatchObject({ metadata: { status: 'expired' } });
  });

  it('refuses more than a credit of a fixed amount is worth', () => {
    const { use } = createBook(fixed);
    expect(use({ amount: 5_001n })).toMatchObject({ metadata: { field: 'amount' } });
    expect(use({ amount: 5_000n }).kind).toBe('accepted');
  });

  it('refuses a credit of another customer', () => {
    const { use } = createBook();
    expect(use({ customerId: 'other' })).toMatchObject({ reason: 'CUSTOMER_CREDIT_NOT_FOUND' });
    expect(use({ customerId: 'customer' }).kind).toBe('accepted');
  });

  it('is good for the offerings that the coupon has now', () => {
    const offerings = [
      { type: 'appointment', ids: ['massage'] },
      { type: 'product', ids: [] },
    ] as const;
    const { use, update } = createBook({ ...multi, offerings });
    const cause = { reason: 'COUPON_NOT_APPLICABLE', metadata: { cause: 'offering' } };
    expect(use()).toMatchObject(cause);
    expect(use({ offering: { type: 'session', id: 'massage' } })).toMatchObject(cause);
    expect(use({ offering: { type: 'appointment', id: 'facial' } })).toMatchObject(cause);
    expect(use({ offering: { type: 'appointment', id: 'massage' } }).kind).toBe('accepted');
    expect(use({ offering: { type: 'product', id: 'oil' } }).kind).toBe('accepted');
    update({ offerings: [] }, ['offerings']);
    expect(use().kind).toBe('accepted');
  });

  it('is good on the weekdays that the coupon has now: those told, else those of the clock', () => {
    // 30 January 2026 is a Friday.
    const { use, update } = createBook({ ...multi, validWeekdays: ['friday'] });
    expect(redemption(use()).weekday).toBe('friday');
    expect(use({ weekday: 'monday' })).toMatchObject({ metadata: { cause: 'weekday' } });
    update({ validWeekdays: ['monday'] }, ['valid_weekdays']);
    expect(use()).toMatchObject({ metadata: { cause: 'weekday' } });
    expect(use({ weekday: 'monday' }).kind).toBe('accepted');
  });

  it('is for the person who booked, where the coupon says so', () => {
    const { use } = createBook({ forLeadBookerOnly: true });
    expect(use({ isGuest: true })).toMatchObject({ metadata: { cause: 'lead_booker' } });
    expect(use().kind).toBe('accepted');
  });

  it('stays possible when the coupon is deleted', () => {
    const { use, submit, couponId } = createBook();
    submit({ kind: 'parsed', value: { kind: 'delete_coupon', couponId } });
    expect(use().kind).toBe('accepted');
  });

  it('happens once under a key, and the key is for this use alone', () => {
    const { use } = createBook(multi);
    const first = use({ idempotencyKey: 'k' });
    expect(use({ idempotencyKey: 'k' }).kind).toBe('replayed');
    expect(credit(first).useCount).toBe(1);
    expect(use({ idempotencyKey: 'k', reference: 'other' })).toMatchObject({
      reason: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('the limit of uses', () => {
  // 30 January is a Friday: the week goes on to Sunday, 1 February.
  it.each([
    ['day', '2026-01-30T23:59Z', '2026-01-31T00:00Z'],
    ['week', '2026-02-01T23:59Z', '2026-02-02T00:00Z'],
    ['month', '2026-01-31T23:59Z', '2026-02-01T00:00Z'],
    ['year', '2026-12-31T23:59Z', '2027-01-01T00:00Z'],
    [undefined, '2030-01-01T00:00Z', undefined],
  ] as const)('within a %s goes on at %s and begins anew at %s', (maxUsesPeriod, last, next) => {
    const { use, goTo } = createBook({ ...multi, maxUses: 2, maxUsesPeriod });
    use();
    goTo(last);
    expect(use().kind).toBe('accepted');
    expect(use()).toMatchObject({ reason: 'COUPON_USED_UP', metadata: { max_uses: '2' } });
    if (next === undefined) return;
    goTo(next);
    expect(use().kind).toBe('accepted');
  });

  it('is of all credits of the coupon together, and a use that is undone leaves it', () => {
    const { use, issue, redeem, reverse, couponId } = createBook({ maxUses: 1 });
    const other = credit(issue(couponId)).id;
    const used = use();
    expect(redeem(other)).toMatchObject({ reason: 'COUPON_USED_UP' });
    reverse(redemption(used).id);
    expect(redeem(other).kind).toBe('accepted');
  });

  it('does not count a use of an earlier period when that is undone', () => {
    const { use, reverse, goTo } = createBook({ ...multi, maxUses: 1, maxUsesPeriod: 'day' });
    const earlier = redemption(use()).id;
    goTo('2026-02-10T00:00Z');
    use();
    reverse(earlier);
    expect(use()).toMatchObject({ reason: 'COUPON_USED_UP' });
  });
});

describe('the undoing of a use', () => {
  it('makes a single-use credit as it was', () => {
    const { use, reverse, status } = createBook();
    const undone = reverse(redemption(use()).id);
    expect(credit(undone)).toMatchObject({ useCount: 0 });
    expect(credit(undone).redeemedAt).toBeUndefined();
    expect(status()).toBe('active');
    expect(use().kind).toBe('accepted');
  });

  it('happens once, and a retry hears the same, also after another use', () => {
    const { use, reverse } = createBook();
    const { id } = redemption(use());
    const first = reverse(id);
    expect(reverse(id)).toEqual({ kind: 'replayed', event: 'event' in first && first.event });
    use();
    expect(reverse(id).kind).toBe('replayed');
  });

  it('is allowed when the credit has expired, which it then is', () => {
    const { use, reverse, goTo, status } = createBook({}, at('2026-02-01T00:00Z'));
    const { id } = redemption(use());
    goTo('2026-03-01T00:00Z');
    expect(status()).toBe('redeemed');
    expect(reverse(id).kind).toBe('accepted');
    expect(status()).toBe('expired');
  });

  it('refuses an unknown use, and one of another credit', () => {
    const { use, reverse, submit, now } = createBook();
    const { id } = redemption(use());
    expect(reverse('none')).toMatchObject({ reason: 'REDEMPTION_NOT_FOUND' });
    const value = { kind: 'reverse_redemption', redemptionId: id, customerCreditId: 'x' } as const;
    expect(submit({ kind: 'parsed', value })).toMatchObject({ reason: 'REDEMPTION_NOT_FOUND' });
    expect(now()).toBe(at('2026-01-30T12:00Z'));
  });
});

describe('a revocation', () => {
  it('ends a credit, once; a retry hears the same', () => {
    const { revoke, id, use, status, now } = createBook();
    const first = revoke(id);
    expect(credit(first).revokedAt).toBe(now());
    expect(revoke(id)).toEqual({ kind: 'replayed', event: 'event' in first && first.event });
    expect(status()).toBe('revoked');
    expect(use()).toMatchObject({ metadata: { status: 'revoked' } });
  });

  it('refuses a credit that is used up', () => {
    const { revoke, id, use } = createBook();
    use();
    expect(revoke(id)).toMatchObject({
      reason: 'CUSTOMER_CREDIT_NOT_ACTIVE',
      message: 'The credit has been redeemed.',
      metadata: { status: 'redeemed' },
    });
  });

  it('refuses a credit that has expired', () => {
    const { revoke, id, goTo } = createBook({}, at('2026-02-01T00:00Z'));
    goTo('2026-02-01T00:00Z');
    expect(revoke(id)).toMatchObject({ metadata: { status: 'expired' } });
  });

  it('is allowed on a multi-use credit with uses, which stay and can be undone', () => {
    const { revoke, reverse, id, use, status } = createBook(multi);
    const used = redemption(use()).id;
    expect(credit(revoke(id))).toMatchObject({ useCount: 1 });
    expect(reverse(used).kind).toBe('accepted');
    expect(status()).toBe('revoked');
    expect(revoke(id).kind).toBe('replayed');
  });

  it('answers a repeat with the credit as it is, whatever event last touched it', () => {
    const { revoke, reverse, id, use } = createBook(multi);
    const used = redemption(use()).id;
    revoke(id);
    reverse(used);
    expect(credit(revoke(id))).toMatchObject({ useCount: 0 });
    expect(credit(revoke(id)).revokedAt).toBeDefined();
  });
});
