// The server is killed under load, three times, on a PostgreSQL that may lose nothing.

import { runScrip, type ScripProcess, startScrip } from '@scrip/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, type Caller, type JsonObject, textAt } from './wire/caller.ts';
import { createGrpcCaller } from './wire/grpc-caller.ts';
import { findBrokenLinks, readHistory } from './wire/history.ts';
import { succeeding } from './wire/transcript.ts';

type Ask = { readonly method: string; readonly request: JsonObject };

const writerCount = 16;
const acknowledgedBeforeKill = 400;
const opening = '1000000';
const accounts = Array.from({ length: writerCount }, (_, writer) => `account-${writer}`);

let scrip: ScripProcess;
const asks = new Map<string, Ask>();
/** What was answered, by key, as it was answered. */
const acknowledged = new Map<string, JsonObject>();

beforeAll(async () => {
  scrip = await startScrip();
  await withCaller(async (call) => {
    for (const externalId of accounts) {
      const customerId = externalId;
      await succeeding(call)('CreateAccount', { customerId, externalId, initialBalance: opening });
    }
  });
});

afterAll(() => scrip?.stop());

it('keeps every acknowledged write exactly once through three kills', async () => {
  for (const round of [1, 2, 3]) {
    await killUnderLoad(round);
    const unanswered = [...asks.keys()].filter((key) => !acknowledged.has(key));
    expect(unanswered).not.toEqual([]);
    await scrip.restart();
    await withCaller(async (call) => {
      await expectAllAcknowledged(call);
      await retry(call, unanswered);
      await expectAllAcknowledged(call);
      await expectEveryEffectOnce(call);
    });
  }
  expect(acknowledged.size).toBeGreaterThan(3 * acknowledgedBeforeKill);
  const verified = await runScrip(['verify', '--data-dir', scrip.dataDir]);
  expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
});

/** Sixteen writers ask until the server is gone; it is killed while all of them are at work. */
async function killUnderLoad(round: number): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const sizeBefore = acknowledged.size;
  const killed = enough.promise.then(() => scrip.kill('SIGKILL'));
  await withCaller(async (call) => {
    const write = async (writer: number): Promise<void> => {
      for (let step = 0; ; step++) {
        const key = `${round}-${writer}-${step}`;
        const ask = askOf(writer, step, key);
        asks.set(key, ask);
        const { code, answer } = await call(ask.method, ask.request);
        if (code !== 'ok') return;
        acknowledged.set(key, answer);
        if (acknowledged.size - sizeBefore >= acknowledgedBeforeKill) enough.resolve();
      }
    };
    await Promise.all(accounts.map((_, writer) => write(writer)));
  });
  expect(acknowledged.size - sizeBefore).toBeGreaterThanOrEqual(acknowledgedBeforeKill);
  await killed;
}

/** A credit of 5, a debit of 3, or a transfer of 2 to the next writer's account. */
function askOf(writer: number, step: number, key: string): Ask {
  const account = { externalId: accounts[writer] ?? '' };
  const shared = { reference: `step-${step}`, idempotencyKey: key };
  if (step % 3 === 0) return { method: 'Credit', request: { ...shared, account, amount: '5' } };
  if (step % 3 === 1) return { method: 'Debit', request: { ...shared, account, amount: '3' } };
  const to = { externalId: accounts[(writer + 1) % writerCount] ?? '' };
  const entries = [
    { account, side: 'ENTRY_SIDE_DEBIT', amount: '2' },
    { account: to, side: 'ENTRY_SIDE_CREDIT', amount: '2' },
  ];
  return { method: 'PostTransaction', request: { ...shared, entries } };
}

async function expectAllAcknowledged(call: Caller): Promise<void> {
  const lost: string[] = [];
  await inParallel([...acknowledged], async ([idempotencyKey, answer]) => {
    const { answer: found } = await call('GetTransactionByKey', { idempotencyKey });
    const [had, has] = [at(answer, 'transaction'), at(found, 'transaction')];
    if (JSON.stringify(had) !== JSON.stringify(has)) lost.push(idempotencyKey);
  });
  expect(lost).toEqual([]);
}

/** Asks again under the same keys, twice each: the second answer is the first. */
async function retry(call: Caller, keys: readonly string[]): Promise<void> {
  await inParallel(keys, async (key) => {
    const { method, request } = asks.get(key) ?? { method: '', request: {} };
    const first = await succeeding(call)(method, request);
    const second = await succeeding(call)(method, request);
    expect(second).toMatchObject({ isReplay: true, answer: first.answer });
    acknowledged.set(key, first.answer);
  });
}

async function expectEveryEffectOnce(call: Caller): Promise<void> {
  const expected = [...acknowledged.values()].flatMap(effectsOf);
  const seen: string[] = [];
  let total = 0n;
  for (const [writer, externalId] of accounts.entries()) {
    const { answer } = await succeeding(call)('GetAccount', { account: { externalId } });
    const id = textAt(answer, 'account', 'id');
    const [first, ...rest] = await readHistory(call, { externalId });
    expect(findBrokenLinks(first === undefined ? rest : [first, ...rest])).toEqual([]);
    expect(first?.change).toBe(BigInt(opening));
    expect({ writer, balance: textAt(answer, 'account', 'balance') }).toEqual({
      writer,
      balance: String(rest.at(-1)?.balanceAfter),
    });
    seen.push(...rest.map((line) => `${line.transactionId} ${id} ${line.change}`));
    total += BigInt(textAt(answer, 'account', 'balance'));
  }
  expect(seen.toSorted()).toEqual(expected.toSorted());
  expect(total).toBe(BigInt(opening) * BigInt(writerCount) + sumOf(expected));
}

function effectsOf(answer: JsonObject): readonly string[] {
  const entries = at(answer, 'transaction', 'entries') as readonly JsonObject[];
  return entries.map((entry) => {
    const sign = at(entry, 'side') === 'ENTRY_SIDE_DEBIT' ? '-' : '';
    const change = `${sign}${textAt(entry, 'amount')}`;
    return `${textAt(answer, 'transaction', 'id')} ${textAt(entry, 'accountId')} ${change}`;
  });
}

function sumOf(effects: readonly string[]): bigint {
  return effects.reduce((sum, effect) => sum + BigInt(effect.split(' ')[2] ?? 0), 0n);
}

async function withCaller(act: (call: Caller) => Promise<void>): Promise<void> {
  const { call, close } = createGrpcCaller(scrip.ledgerUrl, scrip.keys().test.api_key);
  try {
    await act(call);
  } finally {
    close();
  }
}

/** Runs an act for every item, a few at a time. */
async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: writerCount }, work));
}
