// Memberships: which credits they issue, when, and until when.
import { createCouponBook, recordOf, recordsOf } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { UncheckedCreditRuleTerms } from '../credit-rule/commands.ts';
import { instantFromMs, type Instant } from '../value/instant.ts';
import {
  parseSetMembershipStatus,
  parseIssueMissingCredits,
  parseNoteMembershipCharge,
  type CreateMembership,
} from './commands.ts';
import { creditStatus } from '../customer-credit/customer-credit.ts';

const at = (text: string): Instant => instantFromMs(Date.parse(text));
const text = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16);

/** A book with a coupon, a rule and a membership of 31 January, unless told otherwise. */
function createBook(rule: UncheckedCreditRuleTerms = {}, options: Partial<CreateMembership> = {}) {
  const book = createCouponBook();
  const couponId = recordOf(book.coupon({ description: 'Relax' }), 'coupon').id;
  const ruleId = recordOf(book.rule(couponId, rule), 'credit_rule').id;
  const { kind: _, ...given } = { kind: '', ...options };
  const { id } = recordOf(book.membership(given), 'membership');
  return {
    ...book,
    couponId,
    ruleId,
    id,
    status: (status: Parameters<typeof book.status>[1]) => book.status(id, status),
    /** Lets the sweeper look at an instant. */
    sweepAt: (when: string) => {
      book.goTo(when);
      return book.sweep(id);
    },
    charge: (key: string, nextChargeAt?: Instant) =>
      book.submit(
        parseNoteMembershipCharge({ membershipId: id, idempotencyKey: key, nextChargeAt }),
      ),
    request: () => book.submit(parseIssueMissingCredits({ membershipId: id })),
    credits: () => recordsOf(book.events, 'customer_credit'),
    issued: () =>
      recordsOf(book.events, 'customer_credit').map((credit) => [
        text(credit.issuedAt),
        text(credit.expiresAt),
      ]),
    found: () => book.state.coupons.memberships.get(id),
  };
}

describe('a monthly rule', () => {
  it('issues at sign-up and every month from the 31st, each until the next begins', () => {
    const { sweepAt, issued } = createBook();
    sweepAt('2026-06-01T00:00Z');
    expect(issued()).toEqual([
      ['2026-01-31T00:00', '2026-02-28T00:00'],
      ['2026-02-28T00:00', '2026-03-31T00:00'],
      ['2026-03-31T00:00', '2026-04-30T00:00'],
      ['2026-04-30T00:00', '2026-05-31T00:00'],
      ['2026-05-31T00:00', '2026-06-30T00:00'],
    ]);
  });

  it('issues twelve in a year, however often and however late it is looked at', () => {
    const often = createBook();
    for (let day = 0; day < 365; day++) {
      often.sweepAt(new Date(Date.UTC(2026, 0, 31) + day * 86_400_000).toISOString());
    }
    const late = createBook();
    late.sweepAt('2027-01-30T23:59Z');
    expect(late.issued()).toHaveLength(12);
    expect(often.issued()).toEqual(late.issued());
    expect(often.sweep(often.id)).toEqual({ kind: 'unchanged' });
  });

  it('tells what it is: whose, of which rule and period, and what the rule calls it', () => {
    const { credits, id, ruleId, sweepAt } = createBook({
      couponName: 'Monthly massage',
      multiUse: true,
      forLeadBookerOnly: true,
    });
    sweepAt('2026-02-28T00:00Z');
    const said = { couponName: 'Monthly massage', multiUse: true, forLeadBookerOnly: true };
    expect(credits()[1]).toMatchObject({
      ...said,
      customerId: 'customer',
      membershipId: id,
      ruleIssue: { ruleId, frequency: 'month', period: 1 },
    });
    expect(credits()[1]?.couponDescription).toBeUndefined();
  });

  it('lets credits live on for ever when they roll over, whatever the coupon says', () => {
    const { sweepAt, issued } = createBook({ rollOver: true });
    sweepAt('2026-02-28T00:00Z');
    expect(issued().map(([, end]) => end)).toEqual([undefined, undefined]);
  });

  it('issues nothing at sign-up unless it says so', () => {
    const { issued, sweepAt } = createBook({ issueOnSignup: false });
    expect(issued()).toEqual([]);
    sweepAt('2026-02-27T23:59Z');
    expect(issued()).toEqual([]);
    sweepAt('2026-02-28T00:00Z');
    expect(issued()).toEqual([['2026-02-28T00:00', '2026-03-31T00:00']]);
  });

  it('expires the credit of a period at the instant at which the next begins', () => {
    const { sweepAt, credits } = createBook();
    sweepAt('2026-02-28T00:00Z');
    const statuses = credits().map((credit) => creditStatus(credit, at('2026-02-28T00:00Z')));
    expect(statuses).toEqual(['expired', 'active']);
  });

  it('books at most fifty periods at once, and the rest with the next look', () => {
    const { sweepAt, sweep, id, issued } = createBook();
    sweepAt('2031-01-31T00:00Z');
    expect(issued()).toHaveLength(51);
    sweep(id);
    expect(issued()).toHaveLength(61);
  });
});

