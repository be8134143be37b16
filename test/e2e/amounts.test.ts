// Amounts as digits: exact however long, refused when malformed, over RPC and REST.

import type { ScripProcess } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { at, type Caller, type JsonObject, textAt } from './wire/caller.ts';
import { createConnectCaller, postConnect } from './wire/connect-caller.ts';
import { createGrpcCaller, type GrpcCaller } from './wire/grpc-caller.ts';
import { createRestCaller, type RestCaller } from './wire/rest-caller.ts';
import { succeeding } from './wire/transcript.ts';

const nines38 = '9'.repeat(38);
const malformed = (
  '-1 +1 1e3 1E3 01 00 .5 5. 1,000 1_000 NaN Infinity 0x10 ١ 1.5 ' +
  `${'9'.repeat(39)} 1.${'0'.repeat(18)}1`
)
  .split(' ')
  .concat([' 1', '1 ', '1\n', '']);
const zeros = ['0', '0.0', '0.000'];
/** A number instead of a text, the same text in a list, and nothing: as they stand in JSON. */
const notTexts = ['5', '5.0', '5e2', 'true', 'null', '["5"]', '{}'];

let scrip: ScripProcess;
let grpc: GrpcCaller;
let connect: Caller;
let rest: RestCaller;
let names = 0;

beforeAll(async () => {
  scrip = await startScripOnTestCluster();
  const key = scrip.keys().test.api_key;
  grpc = createGrpcCaller(scrip.ledgerUrl, key);
  connect = createConnectCaller(scrip.ledgerUrl, key);
  rest = createRestCaller(scrip.gatewayUrl, key);
});

afterAll(async () => {
  grpc?.close();
  await scrip?.stop();
});

describe('amounts', () => {
  it('keeps 38 digits and adds beyond 2^64 exactly', async () => {
    const { account, path } = await openAccount({ unitLabel: 'whole' });
    for (const amount of [nines38, nines38, '18446744073709551616']) {
      await succeeding(grpc.call)('Credit', move(account, amount));
    }
    const sum = '200000000000000000018446744073709551614';
    expect(BigInt(nines38) * 2n + (1n << 64n)).toBe(BigInt(sum));
    expect(await balanceOf(account)).toBe(sum);
    expect((await rest(`${path}/balance`)).body).toMatchObject({ balance: sum });
    await succeeding(connect)('Debit', move(account, nines38));
    const debited = await rest(`${path}/debit`, { body: restMove(nines38) });
    expect(debited.status).toBe(201);
    expect(at(debited.body, 'entries', 0, 'amount')).toBe(nines38);
    expect(await balanceOf(account)).toBe('18446744073709551616');
  });

  it('keeps 18 fraction digits beside 38 integer digits', async () => {
    const { account, path } = await openAccount({ unitLabel: 'fine', unitScale: 18 });
    const least = '0.000000000000000001';
    const most = `${nines38}.${'9'.repeat(18)}`;
    for (const amount of [most, least]) {
      await succeeding(grpc.call)('Credit', move(account, amount));
    }
    expect(await balanceOf(account)).toBe(`1${'0'.repeat(38)}`);
    const { answer } = await succeeding(connect)('Debit', move(account, least));
    expect(textAt(answer, 'transaction', 'entries', 0, 'amount')).toBe(least);
    expect(textAt(answer, 'transaction', 'entries', 0, 'balanceAfter')).toBe(most);
    expect((await rest(`${path}/balance`)).body).toMatchObject({ balance: most });
  });

  it('takes amounts by their value and answers the canonical form', async () => {
    const { account, path } = await openAccount({ unitLabel: 'whole' });
    const body = restMove('5.00');
    const first = await rest(`${path}/credit`, { body });
    expect(at(first.body, 'entries', 0, 'amount')).toBe('5');
    const again = await rest(`${path}/credit`, { body: { ...body, amount: '5' } });
    expect(again.headers.get('x-idempotent-replay')).toBe('true');
    expect(again.text).toBe(first.text);
    expect(await balanceOf(account)).toBe('5');
  });

  it('refuses what is finer than the unit, and a scale beyond 18', async () => {
    const { account } = await openAccount({ unitLabel: 'cents', unitScale: 2 });
    const fine = await grpc.call('Credit', move(account, '0.001'));
    expect(fine).toMatchObject({ reason: 'AMOUNT_INVALID', metadata: { field: 'amount' } });
    const scaled = { customerId: 'x', unitLabel: 'too-fine', unitScale: 19 };
    const refused = await grpc.call('CreateAccount', scaled);
    expect(refused).toMatchObject({ code: 'invalid_argument', reason: 'FIELD_INVALID' });
  });

  it('leaves the balance of zero as it is when a debit of 38 digits is refused', async () => {
    const { account, path } = await openAccount({ unitLabel: 'whole' });
    const { status, body } = await rest(`${path}/debit`, { body: restMove(nines38) });
    expect(status).toBe(422);
    expect(at(body, 'error', 'code')).toBe('insufficient_balance');
    expect(await balanceOf(account)).toBe('0');
  });
});

