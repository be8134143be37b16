// The official SDK, unchanged, in three versions, over the scenarios of its own guides.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, newestSdk, sdks, useShop } from './creem-sdk-shop.ts';
import type { GatewayServer } from './gateway-server.ts';
import { startGatewayServer } from './gateway-server.ts';

let server: GatewayServer;
beforeAll(async () => {
  server = await startGatewayServer();
});
afterAll(() => server.close());

describe.each(sdks)('creem $version', (sdk) => {
  const shop = useShop(sdk, () => server);
  const { api, open, credit, debit, balance, status, isReplay, expectConflict } = shop;

  it('1: awards, redeems and takes back loyalty points', async () => {
    const account = await api().createAccount({
      customerId: 'cust_1',
      name: 'loyalty_points',
      unitLabel: 'points',
      initialBalance: '50',
    });
    expect(account).toMatchObject({
      storeId: shop.storeId(),
      customerId: 'cust_1',
      name: 'loyalty_points',
      unitLabel: 'points',
      status: 'active',
    });
    const earned = await credit(account.id, '75', 'order_789');
    expect(await balance(account.id)).toBe('125');
    const spent = await debit(account.id, '50', 'checkout_456');
    expect(spent.entries).toMatchObject([{ side: 'debit', amount: '50', accountId: account.id }]);
    expect(await balance(account.id)).toBe('75');
    const back = await api().reverseTransaction(account.id, { transactionId: earned.id });
    expect(back).toMatchObject({ reversalOf: earned.id, reference: 'order_789' });
    expect(back.entries).toMatchObject([{ side: 'debit', amount: '75' }]);
    expect(await balance(account.id)).toBe('0');
    const { result } = await api().listEntries(account.id);
    expect(result.data.map(({ side, amount }) => `${side} ${amount}`)).toEqual([
      'debit 75',
      'debit 50',
      'credit 75',
      'credit 50',
    ]);
    expect(result.data[2]?.transactionId).toBe(earned.id);
  });

  it('1: answers a second reversal with the first, as a replay', async () => {
    const id = await open('cust_1');
    const earned = await credit(id, '75', 'order_789');
    const first = await api().reverseTransaction(id, { transactionId: earned.id });
    expect(isReplay()).toBe(false);
    const second = await api().reverseTransaction(id, { transactionId: earned.id });
    expect(second).toEqual(first);
    expect([status(), isReplay()]).toEqual([201, true]);
  });

  it('2: tops a prepaid balance up once, however often it is told', async () => {
    const id = await open('cust_2', 'prepaid_balance');
    const first = await credit(id, '1000', 'topup_order_123');
    expect(isReplay()).toBe(false);
    await debit(id, '25', 'usage_evt_456');
    const again = await credit(id, '1000', 'topup_order_123');
    expect(again).toEqual(first);
    expect([status(), isReplay()]).toEqual([201, true]);
    expect(await balance(id)).toBe('975');
  });

  it('3: charges AI calls by model', async () => {
    const id = await open('cust_3', 'ai_credits');
    await credit(id, '5000', 'pack_1');
    await debit(id, '10', { key: 'call_1', reference: 'model:premium' });
    await debit(id, '1', { key: 'call_2', reference: 'model:standard' });
    expect(await balance(id)).toBe('4989');
  });

  it('4: credits both sides of a referral once', async () => {
    const referrer = await open('cust_4a', 'referral');
    const friend = await open('cust_4b', 'referral');
    for (let time = 0; time < 2; time += 1) {
      await credit(referrer, '500', 'referral_cust_4b');
      await credit(friend, '200', 'referred_cust_4b');
    }
    expect([await balance(referrer), await balance(friend)]).toEqual(['500', '200']);
  });

  it('5: allocates metered calls at most once a period', async () => {
    const id = await open('cust_5', 'api_calls');
    await credit(id, '10000', 'sub_1:2026-05');
    await credit(id, '10000', 'sub_1:2026-05');
    await debit(id, '1', 'call:1');
    await debit(id, '100', 'batch:1');
    expect(await balance(id)).toBe('9899');
  });

  it('6 and 7: gives promotional and goodwill credits', async () => {
    const id = await open('cust_6', 'promo');
    await credit(id, '100', { key: 'spring:cust_6', reference: 'campaign:spring' });
    await credit(id, '100', { key: 'ticket:42', reference: 'support ticket #42' });
    await debit(id, '100', { key: 'spring:cust_6:expired', reference: 'campaign:spring' });
    expect(await balance(id)).toBe('100');
  });

  it('8: pages through the history by its iterator', async () => {
    const id = await open('cust_8');
    for (let index = 1; index <= 5; index += 1) await credit(id, `${index}`, `order_${index}`);
    const seen: string[] = [];
    for await (const page of await api().listEntries(id, 2)) {
      seen.push(...page.result.data.map(({ amount }) => amount));
    }
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
    const [newest, , third] = (await api().listEntries(id, 100)).result.data;
    const newer = await api().listEntries(id, 2, undefined, third?.id);
    expect(newer.result.data.map(({ amount }) => amount)).toEqual(['5', '4']);
    const none = await api().listEntries(id, 2, undefined, newest?.id);
    expect(none.result).toMatchObject({ object: 'list', data: [], hasMore: false });
  });

  it('8: pages through a full last page and an empty list without an error', async () => {
    for (let index = 0; index < 4; index += 1) await open('cust_8', `account ${index}`);
    const names: string[] = [];
    for await (const page of await api().listAccounts(2, 'cust_8')) {
      names.push(...page.result.data.map(({ name }) => name));
    }
    expect(names).toEqual(['account 3', 'account 2', 'account 1', 'account 0']);
    const nobody = await api().listAccounts(10, 'nobody');
    expect(nobody.result.data).toEqual([]);
  });

  it('9: runs the quick start', async () => {
    const { id, name, unitLabel } = await api().createAccount({ customerId: 'cust_9' });
    expect([name, unitLabel]).toEqual(['default', 'credits']);
    await credit(id, '500', 'k1');
    await debit(id, '200', 'k2');
    const read = await api().getAccountBalance(id);
    expect(read.balance).toBe('300');
    expect(read.updatedAt).toMatch(/^\d{4}-.*\.\d{3}Z$/);
    expect(read.asOf).toBeUndefined();
    expect(await api().getAccount(id)).toMatchObject({ id, status: 'active' });
  });

  it('9: tells the balance of an instant', async () => {
    const id = await open('cust_9');
    const { createdAt } = await credit(id, '500', 'k1');
    const then = await api().getAccountBalance(id, createdAt);
    expect(then).toEqual({ balance: '500', asOf: createdAt });
    const before = await api().getAccountBalance(id, '2020-01-01T00:00:00+02:00');
    expect(before).toEqual({ balance: '0', asOf: '2019-12-31T22:00:00.000Z' });
  });

  it('10: counts gems', async () => {
    const id = await open('cust_10', 'gems');
    await credit(id, '50', 'quest_1');
    await debit(id, '30', 'shop_1');
    expect(await balance(id)).toBe('20');
  });

  it('12: gives the credits of a failed AI job back', async () => {
    const id = await open('cust_12', 'default', '10');
    const charge = await debit(id, '5', 'job_1');
    expect(await balance(id)).toBe('5');
    const refund = await api().reverseTransaction(id, { transactionId: charge.id });
    expect(refund.entries).toMatchObject([{ side: 'credit', amount: '5' }]);
    expect(await balance(id)).toBe('10');
  });

  it('13: debits a usage event once and refuses at zero', async () => {
    const id = await open('cust_13', 'wallet', '2');
    await debit(id, '2', 'debit-evt_1');
    await debit(id, '2', 'debit-evt_1');
    expect(isReplay()).toBe(true);
    expect(await balance(id)).toBe('0');
    const error = await failure(debit(id, '1', 'debit-evt_2'));
    expect(error).toMatchObject({ statusCode: 422 });
    expect(error).toHaveProperty('body', expect.stringContaining('"insufficient_balance"'));
    expect(await balance(id)).toBe('0');
  });

  it('15: freezes on a dispute, unfreezes and closes, with typed errors', async () => {
    const id = await open('cust_15', 'default', '100');
    expect(await api().freezeAccount(id)).toMatchObject({ id, status: 'frozen' });
    await expectConflict(debit(id, '1', 'd1'), 'account_frozen');
    await expectConflict(api().freezeAccount(id), 'account_already_frozen');
    expect(await api().unfreezeAccount(id)).toMatchObject({ status: 'active' });
    await expectConflict(api().unfreezeAccount(id), 'account_not_frozen');
    await debit(id, '1', 'd1');
    expect(await api().closeAccount(id)).toMatchObject({ status: 'closed' });
    await expectConflict(credit(id, '1', 'c1'), 'account_closed');
    await expectConflict(api().closeAccount(id), 'account_already_closed');
    expect(await balance(id)).toBe('99');
    const { result } = await api().listEntries(id);
    expect(result.data).toHaveLength(2);
  });

  it('throws its typed conflict when a key is used for another request', async () => {
    const id = await open('cust_16');
    await credit(id, '1', 'k1');
    await expectConflict(credit(id, '2', 'k1'), 'idempotency_key_mismatch');
    expect(await balance(id)).toBe('1');
  });

  it('refuses taken names, wrong keys, unknown ids and bad amounts', async () => {
    const id = await open('cust_17', 'Points');
    const taken = await failure(open('cust_17', 'points'));
    expect(taken).toHaveProperty('statusCode', 409);
    expect(await failure(shop.creditsOf('nope').getAccount(id))).toHaveProperty('statusCode', 403);
    expect(await failure(api().getAccount('cca_00000000000'))).toHaveProperty('statusCode', 404);
    const other = shop.creditsOf((await server.createStore()).apiKey);
    expect(await failure(other.getAccount(id))).toHaveProperty('statusCode', 404);
    for (const amount of ['-1', '1e3', '01', ' 1', 'NaN', '0', '1.5', '1'.repeat(39), '']) {
      const error = await failure(credit(id, amount, `bad ${amount}`));
      expect(error).toMatchObject({ statusCode: 400 });
      expect(error).toHaveProperty('body', expect.stringContaining('"invalid_amount"'));
    }
    const wrongCursor = await failure(api().listEntries(id, 10, 'cce_00000000000'));
    expect(wrongCursor).toHaveProperty('statusCode', 400);
  });

  it('keeps amounts of 38 digits exact', async () => {
    const big = '98765432109876543210987654321098765432';
    const id = await open('cust_18', 'default', big);
    expect(await balance(id)).toBe(big);
    await debit(id, '1', 'k1');
    expect(await balance(id)).toBe('98765432109876543210987654321098765431');
  });

  it('refuses a key that may only read with 403 when it writes', async () => {
    const id = await open('cust_19', 'default', '5');
    const readOnly = shop.creditsOf(await server.createKey(shop.storeId(), ['ledger:read']));
    expect((await readOnly.getAccountBalance(id)).balance).toBe('5');
    const body = { amount: '1', reference: 'r', idempotencyKey: 'k' };
    expect(await failure(readOnly.debitAccount(id, body))).toHaveProperty('statusCode', 403);
  });
});