describe('other frequencies', () => {
  it.each([
    ['quarter', ['2026-01-31T00:00', '2026-04-30T00:00', '2026-07-31T00:00', '2026-10-31T00:00']],
    ['half_year', ['2026-01-31T00:00', '2026-07-31T00:00']],
    ['year', ['2026-01-31T00:00']],
    ['once', ['2026-01-31T00:00']],
    ['billing_cycle', ['2026-01-31T00:00']],
  ] as const)('of a %s issue at %j in a year', (frequency, expected) => {
    const { sweepAt, issued } = createBook({ frequency });
    sweepAt('2027-01-30T23:59Z');
    expect(issued().map(([begin]) => begin)).toEqual(expected);
  });

  it('end when their own next period begins; once never ends', () => {
    expect(createBook({ frequency: 'quarter' }).issued()[0]?.[1]).toBe('2026-04-30T00:00');
    expect(createBook({ frequency: 'year' }).issued()[0]?.[1]).toBe('2027-01-31T00:00');
    expect(createBook({ frequency: 'once' }).issued()[0]?.[1]).toBeUndefined();
  });

  it('of once issue at sign-up, whether or not they say so', () => {
    expect(createBook({ frequency: 'once', issueOnSignup: false }).issued()).toHaveLength(1);
  });
});

describe('a charge', () => {
  const cycle = { frequency: 'billing_cycle', issueOnSignup: false } as const;

  it('issues once under its key, until the next charge or for a month', () => {
    const { charge, issued, charges } = withCharges(createBook(cycle));
    charge('c1', at('2026-03-15T00:00Z'));
    charge('c1', at('2026-03-15T00:00Z'));
    charge('c2');
    expect(issued()).toEqual([
      ['2026-01-31T00:00', '2026-03-15T00:00'],
      ['2026-01-31T00:00', '2026-02-28T00:00'],
    ]);
    expect(charges()).toEqual([1, 2]);
  });

  it('before the anchor issues, and the sign-up does so as well', () => {
    const anchor = at('2026-02-10T08:00Z');
    const rule = { ...cycle, issueOnSignup: true };
    const book = createBook(rule, { anchor, status: 'active' });
    const { charge, charges, sweepAt } = withCharges(book);
    charge('c1');
    expect(sweepAt('2026-02-12T00:00Z').kind).toBe('accepted');
    charge('c2');
    expect(charges()).toEqual([1, 0, 2]);
  });

  it('issues nothing by the calendar', () => {
    const { sweepAt, issued } = createBook(cycle);
    sweepAt('2027-01-31T00:00Z');
    expect(issued()).toEqual([]);
  });

  it('is refused while the membership is suspended, and issues nothing', () => {
    const { charge, status, issued } = createBook(cycle);
    status('needs_attention');
    expect(charge('c1')).toMatchObject({
      reason: 'MEMBERSHIP_NOT_ACTIVE',
      metadata: { status: 'needs_attention' },
    });
    status('active');
    expect(charge('c1').kind).toBe('accepted');
    expect(issued()).toHaveLength(1);
  });

  it('refuses a next charge that is not in the future', () => {
    const { charge, now } = createBook(cycle);
    expect(charge('c', now())).toMatchObject({ metadata: { field: 'next_charge_at' } });
  });
});