describe('a malformed amount', () => {
  it.each([...malformed, ...zeros])('is refused over gRPC and Connect: %j', async (amount) => {
    const { account } = await openAccount({ unitLabel: 'whole' });
    for (const call of [grpc.call, connect]) {
      for (const method of ['Credit', 'Debit']) {
        const outcome = await call(method, move(account, amount));
        expect(outcome).toMatchObject({
          code: 'invalid_argument',
          reason: 'AMOUNT_INVALID',
          metadata: { field: 'amount' },
        });
      }
    }
    expect(await balanceOf(account)).toBe('0');
  });

  it.each([...malformed, ...zeros])('is refused over REST: %j', async (amount) => {
    const { account, path } = await openAccount({ unitLabel: 'whole' });
    for (const verb of ['credit', 'debit']) {
      const { status, body } = await rest(`${path}/${verb}`, { body: restMove(amount) });
      expect(status).toBe(400);
      expect(at(body, 'error')).toMatchObject({ type: 'invalid_request_error', param: 'amount' });
    }
    expect(await balanceOf(account)).toBe('0');
  });

  it.each(notTexts)('is refused when it is no text: %s', async (literal) => {
    const { account, path } = await openAccount({ unitLabel: 'whole' });
    const json = JSON.stringify(restMove('AMOUNT')).replace('"AMOUNT"', literal);
    const overRest = await rest(`${path}/credit`, { body: json });
    expect(overRest.status).toBe(400);
    expect(at(overRest.body, 'error', 'param')).toBe('amount');
    const message = JSON.stringify(move(account, 'AMOUNT')).replace('"AMOUNT"', literal);
    const overConnect = await postConnect(
      `${scrip.ledgerUrl}/scrip.ledger.v1.LedgerService/Credit`,
      { headers: { 'x-api-key': scrip.keys().test.api_key }, body: message },
    );
    expect(overConnect.status).toBe(400);
    expect(await overConnect.json()).toMatchObject({ code: 'invalid_argument' });
    expect(await balanceOf(account)).toBe('0');
  });

  it.each(malformed)('leaves no account behind as an initial balance: %j', async (amount) => {
    const customer = `nobody-${(names += 1)}`;
    const body = { customer_id: customer, initial_balance: amount };
    const made = await rest('/v1/customer-credits/accounts', { body });
    expect(made.status).toBe(400);
    const found = await rest(`/v1/customer-credits/accounts?customer_id=${customer}`);
    expect(found.body).toEqual({ object: 'list', data: [], has_more: false });
  });

  it('is named by its place among several entries', async () => {
    const [one, two] = [
      await openAccount({ unitLabel: 'whole' }),
      await openAccount({ unitLabel: 'whole' }),
    ];
    const entries = [
      { account: one.account, side: 'ENTRY_SIDE_CREDIT', amount: '1' },
      { account: two.account, side: 'ENTRY_SIDE_DEBIT', amount: '1e0' },
    ];
    const { amount: _, account: __, ...named } = move(one.account, '1');
    const refused = await grpc.call('PostTransaction', { ...named, entries });
    expect(refused).toMatchObject({
      reason: 'AMOUNT_INVALID',
      metadata: { field: 'entries[1].amount' },
    });
  });
});

type Opened = { readonly account: JsonObject; readonly path: string };

async function openAccount(unit: {
  readonly unitLabel: string;
  readonly unitScale?: number;
}): Promise<Opened> {
  const name = `amounts-${(names += 1)}`;
  const request = { customerId: name, externalId: name, ...unit };
  const { answer } = await succeeding(grpc.call)('CreateAccount', request);
  const id = textAt(answer, 'account', 'id');
  return { account: { externalId: name }, path: `/v1/customer-credits/accounts/${id}` };
}

async function balanceOf(account: JsonObject): Promise<string> {
  const { answer } = await succeeding(grpc.call)('GetBalance', { account });
  return textAt(answer, 'balance', 'balance');
}

function move(account: JsonObject, amount: string): JsonObject {
  const name = `move-${(names += 1)}`;
  return { account, amount, reference: name, idempotencyKey: name };
}

function restMove(amount: string) {
  const name = `move-${(names += 1)}`;
  return { amount, reference: name, idempotency_key: name };
}
