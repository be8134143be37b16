// Many callers at once: the floor holds, and one key has one effect.

import type { ScripProcess } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScripOnTestCluster } from './scrip-on-test-cluster.ts';
import { type Caller, type JsonObject, type Outcome, textAt } from './wire/caller.ts';
import { createConnectCaller } from './wire/connect-caller.ts';
import { createGrpcCaller, type GrpcCaller } from './wire/grpc-caller.ts';
import { findBrokenLinks, readHistory } from './wire/history.ts';
import { createRestCaller, type RestCaller } from './wire/rest-caller.ts';
import { succeeding } from './wire/transcript.ts';

let scrip: ScripProcess;
let grpc: GrpcCaller;
let connect: Caller;
let rest: RestCaller;

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

describe('concurrent debits', () => {
  it('lets exactly 50 of 64 concurrent debits of 1 take from 50', async () => {
    const { account } = await openAccount('fifty', '50');
    const debits = times(64, (n) => grpc.call('Debit', move(account, `debit-${n}`)));
    const outcomes = await Promise.all(debits);
    expect(outcomes.filter(({ code }) => code === 'ok')).toHaveLength(50);
    const refused = outcomes.filter(({ code }) => code !== 'ok');
    expect(refused.map(({ reason }) => reason)).toEqual(times(14, () => 'INSUFFICIENT_BALANCE'));
    expect(await balanceOf(account)).toBe('0');
    const history = await readHistory(grpc.call, account);
    expect(history).toHaveLength(51);
    expect(findBrokenLinks(history)).toEqual([]);
  });

  it('keeps the floor when the debits come over every protocol at once', async () => {
    const { account, id } = await openAccount('mixed', '50');
    const path = `/v1/customer-credits/accounts/${id}/debit`;
    const debits = times(64, async (n) => {
      const name = `mixed-${n}`;
      if (n % 3 === 0) return (await grpc.call('Debit', move(account, name))).code === 'ok';
      if (n % 3 === 1) return (await connect('Debit', move(account, name))).code === 'ok';
      const body = { amount: '1', reference: name, idempotency_key: name };
      const { status } = await rest(path, { body });
      expect(status).toBeOneOf([201, 422]);
      return status === 201;
    });
    const results = await Promise.all(debits);
    expect(results.filter(Boolean)).toHaveLength(50);
    expect(await balanceOf(account)).toBe('0');
    expect(findBrokenLinks(await readHistory(grpc.call, account))).toEqual([]);
  });

  it('moves nothing twice and loses nothing in transfers against each other', async () => {
    const [one, two] = [await openAccount('left', '100'), await openAccount('right', '100')];
    const post = (n: number): Promise<Outcome> => {
      const [from, to] = n % 2 === 0 ? [one, two] : [two, one];
      const entries = [
        { account: from.account, side: 'ENTRY_SIDE_DEBIT', amount: '7' },
        { account: to.account, side: 'ENTRY_SIDE_CREDIT', amount: '7' },
      ];
      return grpc.call('PostTransaction', { entries, ...named(`swap-${n}`) });
    };
    const outcomes = await Promise.all(times(60, post));
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['ok']));
    const balances = [await balanceOf(one.account), await balanceOf(two.account)];
    expect(balances).toEqual(['100', '100']);
  });
});

describe('concurrent credits with one key', () => {
  it.each([
    ['gRPC', () => grpc.call],
    ['Connect', () => connect],
  ])(
    'gives 20 concurrent credits with one key one effect and one answer over %s',
    async (protocol, callerOf) => {
      const { account } = await openAccount(`same-${protocol}`, '0');
      const request = { ...move(account, `same-${protocol}`), metadata: { a: [1, { b: null }] } };
      const outcomes = await Promise.all(times(20, () => callerOf()('Credit', request)));
      const [first] = outcomes;
      expect(outcomes.map(({ answer }) => answer)).toEqual(times(20, () => first?.answer));
      expect(outcomes.map(({ code }) => code)).toEqual(times(20, () => 'ok'));
      expect(outcomes.filter(({ isReplay }) => isReplay)).toHaveLength(19);
      expect(await balanceOf(account)).toBe('1');
      expect(await readHistory(grpc.call, account)).toHaveLength(1);
    },
  );

  it('gives 20 concurrent credits with one key one effect and one answer over REST', async () => {
    const { account, id } = await openAccount('same-rest', '0');
    const body = { amount: '1', reference: 'same', idempotency_key: 'same-rest' };
    const path = `/v1/customer-credits/accounts/${id}/credit`;
    const answers = await Promise.all(times(20, () => rest(path, { body })));
    expect(answers.map(({ status }) => status)).toEqual(times(20, () => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get('x-idempotent-replay') === 'true');
    expect(replays).toHaveLength(19);
    expect(await balanceOf(account)).toBe('1');
    expect(await readHistory(grpc.call, account)).toHaveLength(1);
  });

  it('makes one account of 20 concurrent creations of one name', async () => {
    const request = { customerId: 'one-name', externalId: 'one-name', initialBalance: '3' };
    const outcomes = await Promise.all(times(20, () => grpc.call('CreateAccount', request)));
    const made = outcomes.filter(({ code }) => code === 'ok');
    expect(made).toHaveLength(1);
    const reasons = new Set(outcomes.flatMap(({ reason }) => reason ?? []));
    expect([...reasons]).toSatisfy((all: string[]) => all.every((one) => one.endsWith('_TAKEN')));
    expect(await balanceOf({ externalId: 'one-name' })).toBe('3');
  });

  it('makes one reversal of 20 concurrent ones', async () => {
    const { account } = await openAccount('undone', '0');
    const credit = await succeeding(grpc.call)('Credit', move(account, 'undone'));
    const transactionId = textAt(credit.answer, 'transaction', 'id');
    const outcomes = await Promise.all(
      times(20, () => grpc.call('ReverseTransaction', { transactionId })),
    );
    const [first] = outcomes;
    expect(first?.code).toBe('ok');
    expect(outcomes.map(({ answer }) => answer)).toEqual(times(20, () => first?.answer));
    expect(await balanceOf(account)).toBe('0');
  });
});

async function openAccount(
  name: string,
  initialBalance: string,
): Promise<{ readonly account: JsonObject; readonly id: string }> {
  const request = { customerId: name, externalId: name, initialBalance };
  const { answer } = await succeeding(grpc.call)('CreateAccount', request);
  return { account: { externalId: name }, id: textAt(answer, 'account', 'id') };
}

async function balanceOf(account: JsonObject): Promise<string> {
  const { answer } = await succeeding(grpc.call)('GetBalance', { account });
  return textAt(answer, 'balance', 'balance');
}

function move(account: JsonObject, name: string): JsonObject {
  return { account, amount: '1', ...named(name) };
}

function named(name: string): JsonObject {
  return { reference: name, idempotencyKey: name };
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