function withCharges(book: ReturnType<typeof createBook>) {
  return { ...book, charges: () => book.credits().map((credit) => credit.ruleIssue?.period) };
}

describe('a suspended membership', () => {
  it('issues nothing for what begins meanwhile, and does not make up for it', () => {
    const { goTo, status, sweepAt, issued, found } = createBook();
    goTo('2026-02-10T00:00Z');
    status('inactive');
    sweepAt('2026-03-15T00:00Z');
    status('active');
    sweepAt('2026-04-30T00:00Z');
    expect(issued().map(([begin]) => begin)).toEqual([
      '2026-01-31T00:00',
      '2026-03-31T00:00',
      '2026-04-30T00:00',
    ]);
    expect(found()?.skippedPeriods).toEqual([1]);
  });

  it('has what was due before it, though nobody had booked that yet', () => {
    const { goTo, status, issued } = createBook();
    goTo('2026-03-05T00:00Z');
    status('inactive');
    expect(issued().map(([begin]) => begin)).toEqual(['2026-01-31T00:00', '2026-02-28T00:00']);
  });

  it('issues what begins at the very instant of its return', () => {
    const { goTo, status, issued, found } = createBook();
    status('inactive');
    goTo('2026-02-28T00:00Z');
    status('active');
    expect(issued()).toHaveLength(2);
    expect(found()?.skippedPeriods).toEqual([]);
  });

  it('issues on request what was skipped and is still good, once', () => {
    const { goTo, status, request, issued } = createBook({ rollOver: true });
    status('inactive');
    goTo('2026-04-15T00:00Z');
    expect(request()).toMatchObject({ reason: 'MEMBERSHIP_NOT_ACTIVE' });
    status('active');
    expect(issued()).toHaveLength(1);
    request();
    expect(issued()).toHaveLength(3);
    request();
    expect(issued()).toHaveLength(3);
  });

  it('keeps what was skipped when it asks while the coupon is deleted, and gets it later', () => {
    const { goTo, status, request, submit, couponId, credits } = createBook({ rollOver: true });
    const toggle = (kind: 'delete_coupon' | 'restore_coupon') =>
      submit({ kind: 'parsed', value: { kind, couponId } });
    status('inactive');
    goTo('2026-04-15T00:00Z');
    status('active');
    toggle('delete_coupon');
    request();
    expect(credits()).toHaveLength(1);
    toggle('restore_coupon');
    request();
    request();
    expect(credits().map((credit) => credit.ruleIssue?.period)).toEqual([0, 1, 2]);
  });

  it('gets a skipped period once also after later ones have been issued', () => {
    const { goTo, status, request, sweepAt, credits } = createBook({ rollOver: true });
    status('inactive');
    goTo('2026-03-15T00:00Z');
    status('active');
    sweepAt('2026-03-31T00:00Z');
    request();
    request();
    expect(credits().map((credit) => credit.ruleIssue?.period)).toEqual([0, 2, 1]);
  });

  it('gets nothing of a rule for what was skipped before it', () => {
    const { goTo, status, request, rule, couponId, credits } = createBook({ rollOver: true });
    status('inactive');
    goTo('2026-03-15T00:00Z');
    const later = recordOf(rule(couponId, { rollOver: true, couponName: 'Later' }), 'credit_rule');
    goTo('2026-04-15T00:00Z');
    status('active');
    request();
    const issues = credits().flatMap(({ ruleIssue }) => ruleIssue ?? []);
    const ofLater = issues.filter(({ ruleId }) => ruleId === later.id);
    expect(ofLater.map(({ period }) => period)).toEqual([2]);
    expect(issues.map(({ period }) => period)).toEqual([0, 1, 2, 2]);
  });

  it('gets on request nothing that would have expired', () => {
    const { goTo, status, request, issued } = createBook();
    status('inactive');
    goTo('2026-04-15T00:00Z');
    status('active');
    request();
    // Of the skipped two the one that began on 31 March is good until 30 April.
    expect(issued()).toEqual([
      ['2026-01-31T00:00', '2026-02-28T00:00'],
      ['2026-04-15T00:00', '2026-04-30T00:00'],
    ]);
  });
});

