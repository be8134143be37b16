// What each command may and may not do, case by case.
import { createTestBook } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { parsePostTransaction } from '../transaction/commands.ts';

describe('creating an account', () => {
  it('makes an active, empty account by default', () => {
    const book = createTestBook();
    expect(book.create({ customerId: 'c' })).toMatchObject({
      kind: 'accepted',
      event: {
        sequence: 1,
        change: {
          kind: 'account_created',
          account: {
            customerId: 'c',
            name: 'default',
            unit: { label: 'credits', scale: 0 },
            status: 'active',
            balance: 0n,
          },
        },
      },
    });
  });

  it('makes a customer of its own when asked to', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: '', ownCustomer: true });
    expect(book.state.accounts.get(id)?.customerId).toBe(id);
    expect(book.create({ customerId: '', ownCustomer: true })).toMatchObject({ kind: 'accepted' });
    expect(book.create({ customerId: 'c', ownCustomer: true })).toMatchObject({
      metadata: { field: 'own_customer' },
    });
    expect(book.create({ customerId: '' })).toMatchObject({ metadata: { field: 'customer_id' } });
  });

  it('keeps an empty metadata object, and refuses a blank name or unit', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', metadata: {}, email: '' });
    expect(book.state.accounts.get(id)?.personal).toEqual({ metadata: {} });
    expect(book.create({ customerId: 'd', name: ' ' })).toMatchObject({
      metadata: { field: 'name' },
    });
    expect(book.create({ customerId: 'd', unitLabel: ' ' })).toMatchObject({
      metadata: { field: 'unit_label' },
    });
  });

  it('posts the opening credit in the same event', () => {
    const book = createTestBook();
    const accepted = book.create({ customerId: 'c', initialBalance: '50' });
    expect(accepted).toMatchObject({
      event: {
        change: {
          account: { balance: 50n },
          opening: {
            counterpart: 'issued',
            transaction: { kind: 'opening', reference: 'opening', sequence: 1 },
          },
        },
      },
    });
    expect(book.balance()).toBe(50n);
    expect(book.state.units.get('credits')).toMatchObject({ issued: -50n });
  });

  it('posts nothing for an opening of zero', () => {
    const accepted = createTestBook().create({ customerId: 'c', initialBalance: '0' });
    expect(accepted).toMatchObject({ kind: 'accepted' });
    expect(JSON.stringify(accepted, (_, v: unknown) => String(v))).not.toContain('opening');
  });

  it('leaves no account behind when the opening amount is refused', () => {
    const book = createTestBook();
    expect(book.create({ customerId: 'c', initialBalance: '0.5' })).toMatchObject({
      reason: 'AMOUNT_INVALID',
      metadata: { field: 'initial_balance' },
    });
    expect(book.state.accounts.size).toBe(0);
  });

  it('refuses a name that the customer has, without regard to case or composition', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', name: 'Café' });
    expect(book.create({ customerId: 'c', name: ' CAFE\u0301 ' })).toMatchObject({
      reason: 'ACCOUNT_NAME_TAKEN',
      metadata: { account_id: id },
    });
    expect(book.create({ customerId: 'd', name: 'Café' })).toMatchObject({ kind: 'accepted' });
  });

  it('takes the name of a closed account, and never its external id', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', externalId: 'x' });
    book.status('close_account', id);
    expect(book.create({ customerId: 'c' })).toMatchObject({ kind: 'accepted' });
    expect(book.create({ customerId: 'd', externalId: 'x' })).toMatchObject({
      reason: 'EXTERNAL_ID_TAKEN',
      metadata: { account_id: id },
    });
  });

  it('refuses another scale for a known unit and takes the known one when absent', () => {
    const book = createTestBook();
    book.createId({ customerId: 'a', unitLabel: 'gold', unitScale: 2 });
    const conflict = book.create({ customerId: 'b', unitLabel: 'gold', unitScale: 3 });
    expect(conflict).toMatchObject({ reason: 'UNIT_SCALE_CONFLICT', metadata: { scale: '2' } });
    const taken = book.create({ customerId: 'b', unitLabel: 'gold', initialBalance: '0.25' });
    expect(taken).toMatchObject({ event: { change: { account: { balance: 25n } } } });
  });

  it.each(['cca_x', 'acc_x'])('refuses the external id %s, which looks like an id', (id) => {
    expect(createTestBook().create({ customerId: 'c', externalId: id })).toMatchObject({
      reason: 'FIELD_INVALID',
      metadata: { field: 'external_id' },
    });
  });
});