describe(`creem ${newestSdk.version}, multi-entry transactions`, () => {
  const shop = useShop(newestSdk, () => server);
  const { api, open, balance, status, isReplay, expectConflict } = shop;

  const transfer = (from: string, to: string, amounts: readonly [string, string]) =>
    api().postTransaction({
      reference: 'gift_1',
      idempotencyKey: `gift_1:${amounts.join(':')}`,
      entries: [
        { accountId: from, side: 'debit', amount: amounts[0] },
        { accountId: to, side: 'credit', amount: amounts[1] },
      ],
    });

  it('11: moves credits between accounts, all or nothing', async () => {
    const from = await open('cust_a', 'default', '500');
    const to = await open('cust_b');
    const moved = await transfer(from, to, ['300', '300']);
    expect(moved.entries).toHaveLength(2);
    expect([await balance(from), await balance(to)]).toEqual(['200', '300']);
    expect(await transfer(from, to, ['300', '300'])).toEqual(moved);
    expect([status(), isReplay()]).toEqual([201, true]);

    const unequal = await failure(transfer(from, to, ['10', '20']));
    expect(unequal).toBeInstanceOf(newestSdk.TypedError);
    expect(unequal).toMatchObject({
      statusCode: 422,
      error: { code: 'unbalanced_transaction', param: 'entries' },
    });
    expect(unequal).toHaveProperty('error.message', expect.stringContaining('10 debited, 20'));
    const nowhere = await failure(transfer(from, 'cca_00000000000', ['10', '10']));
    expect(nowhere).toMatchObject({ statusCode: 404 });
    expect(nowhere).toHaveProperty('body', expect.stringContaining('account: cca_00000000000.'));
    const tooMuch = await failure(transfer(from, to, ['900', '900']));
    expect(tooMuch).toMatchObject({ statusCode: 422, error: { code: 'insufficient_balance' } });
    await api().freezeAccount(from);
    await expectConflict(transfer(from, to, ['1', '1']), 'account_frozen');
    expect([await balance(from), await balance(to)]).toEqual(['200', '300']);
  });

  it('11: finds by reference, reads by id and reverses by id', async () => {
    const from = await open('cust_a', 'default', '500');
    const to = await open('cust_b');
    const moved = await transfer(from, to, ['300', '300']);
    expect(await api().getTransaction(moved.id)).toEqual(moved);
    const back = await api().reverseTransactionById(moved.id);
    expect(back.reversalOf).toBe(moved.id);
    expect(await api().reverseTransactionById(moved.id)).toEqual(back);
    expect([status(), isReplay()]).toEqual([201, true]);
    const found = await api().listTransactionsByReference('gift_1');
    expect(found).toEqual({ object: 'list', data: [back, moved], hasMore: false });
    await expectConflict(api().reverseTransactionById(back.id), 'transaction_not_reversible');
    expect([await balance(from), await balance(to)]).toEqual(['500', '0']);
  });

  it('throws its typed conflict for a taken name', async () => {
    await open('cust_c', 'Points');
    await expectConflict(open('cust_c', 'points'), 'account_name_taken');
    expect((await api().listAccounts(10, 'cust_c')).result.data).toHaveLength(1);
  });
});
