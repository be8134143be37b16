// The story that every protocol tells: the recipes of the documented credits API, told in the
// ledger's own calls. What it claims holds over each of them.

import { expect } from 'vitest';
import { at, type Caller, listAt, type Outcome, textAt } from './wire/caller.ts';
import { succeeding } from './wire/transcript.ts';

/** Tells the whole story in an empty book. */
export async function tellLedgerStory(call: Caller): Promise<void> {
  await loyaltyPoints(call);
  await prepaidBalance(call);
  await referral(call);
  await transfer(call);
  await ownCustomer(call);
  await usageWallet(call);
  await frozenAndClosed(call);
  await pointsInTime(call);
  await pages(call);
  await refusedRequests(call);
}

/** Credit 75, debit 50, take the 75 back: the history has four entries and a linked reversal. */
async function loyaltyPoints(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const created = await ok('CreateAccount', {
    customerId: 'ada',
    name: 'loyalty_points',
    unitLabel: 'points',
    externalId: 'ada-points',
    displayName: 'Ada',
    email: 'ada@example.com',
    metadata: { tier: 'gold', since: 2019, tags: ['a', { b: null }] },
    initialBalance: '50',
  });
  expect(at(created.answer, 'account', 'balance')).toBe('50');
  const account = { externalId: 'ada-points' };
  const earned = await ok('Credit', move(account, '75', 'order_789'));
  expect(balanceAfter(earned)).toBe('125');
  const spent = await ok('Debit', move(account, '50', 'checkout_456'));
  expect(balanceAfter(spent)).toBe('75');
  const transactionId = textAt(earned.answer, 'transaction', 'id');
  const reversal = await ok('ReverseTransaction', { transactionId });
  expect(balanceAfter(reversal)).toBe('0');
  expect(at(reversal.answer, 'transaction', 'reversalOf')).toBe(transactionId);
  expect(at(reversal.answer, 'transaction', 'reference')).toBe('order_789');
  const again = await ok('ReverseTransaction', { transactionId, account });
  expect(again).toMatchObject({ isReplay: true, answer: reversal.answer });
  const entries = await ok('ListEntries', { account });
  expect(listAt(entries.answer, 'entries')).toHaveLength(4);
}

/** A top-up of one key, delivered twice, and metadata that comes back as it went. */
async function prepaidBalance(call: Caller): Promise<void> {
  const ok = succeeding(call);
  await ok('CreateAccount', { customerId: 'ben', externalId: 'ben-prepaid' });
  const account = { externalId: 'ben-prepaid' };
  const topUp = { ...move(account, '1000', 'topup_order_123'), metadata: { by: 'card', n: 1.5 } };
  const first = await ok('Credit', topUp);
  expect(first.isReplay).toBe(false);
  expect(at(first.answer, 'transaction', 'metadata')).toEqual({ by: 'card', n: 1.5 });
  const second = await ok('Credit', { ...topUp, amount: '1000.00' });
  expect(second).toMatchObject({ isReplay: true, answer: first.answer });
  await ok('Debit', move(account, '25', 'usage_evt_456'));
  const byKey = await ok('GetTransactionByKey', { idempotencyKey: 'topup_order_123' });
  expect(at(byKey.answer, 'transaction')).toEqual(at(first.answer, 'transaction'));
  const other = await call('Credit', { ...topUp, amount: '1001' });
  expect(other).toMatchObject({ code: 'already_exists', reason: 'IDEMPOTENCY_KEY_REUSED' });
  const balance = await ok('GetBalance', { account });
  expect(at(balance.answer, 'balance', 'balance')).toBe('975');
}

/** Two customers, and a conversion that is reported twice. */
async function referral(call: Caller): Promise<void> {
  const ok = succeeding(call);
  await ok('CreateAccount', { customerId: 'referrer', externalId: 'referrer' });
  await ok('CreateAccount', { customerId: 'newcomer', externalId: 'newcomer' });
  for (const _time of [1, 2]) {
    await ok('Credit', move({ externalId: 'referrer' }, '500', 'referral_newcomer'));
    await ok('Credit', move({ externalId: 'newcomer' }, '200', 'welcome_newcomer'));
  }
  const accounts = [{ externalId: 'newcomer' }, { externalId: 'referrer' }];
  const { answer } = await ok('BatchGetBalances', { accounts });
  const balances = listAt(answer, 'balances').map((balance) => at(balance, 'balance'));
  expect(balances).toEqual(['200', '500']);
}

