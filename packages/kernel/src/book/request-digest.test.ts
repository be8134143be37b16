// What the digest of a request tells apart: all that a command asks for.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import type { DecimalText } from '../value/amount.ts';
import type { Instant } from '../value/instant.ts';
import type { Command } from './command.ts';
import { requestDigest } from './request-digest.ts';

const book = createTestBook();
const account = { kind: 'id', id: book.createId({ customerId: 'ada' }) } as const;
const other = { kind: 'id', id: book.createId({ customerId: 'bob' }) } as const;
const amount = '5' as DecimalText;
const metadata = { order: '1' };
const personal = { displayName: 'Ada', email: 'ada@example.com', metadata };
const said = { reference: 'order-1', idempotencyKey: 'key', metadata };
const terms = { priority: 50, category: 'paid', source: 'shop' } as const;
const [from, until] = [1_800_000_000_000 as Instant, 1_900_000_000_000 as Instant];
const ttl = { kind: 'ttl', ttlMs: 60_000 } as const;
const end = { kind: 'expires_at', expiresAt: until } as const;

/** Commands with all their fields; several of a kind where fields exclude each other. */
const commands: readonly Command[] = [
  {
    kind: 'create_account',
    customerId: 'ada',
    name: 'default',
    unitLabel: 'credits',
    unitScale: 2,
    externalId: 'own',
    personal,
    initialBalance: amount,
  },
  { kind: 'update_account', account, ...personal },
  { kind: 'freeze_account', account },
  { kind: 'unfreeze_account', account },
  { kind: 'close_account', account },
  { kind: 'credit', account, amount, ...said },
  {
    kind: 'credit',
    account,
    amount,
    ...said,
    terms: { ...terms, effectiveAt: from, expiresAt: until },
  },
  { kind: 'debit', account, amount, ...said },
  {
    kind: 'post_transaction',
    entries: [
      { account, side: 'debit', amount },
      { account: other, side: 'credit', amount },
    ],
    ...said,
  },
  { kind: 'reverse_transaction', transactionId: 'cct_1' },
  { kind: 'create_hold', account, amount, end: ttl, ...said },
  { kind: 'create_hold', account, amount, end, ...said },
  {
    kind: 'capture_hold',
    holdId: 'cch_1',
    amount,
    final: true,
    allowExcess: false,
    idempotencyKey: 'key',
    metadata,
  },
  { kind: 'extend_hold', holdId: 'cch_1', end: ttl },
  { kind: 'extend_hold', holdId: 'cch_1', end },
  { kind: 'release_hold', holdId: 'cch_1' },
  { kind: 'void_grant', grantId: 'ccg_1', reference: 'order-1' },
  {
    kind: 'create_schedule',
    account,
    amount,
    ...terms,
    anchor: from,
    startsNextPeriod: true,
    period: { unit: 'month', count: 1 },
    leftover: 'lapse',
    cap: amount,
    occurrenceCount: 3,
    reference: 'plan-1',
    idempotencyKey: 'key',
  },
  { kind: 'end_schedule', scheduleId: 'ccs_1' },
  { kind: 'advance_clock', byMs: 5 },
  { kind: 'book_due_moves', account },
  {
    kind: 'update_coupon',
    couponId: 'c1',
    terms: { name: 'Massage', value: { kind: 'percentage', percentage: 50 } },
    fields: ['name', 'value'],
  },
];

/** Fields that are no part of what is asked for, or that say which fields there are. */
const leftOut = new Set(['kind', 'idempotencyKey']);

/** All values that differ from one in a single place, by that place. */
function* variantsOf(value: unknown, place: string): Generator<readonly [string, unknown]> {
  if (typeof value === 'string') yield [place, `${value}x`];
  else if (typeof value === 'number') yield [place, value + 1];
  else if (typeof value === 'bigint') yield [place, value + 1n];
  else if (typeof value === 'boolean') yield [place, !value];
  else if (Array.isArray(value)) {
    yield [`${place} without its last`, value.slice(0, -1)];
    for (const [index, item] of value.entries()) {
      for (const [at, variant] of variantsOf(item, `${place}[${index}]`)) {
        yield [at, value.with(index, variant)];
      }
    }
  } else {
    for (const [name, property] of Object.entries(value as object)) {
      if (leftOut.has(name)) continue;
      for (const [at, variant] of variantsOf(property, `${place}.${name}`)) {
        yield [at, { ...(value as object), [name]: variant }];
      }
    }
  }
}

const digestOf = (command: Command): string => requestDigest(book.state, command);

describe('the digest of a request', () => {
  it('differs from command to command', () => {
    expect(new Set(commands.map(digestOf)).size).toBe(commands.length);
  });

  const variants = commands.flatMap((command) =>
    [...variantsOf(command, command.kind)].map(([place, variant]) => ({ place, command, variant })),
  );

  it.each(variants)('covers $place', ({ command, variant }) => {
    expect(digestOf(variant as Command)).not.toBe(digestOf(command));
  });

  it('is of what is asked for: not of the key, nor of how an account is named', () => {
    const externalId = book.createId({ customerId: 'eve', externalId: 'own-eve' });
    const post = { kind: 'credit', amount, ...said } as const;
    const byId = digestOf({ ...post, account: { kind: 'id', id: externalId } });
    const byOwn = { kind: 'external_id', externalId: 'own-eve' } as const;
    expect(digestOf({ ...post, account: byOwn, idempotencyKey: 'another' })).toBe(byId);
  });

  it('is another in another book', () => {
    const [command] = commands;
    const state = { ...book.state, idKey: new Uint8Array(32).fill(2) };
    expect(command && requestDigest(state, command)).not.toBe(command && digestOf(command));
  });
});
