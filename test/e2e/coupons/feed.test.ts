// The story of the README as the feed tells it, to one who listens for a customer and for a book.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { curlFeed } from '../../conformance/curl-feed.ts';
import { at, type Json, textAt } from '../wire/caller.ts';
import { createOffice, creditsOf, idsOf, newCustomer, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.stop());

it('tells a customer’s credits and uses to whoever listens for that customer', async () => {
  const office = createOffice(shop);
  const customer = newCustomer();
  const coupon = await office.coupon();
  const rule = { membership_type_id: 'gold', coupon_id: coupon, issuing_frequency: 'P1M' };
  const rules = 'POST /customers/membership-credit-rules';
  await shop.get(201, rules, { ...rule, issue_on_signup: true });
  const member = { customer_id: customer, membership_type_id: 'gold' };
  await shop.get(201, 'POST /customers/memberships', member);
  const [monthly = ''] = idsOf(await shop.ask(`GET ${creditsOf(customer)}`));
  await office.issue(newCustomer(), coupon);
  const mistake = await office.issue(customer, coupon);
  await shop.get(200, `DELETE ${creditsOf(customer)}/${mistake}`);
  const use = await office.redeem(customer, monthly);
  await shop.get(200, `POST ${creditsOf(customer)}/${monthly}/redemptions/${use}/reverse`);

  const told = await tell(`customer_id=${customer}`);
  expect(told.map(({ event }) => event)).toEqual([
    'membership_created',
    'membership_credits_issued',
    'customer_credit_issued',
    'customer_credit_revoked',
    'customer_credit_redeemed',
    'redemption_reversed',
  ]);
  const last = told.at(-1)?.data as Json;
  expect(textAt(last, 'customer_credit', 'id')).toBe(monthly);
  expect(at(last, 'customer_credit', 'status')).toBe('active');
  expect(textAt(last, 'redemption', 'id')).toBe(use);
  expect(at(last, 'redemption', 'reversed_at')).toBe(at(last, 'created_at'));

  const kinds = 'coupon_created,credit_rule_created,customer_credit_issued';
  const ofBook = await tell(`kinds=${kinds}`);
  expect(ofBook.map(({ event }) => event)).toEqual([
    'coupon_created',
    'credit_rule_created',
    'customer_credit_issued',
    'customer_credit_issued',
  ]);
});

/** All that the feed tells from the beginning on, until it has caught up. */
async function tell(query: string) {
  const url = `${shop.url}/v1/feed?from=beginning&${query}`;
  const feed = curlFeed(url, { 'x-api-key': shop.keys.all });
  const seen = await feed.until('caught_up');
  feed.close();
  return seen.filter(({ event }) => event !== 'started' && event !== 'caught_up');
}