/** One transaction over two accounts: all of it or none of it. */
async function transfer(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const from = { externalId: 'referrer' };
  const to = { externalId: 'newcomer' };
  const post = (debit: string, credit: string, key: string) => ({
    reference: 'gift',
    idempotencyKey: key,
    entries: [
      { account: from, side: 'ENTRY_SIDE_DEBIT', amount: debit },
      { account: to, side: 'ENTRY_SIDE_CREDIT', amount: credit },
    ],
  });
  const posted = await ok('PostTransaction', post('300', '300', 'gift-1'));
  expect(listAt(posted.answer, 'transaction', 'entries')).toHaveLength(2);
  const uneven = await call('PostTransaction', post('300', '200', 'gift-2'));
  expect(uneven).toMatchObject({ code: 'invalid_argument', reason: 'ENTRIES_UNBALANCED' });
  await ok('FreezeAccount', { account: from });
  const frozen = await call('PostTransaction', post('1', '1', 'gift-3'));
  expect(frozen).toMatchObject({ code: 'failed_precondition', reason: 'ACCOUNT_FROZEN' });
  await ok('UnfreezeAccount', { account: from });
  const { answer } = await ok('BatchGetBalances', { accounts: [from, to] });
  const balances = listAt(answer, 'balances').map((balance) => at(balance, 'balance'));
  expect(balances).toEqual(['200', '500']);
}

/** An account for whoever has no customers, and a retry of its creation. */
async function ownCustomer(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const request = { ownCustomer: true, idempotencyKey: 'own-1', displayName: 'Solo' };
  const made = await ok('CreateAccount', request);
  const id = textAt(made.answer, 'account', 'id');
  expect(at(made.answer, 'account', 'customerId')).toBe(id);
  const again = await ok('CreateAccount', request);
  expect(again).toMatchObject({ isReplay: true, answer: made.answer });
  const { answer } = await ok('ListAccounts', { customerId: id });
  expect(listAt(answer, 'accounts').map((account) => at(account, 'id'))).toEqual([id]);
}

/** Debits down to zero, and one too many. Fractions of a unit that has them. */
async function usageWallet(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const account = { externalId: 'wallet' };
  const wallet = { customerId: 'cy', name: 'wallet', unitLabel: 'tokens', unitScale: 2 };
  await ok('CreateAccount', { ...wallet, externalId: 'wallet', initialBalance: '1.5' });
  await ok('Debit', move(account, '1.25', 'event-1'));
  await ok('Debit', move(account, '0.25', 'event-2'));
  const short = await call('Debit', move(account, '0.01', 'event-3'));
  expect(short).toMatchObject({
    code: 'failed_precondition',
    reason: 'INSUFFICIENT_BALANCE',
    metadata: { required: '0.01', available: '0' },
  });
  await ok('Credit', move(account, '1', 'event-4'));
  await ok('Debit', move(account, '0.01', 'event-3'));
  const fine = await call('Debit', move(account, '0.001', 'event-5'));
  expect(fine).toMatchObject({ code: 'invalid_argument', reason: 'AMOUNT_INVALID' });
}

/** Freeze on a dispute, work again, close for good. Reads work throughout. */
async function frozenAndClosed(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const account = { externalId: 'dora' };
  await ok('CreateAccount', { customerId: 'dora', externalId: 'dora', initialBalance: '10' });
  await ok('FreezeAccount', { account });
  const frozen = await call('Debit', move(account, '1', 'dora-1'));
  expect(frozen).toMatchObject({ code: 'failed_precondition', reason: 'ACCOUNT_FROZEN' });
  const twice = await call('FreezeAccount', { account });
  expect(twice).toMatchObject({ reason: 'ACCOUNT_ALREADY_FROZEN' });
  await ok('UnfreezeAccount', { account });
  await ok('Debit', move(account, '1', 'dora-1'));
  await ok('UpdateAccount', { account, displayName: 'Dora', metadata: { note: 'ok' } });
  await ok('CloseAccount', { account });
  const closed = await call('Credit', move(account, '1', 'dora-2'));
  expect(closed).toMatchObject({ code: 'failed_precondition', reason: 'ACCOUNT_CLOSED' });
  const read = await ok('GetAccount', { account });
  expect(at(read.answer, 'account')).toMatchObject({
    status: 'ACCOUNT_STATUS_CLOSED',
    balance: '9',
    displayName: 'Dora',
    metadata: { note: 'ok' },
  });
}

