// What lists and look-ups go by.
import { createCouponBook, recordOf } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { parseDeleteOrRestoreCoupon } from './commands.ts';
import { couponRowsOf } from './coupon-row.ts';

it('is closed for a coupon that was deleted, and open for one that came back', () => {
  const book = createCouponBook();
  const couponId = recordOf(book.coupon(), 'coupon').id;
  const statuses = () => couponRowsOf(book.state.ids, book.events).map(({ status }) => status);
  expect(statuses()).toEqual(['open']);
  book.submit(parseDeleteOrRestoreCoupon('delete_coupon', { couponId }));
  expect(statuses()).toEqual(['closed']);
  book.submit(parseDeleteOrRestoreCoupon('restore_coupon', { couponId }));
  expect(statuses()).toEqual(['open']);
});

it('has instants as they are', () => {
  const book = createCouponBook();
  const couponId = recordOf(book.coupon(), 'coupon').id;
  const credit = recordOf(book.issue(couponId), 'customer_credit');
  const rows = couponRowsOf(book.state.ids, book.events);
  expect(rows.find(({ kind }) => kind === 'customer_credit')).toMatchObject({
    status: 'open',
    issuedAt: credit.issuedAt,
  });
});