describe('the status of an account', () => {
  it.each([
    ['freeze_account', 'freeze_account', 'ACCOUNT_ALREADY_FROZEN'],
    ['unfreeze_account', undefined, 'ACCOUNT_NOT_FROZEN'],
    ['close_account', 'close_account', 'ACCOUNT_ALREADY_CLOSED'],
    ['freeze_account', 'close_account', 'ACCOUNT_CLOSED'],
    ['unfreeze_account', 'close_account', 'ACCOUNT_CLOSED'],
  ] as const)('refuses %s after %s', (change, before, reason) => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    if (before !== undefined) book.status(before, id);
    expect(book.status(change, id)).toMatchObject({ reason, metadata: { account_id: id } });
  });

  it.each([
    ['freeze_account', 'ACCOUNT_FROZEN'],
    ['close_account', 'ACCOUNT_CLOSED'],
  ] as const)('after %s refuses credits, debits, entries and reversals', (change, reason) => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', initialBalance: '9' });
    const other = book.createId({ customerId: 'd', initialBalance: '9' });
    const transactionId = book.transactionId(book.post('credit', id, '1'));
    book.status(change, id);
    expect(book.post('credit', id, '1')).toMatchObject({ reason });
    expect(book.post('debit', id, '1')).toMatchObject({ reason });
    expect(book.transfer(other, id, '1')).toMatchObject({ reason });
    expect(book.reverse(transactionId)).toMatchObject({ reason });
    expect(book.balance(id)).toBe(10n);
    expect(book.balance(other)).toBe(9n);
  });

  it('answers a replay even when the account is closed meanwhile', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const first = book.post('credit', id, '1', 'k');
    book.status('close_account', id);
    const replay = book.post('credit', id, '1', 'k');
    expect(replay).toMatchObject({ kind: 'replayed' });
    expect(replay.kind === 'replayed' && first.kind === 'accepted' && replay.event).toEqual(
      first.kind === 'accepted' && first.event,
    );
  });
});

describe('idempotency keys', () => {
  it('are refused for another request of any kind', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    book.post('credit', id, '5', 'k');
    for (const other of [
      book.post('credit', id, '6', 'k'),
      book.post('debit', id, '5', 'k'),
      book.post('credit', 'cca_unknown', '5', 'k'),
      book.create({ customerId: 'x', idempotencyKey: 'k' }),
    ]) {
      expect(other).toMatchObject({
        reason: 'IDEMPOTENCY_KEY_REUSED',
        metadata: { idempotency_key: 'k' },
      });
    }
  });

  it('take canonical amounts and other names of the account for the same request', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', externalId: 'x' });
    book.post('credit', id, '5', 'k');
    expect(book.post('credit', id, '5.00', 'k')).toMatchObject({ kind: 'replayed' });
    const account = { kind: 'external_id', externalId: 'x' } as const;
    expect(book.postTo('credit', account, { amount: '5', key: 'k' })).toMatchObject({
      kind: 'replayed',
    });
  });

  it('tell apart what differs in one thing alone', () => {
    const book = createTestBook();
    const a = book.createId({ customerId: 'a', initialBalance: '9' });
    const b = book.createId({ customerId: 'b', initialBalance: '9' });
    const post = (from: 'debit' | 'credit', to: 'debit' | 'credit') =>
      book.submit(
        parsePostTransaction({
          entries: [
            { account: { kind: 'id', id: a }, side: from, amount: '1' },
            { account: { kind: 'id', id: b }, side: to, amount: '1' },
          ],
          reference: 'ref',
          idempotencyKey: 'swap',
        }),
      );
    expect(post('debit', 'credit')).toMatchObject({ kind: 'accepted' });
    expect(post('credit', 'debit')).toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    const named = { customerId: 'p', idempotencyKey: 'person' };
    expect(book.create({ ...named, email: 'a@b' })).toMatchObject({ kind: 'accepted' });
    expect(book.create({ ...named, email: 'a@c' })).toMatchObject({
      reason: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('keep no refusal: the same key succeeds after a top-up', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    expect(book.post('debit', id, '5', 'k')).toMatchObject({ reason: 'INSUFFICIENT_BALANCE' });
    book.post('credit', id, '5');
    expect(book.post('debit', id, '5', 'k')).toMatchObject({ kind: 'accepted' });
  });

  it('cannot be blocked by a caller for openings and reversals', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', initialBalance: '5' });
    const transactionId = book.transactionId(book.post('credit', id, '1'));
    book.post('credit', id, '1', `reversal:${transactionId}`);
    expect(book.reverse(transactionId)).toMatchObject({ kind: 'accepted' });
  });
});