/** Balances at every sequence of an account's life and at the instant of an entry. */
async function pointsInTime(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const account = { externalId: 'ada-points' };
  const { answer } = await ok('ListEntries', { account });
  for (const entry of listAt(answer, 'entries')) {
    const atSequence = textAt(entry, 'sequence');
    const { answer: then } = await ok('GetBalance', { account, atSequence });
    expect(at(then, 'balance', 'balance')).toBe(at(entry, 'balanceAfter'));
  }
  const [newest] = listAt(answer, 'entries');
  const now = await ok('GetBalance', { account, at: textAt(newest, 'createdAt') });
  expect(at(now.answer, 'balance', 'balance')).toBe('0');
  const before = await ok('GetBalance', { account, at: '2001-02-03T04:05:06.789Z' });
  expect(at(before.answer, 'balance', 'balance')).toBe('0');
  const later = await ok('GetBalance', { account, at: '2901-02-03T04:05:06.789Z' });
  expect(at(later.answer, 'balance', 'balance')).toBe('0');
  const beyond = await call('GetBalance', { account, atSequence: '1000000' });
  expect(beyond).toMatchObject({ code: 'out_of_range', reason: 'SEQUENCE_BEYOND_HEAD' });
}

/** Lists newest first, in both directions, and their filters. */
async function pages(call: Caller): Promise<void> {
  const ok = succeeding(call);
  const account = { externalId: 'ada-points' };
  const first = await ok('ListEntries', { account, pageSize: 3 });
  expect(at(first.answer, 'hasMore')).toBe(true);
  const last = textAt(first.answer, 'entries', 2, 'id');
  const rest = await ok('ListEntries', { account, pageSize: 3, startingAfter: last });
  expect(listAt(rest.answer, 'entries')).toHaveLength(1);
  const oldest = textAt(rest.answer, 'entries', 0, 'id');
  const back = await ok('ListEntries', { account, pageSize: 3, endingBefore: oldest });
  expect(listAt(back.answer, 'entries')).toEqual(listAt(first.answer, 'entries'));
  const byReference = await ok('ListTransactions', { reference: 'order_789' });
  expect(listAt(byReference.answer, 'transactions')).toHaveLength(2);
  const one = textAt(byReference.answer, 'transactions', 1, 'id');
  await ok('GetTransaction', { transactionId: one });
  await ok('ListTransactions', { account, pageSize: 2 });
  await ok('ListTransactions', { createdFrom: '2001-01-01T00:00:00Z', pageSize: 2 });
  await ok('ListAccounts', { customerId: 'cy' });
  await ok('ListAccounts', { pageSize: 2, countTotal: true, skip: 1 });
  const closed = await ok('ListAccounts', { status: 'ACCOUNT_STATUS_CLOSED' });
  expect(listAt(closed.answer, 'accounts')).toHaveLength(1);
  await ok('GetHead', {});
}

/** Every category of refusal, with its code. */
async function refusedRequests(call: Caller): Promise<void> {
  const refused = async (method: string, request: Parameters<Caller>[1], reason: string) => {
    const outcome = await call(method, request);
    expect({ method, reason: outcome.reason }).toEqual({ method, reason });
  };
  const account = { externalId: 'ben-prepaid' };
  const unknown = { id: 'cca_00000000000' };
  await refused('GetAccount', { account: unknown }, 'ACCOUNT_NOT_FOUND');
  await refused('GetAccount', {}, 'FIELD_INVALID');
  await refused('GetTransaction', { transactionId: 'cct_1' }, 'TRANSACTION_NOT_FOUND');
  await refused('GetTransactionByKey', { idempotencyKey: 'never' }, 'TRANSACTION_NOT_FOUND');
  await refused('Credit', { ...move(account, '5', 'r'), amount: '1e3' }, 'AMOUNT_INVALID');
  await refused('Credit', { ...move(account, '5', 'r'), reference: '' }, 'FIELD_INVALID');
  await refused('ListEntries', { account, startingAfter: 'cce_1' }, 'CURSOR_INVALID');
  await refused('ListEntries', { account, pageSize: 1001 }, 'FIELD_INVALID');
  await refused('CreateAccount', { customerId: 'ben' }, 'ACCOUNT_NAME_TAKEN');
  await refused('CreateAccount', { customerId: 'x', externalId: 'wallet' }, 'EXTERNAL_ID_TAKEN');
  const scaled = { customerId: 'x', unitLabel: 'tokens', unitScale: 3 };
  await refused('CreateAccount', scaled, 'UNIT_SCALE_CONFLICT');
  const keyless = await call('GetHead', {}, { apiKey: '' });
  expect(keyless).toMatchObject({ code: 'unauthenticated', reason: 'KEY_MISSING' });
  const strange = await call('GetHead', {}, { apiKey: 'scrip_test_strange' });
  expect(strange).toMatchObject({ code: 'unauthenticated', reason: 'KEY_UNKNOWN' });
}

function move(account: { readonly externalId: string }, amount: string, name: string) {
  return { account, amount, reference: name, idempotencyKey: name };
}

function balanceAfter({ answer }: Outcome): unknown {
  return at(answer, 'transaction', 'entries', 0, 'balanceAfter');
}
