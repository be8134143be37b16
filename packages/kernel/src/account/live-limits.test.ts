// How much may be live of an account.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import {
  assert,
  parseCreateHold,
  parsePostOneSided,
  parseReverseTransaction,
  postingOf,
} from '../index.ts';

/** An account with 10,000 credits and its commands, without checking each on the way. */
function open() {
  const book = createTestBook();
  const id = book.createId({ customerId: 'c', initialBalance: '20000' });
  const account = { kind: 'id', id } as const;
  let keyCount = 0;
  const named = () => ({ reference: 'r', idempotencyKey: `live ${++keyCount}` });
  return {
    account: () => book.state.accounts.get(id),
    hold: () => book.submit(parseCreateHold({ account, amount: '1', ...named() })),
    grant: () =>
      book.submit(
        parsePostOneSided('credit', {
          account,
          amount: '1',
          ...named(),
          terms: { category: 'paid', priority: 10 },
        }),
      ),
    debit: (amount: string) =>
      book.submit(parsePostOneSided('debit', { account, amount, ...named() })),
    reverse: (transactionId: string) => book.submit(parseReverseTransaction({ transactionId })),
  };
}

function times(count: number, act: () => { readonly kind: string }): Set<string> {
  return new Set(Array.from({ length: count }, () => act().kind));
}

describe('an account', () => {
  it('has at most 10,000 pending holds', () => {
    const { hold, account } = open();
    expect(times(10_000, hold)).toEqual(new Set(['accepted']));
    expect(hold()).toMatchObject({
      reason: 'HOLD_LIMIT',
      metadata: { account_id: account()?.id, count_max: '10000' },
    });
  });

  it('has at most 10,000 live grants, also after a reversal', () => {
    const { grant, debit, reverse, account } = open();
    expect(times(10_000, grant)).toEqual(new Set(['accepted']));
    expect(grant()).toMatchObject({ reason: 'GRANT_LIMIT', metadata: { count_max: '10000' } });
    const spent = debit('2');
    assert(spent.kind === 'accepted', 'the debit is covered');
    const transaction = postingOf(spent.event)?.transaction;
    expect(account()?.grants).toHaveLength(9_998);
    expect(grant().kind).toBe('accepted');
    const id = transaction?.id ?? '';
    expect(reverse(id)).toMatchObject({ reason: 'GRANT_LIMIT' });
    expect(debit('1').kind).toBe('accepted');
    expect(reverse(id).kind).toBe('accepted');
    expect(account()?.grants).toHaveLength(10_000);
  });
});