describe('posting', () => {
  it('tells what a debit would have needed', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', unitScale: 2, initialBalance: '5.5' });
    expect(book.post('debit', id, '20')).toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
      metadata: { account_id: id, required: '20', available: '5.5' },
    });
  });

  it('refuses an unknown account', () => {
    expect(createTestBook().post('credit', 'cca_00000000000', '1')).toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
      metadata: { account: 'cca_00000000000' },
    });
  });

  it('refuses entries that do not balance, repeat an account or mix units', () => {
    const book = createTestBook();
    const a = book.createId({ customerId: 'a', initialBalance: '9' });
    const b = book.createId({ customerId: 'b' });
    const gold = book.createId({ customerId: 'b', name: 'gold', unitLabel: 'gold' });
    expect(book.entries([a, 'debit', '3'], [b, 'credit', '2'])).toMatchObject({
      reason: 'ENTRIES_UNBALANCED',
      metadata: { debits: '3', credits: '2' },
    });
    expect(book.entries([a, 'debit', '3'], [a, 'credit', '3'])).toMatchObject({
      reason: 'ACCOUNT_REPEATED',
    });
    expect(book.entries([a, 'debit', '3'], [gold, 'credit', '3'])).toMatchObject({
      reason: 'UNIT_MISMATCH',
    });
    expect(book.entries([a, 'debit', '3'])).toMatchObject({ metadata: { field: 'entries' } });
    expect(book.balance(a)).toBe(9n);
  });
});

describe('reversing', () => {
  it('posts the opposite with the reference of the original, once', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const transactionId = book.transactionId(book.post('credit', id, '75'));
    const reversal = book.reverse(transactionId);
    expect(reversal).toMatchObject({
      event: {
        change: {
          posting: {
            transaction: {
              reversalOf: transactionId,
              reference: 'ref',
              idempotencyKey: `reversal:${transactionId}`,
              entries: [{ side: 'debit', amount: 75n, balanceAfter: 0n }],
            },
          },
        },
      },
    });
    expect(book.reverse(transactionId)).toMatchObject({ kind: 'replayed' });
    expect(book.reverse(book.transactionId(reversal))).toMatchObject({
      reason: 'TRANSACTION_NOT_REVERSIBLE',
    });
  });

  it('refuses a credit that was spent meanwhile', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const transactionId = book.transactionId(book.post('credit', id, '5'));
    book.post('debit', id, '1');
    expect(book.reverse(transactionId)).toMatchObject({ reason: 'INSUFFICIENT_BALANCE' });
  });

  it('finds only transactions that touch the account, where one is named', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    const other = book.createId({ customerId: 'd' });
    const transactionId = book.transactionId(book.post('credit', id, '5'));
    expect(book.reverse(transactionId, other)).toMatchObject({ reason: 'TRANSACTION_NOT_FOUND' });
    expect(book.reverse(transactionId, id)).toMatchObject({ kind: 'accepted' });
    expect(book.reverse('cct_nothing')).toMatchObject({ reason: 'TRANSACTION_NOT_FOUND' });
  });

  it('reverses an opening credit', () => {
    const book = createTestBook();
    const created = book.create({ customerId: 'c', initialBalance: '5' });
    expect(book.reverse(book.transactionId(created))).toMatchObject({ kind: 'accepted' });
    expect(book.balance()).toBe(0n);
    expect(book.state.units.get('credits')).toMatchObject({ issued: 0n });
  });
});

describe('updating an account', () => {
  it('replaces what is named, removes what is empty, and tells the history no contents', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c', email: 'a@example.com', displayName: 'Ada' });
    book.status('close_account', id);
    const updated = book.update(id, { email: '', metadata: { b: 1 } });
    expect(updated).toMatchObject({
      kind: 'accepted',
      personal: { displayName: 'Ada', metadata: { b: 1 } },
      event: { change: { changedFields: ['email', 'metadata'] } },
    });
    const text = JSON.stringify(book.events, (_, v: unknown) =>
      typeof v === 'bigint' ? String(v) : v,
    );
    expect(text).not.toContain('example.com');
    expect(text).not.toContain('Ada');
  });

  it('refuses to change nothing', () => {
    const book = createTestBook();
    const id = book.createId({ customerId: 'c' });
    expect(book.update(id, {})).toMatchObject({ reason: 'FIELD_INVALID' });
  });
});
