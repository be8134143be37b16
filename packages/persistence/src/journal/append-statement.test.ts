// Which parts the statement of a batch has, and that there are few statements.
import { describe, expect, it } from 'vitest';
import type { Write } from './append-parts.ts';
import { expectingStatementFor, statementFor } from './append-statement.ts';

const row = {} as never;
const post = { events: [row], entries: [row], posted: [row], units: [row] };
const none = { created: [], detailed: [], terms: [], changes: [], records: [], ofCustomers: [] };
const textOf = (rows: Partial<Write>): string =>
  statementFor({ ...none, ...post, ...rows } as unknown as Write).text;

describe('the statement of a batch', () => {
  it('has no arrays for a post to one account', () => {
    expect(textOf({})).not.toContain('[]');
  });

  it.each<[string, Partial<Write>]>([
    ['two posts', { events: [row, row] }],
    ['a post without entries', { entries: [] }],
    ['a post to two accounts', { posted: [row, row] }],
    ['a post in two units', { units: [row, row] }],
    ['a new account', { created: [row] }],
    ['a changed account', { detailed: [row] }],
    ['a grant', { terms: [row] }],
    ['a coupon', { records: [row] }],
  ])('has arrays for any number of rows: %s', (_what, rows) => {
    expect(textOf(rows)).toContain('::int8[]');
  });

  it.each<[string, string, Partial<Write>]>([
    ['new accounts', 'insert into account (', { created: [row] }],
    ['changed accounts', 'display_name = c.display_name', { detailed: [row] }],
    ['grants', 'insert into account_term (', { terms: [row] }],
    ['coupons', 'insert into coupon_record (', { records: [row] }],
  ])('writes %s only where there are some', (_what, part, rows) => {
    const posts = { events: [row, row] };
    expect(textOf({ ...posts, ...rows })).toContain(part);
    expect(textOf(posts)).not.toContain(part);
  });

  it('is the same for all batches of a shape', () => {
    const posts = { events: [row, row], entries: [row, row] };
    expect(textOf(posts)).toBe(textOf({ events: [row, row, row] }));
  });
});

describe('the statement of a batch on an expected book', () => {
  it.each<[string, Partial<Write>]>([
    ['one post', {}],
    ['everything', { events: [row, row], created: [row], terms: [row], records: [row] }],
  ])('writes nothing but behind the head: %s', (_what, rows) => {
    const write = { ...none, ...post, ...rows } as unknown as Parameters<
      typeof expectingStatementFor
    >[0];
    const [head = '', ...others] = expectingStatementFor(write)
      .text.split(/"\w+" as \(/)
      .slice(1);
    expect(head).toContain('update book');
    expect(others.length).toBeGreaterThan(4);
    for (const part of others) expect(part).toContain('from heads');
  });
});