describe('a request', () => {
  it('issues the period under way once, where no sign-up did', () => {
    const { request, issued, sweepAt } = createBook({ issueOnSignup: false });
    request();
    request();
    expect(issued()).toEqual([['2026-01-31T00:00', '2026-02-28T00:00']]);
    sweepAt('2026-02-28T00:00Z');
    request();
    expect(issued()).toHaveLength(2);
  });

  it('never issues a period twice when a rule changes its frequency there and back', () => {
    const { request, submit, ruleId, credits } = createBook();
    const set = (frequency: 'month' | 'year') => {
      const terms = { frequency };
      const fields = ['frequency'] as const;
      submit({ kind: 'parsed', value: { kind: 'update_credit_rule', ruleId, terms, fields } });
      request();
    };
    set('year');
    set('month');
    set('year');
    expect(credits().map((credit) => credit.ruleIssue?.frequency)).toEqual(['month', 'year']);
  });
});

describe('a change of status under a key', () => {
  it('is not made anew by a late retry, also where there was nothing to change', () => {
    const { id, submit, status, found } = createBook();
    const resume = () =>
      submit(parseSetMembershipStatus({ membershipId: id, status: 'active', idempotencyKey: 'k' }));
    expect(resume().kind).toBe('accepted');
    status('inactive');
    expect(resume().kind).toBe('replayed');
    expect(found()?.status).toBe('inactive');
  });
});

describe('a membership', () => {
  it('that begins later is upcoming, and signed up at its anchor by itself', () => {
    const { found, sweepAt, issued } = createBook({}, { anchor: at('2026-02-10T08:00Z') });
    expect(found()?.status).toBe('upcoming');
    expect(issued()).toEqual([]);
    sweepAt('2026-02-12T00:00Z');
    expect(found()?.status).toBe('active');
    expect(issued()).toEqual([['2026-02-10T08:00', '2026-03-10T08:00']]);
  });

  it('whose anchor is past signs up now, into the period under way', () => {
    const { issued, found } = createBook({}, { anchor: at('2025-10-15T00:00Z') });
    expect(issued()).toEqual([['2026-01-31T00:00', '2026-02-15T00:00']]);
    expect(found()).toMatchObject({ status: 'active', nextPeriod: 4 });
  });

  it.each(['upcoming', 'reserved'] as const)(
    'whose anchor is past signs up once, into the period under way, when %s at first',
    (first) => {
      const anchor = at('2025-10-15T00:00Z');
      const { issued, found, status } = createBook({}, { anchor, status: first });
      if (first === 'reserved') status('upcoming');
      expect(issued()).toEqual([['2026-01-31T00:00', '2026-02-15T00:00']]);
      expect(found()).toMatchObject({ status: 'active', nextPeriod: 4 });
    },
  );

  it('that is reserved signs up when it becomes active', () => {
    const { issued, goTo, status } = createBook({}, { status: 'reserved' });
    expect(issued()).toEqual([]);
    goTo('2026-02-03T00:00Z');
    status('active');
    expect(issued()).toEqual([['2026-02-03T00:00', '2026-02-28T00:00']]);
  });

  it.each(['expired', 'cancelled'] as const)('that is %s stays so, and issues nothing', (end) => {
    const { status, sweepAt, issued } = createBook();
    status(end);
    expect(status(end).kind).toBe('replayed');
    expect(status('active')).toMatchObject({ reason: 'MEMBERSHIP_ENDED' });
    expect(sweepAt('2027-01-31T00:00Z')).toEqual({ kind: 'unchanged' });
    expect(issued()).toHaveLength(1);
  });

  it('is upcoming no more once it has begun, and begins with no status that ends', () => {
    const { status, membership } = createBook();
    expect(status('upcoming')).toMatchObject({ metadata: { field: 'status' } });
    expect(membership({ status: 'expired' })).toMatchObject({ metadata: { field: 'status' } });
    expect(membership({ anchor: at('9000-01-01T00:00Z') })).toMatchObject({
      metadata: { field: 'anchor' },
    });
  });

  it('answers the status that it has already', () => {
    const { status } = createBook();
    expect(status('active').kind).toBe('replayed');
    expect(createCouponBook().status('none', 'active')).toMatchObject({
      reason: 'MEMBERSHIP_NOT_FOUND',
    });
  });
});
