// When the callers of large batches are answered: beside the next write, and never much later.
import { setImmediate } from 'node:timers/promises';
import { assert, parseCreateAccount, parsePostOneSided, type AccountId } from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEngine } from './engine.ts';
import { createHeldAnswers } from './held-answers.ts';
import { heldAnswersMsMax } from './limits.ts';
import type { FeedSink } from './port/feed-sink.ts';
import type { Journal } from './port/journal.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('answers a large batch while the next one is written', async () => {
  const { debit, gates, answered, told } = await open();
  for (let i = 0; i < 64; i++) debit();
  gates.commit.close();
  gates.lock.close();
  await reaches(gates.lock.waitingCount, 1);
  gates.lock.pass();
  await reaches(gates.commit.waitingCount, 1);
  expect(answered()).toBe(0);
  // The second batch waits for its lock, and then for its COMMIT.
  gates.commit.pass();
  await reaches(gates.lock.waitingCount, 1);
  expect([answered(), told()]).toEqual([0, 0]);
  gates.lock.pass();
  await reaches(answered, 32);
  expect(told()).toBe(1);
  expect(gates.commit.waitingCount()).toBe(1);
  gates.commit.pass();
  await reaches(answered, 64);
});

it('answers a quarter of a large batch while the next one waits for its lock', async () => {
  const { debit, gates, answered, told } = await open();
  for (let i = 0; i < 64; i++) debit();
  gates.head.close();
  await reaches(gates.head.waitingCount, 1);
  expect(answered()).toBe(0);
  gates.head.pass();
  await reaches(gates.head.waitingCount, 1);
  await reaches(answered, 8);
  await setImmediate();
  expect([answered(), told()]).toEqual([8, 0]);
  gates.head.open();
  await reaches(answered, 64);
  expect(told()).toBe(2);
});

it('answers a large batch when the next one fails and is tried again', async () => {
  const { debit, gates, answered, faults } = await open();
  for (let i = 0; i < 64; i++) debit();
  gates.lock.close();
  await reaches(gates.lock.waitingCount, 1);
  faults.push('none', 'before_lock');
  gates.lock.pass();
  await reaches(gates.lock.waitingCount, 1);
  expect(answered()).toBe(0);
  gates.lock.pass();
  await reaches(answered, 32);
  gates.lock.open();
});

it('answers a large batch after a moment when the next one waits for its lock', async () => {
  const { debit, gates, answered } = await open();
  for (let i = 0; i < 64; i++) debit();
  gates.lock.close();
  await reaches(gates.lock.waitingCount, 1);
  gates.lock.pass();
  await reaches(gates.lock.waitingCount, 1);
  vi.advanceTimersByTime(heldAnswersMsMax - 1);
  expect(answered()).toBe(0);
  vi.advanceTimersByTime(1);
  await reaches(answered, 32);
  gates.lock.open();
});

it('answers each caller of a batch once, in order, and tells the feed behind them', async () => {
  const told: (number | 'feed')[] = [];
  const held = createHeldAnswers();
  held.hold({
    commandCount: 32,
    callerCount: 5,
    answer: (index) => void told.push(index),
    tellFeed: () => void told.push('feed'),
  });
  held.giveFirstSoon();
  await setImmediate();
  expect(told).toEqual([0]);
  held.giveSoon();
  held.give();
  await setImmediate();
  expect(told).toEqual([0, 1, 2, 3, 4, 'feed']);
});

it('answers a few at once', async () => {
  const { debit, gates, answered } = await open();
  gates.lock.close();
  for (let i = 0; i < 31; i++) debit();
  await reaches(gates.lock.waitingCount, 1);
  for (let i = 0; i < 31; i++) debit();
  gates.lock.pass();
  await reaches(answered, 31);
  expect(gates.lock.waitingCount()).toBe(1);
  gates.lock.open();
});

it('takes half of many, counted with those who are still to be answered', async () => {
  const { debit, answered, sizes } = await open();
  for (let i = 0; i < 100; i++) debit();
  await reaches(answered, 100);
  expect(sizes()).toEqual([50, 50]);
});

it('takes a group with the few beside it', async () => {
  const { debit, debits, answered, sizes } = await open();
  for (let i = 0; i < 20; i++) debit();
  debits(100);
  await reaches(answered, 21);
  expect(sizes()).toEqual([120]);
});

/** Waits turn by turn: the timers of the test stand still. */
async function reaches(count: () => number, wanted: number): Promise<void> {
  for (let turn = 0; turn < 1_000 && count() !== wanted; turn++) await setImmediate();
  expect(count()).toBe(wanted);
}

async function open() {
  const journal = createMemoryJournal();
  const gates = { lock: createGate(), head: createGate(), commit: createGate() };
  const sizes: number[] = [];
  const gated: Journal = {
    transact: async (book, work) => {
      await gates.lock.enter();
      const result = await journal.transact(book, (unit) =>
        work({
          ...unit,
          lockHead: async () => {
            await gates.head.enter();
            return unit.lockHead();
          },
          append: async (batch) => {
            sizes.push(batch.events.length);
            await unit.append(batch);
          },
        }),
      );
      await gates.commit.enter();
      return result;
    },
  };
  let toldCount = 0;
  const feed: FeedSink = { publish: () => void toldCount++, nudge: () => undefined };
  const engine = createEngine({ journal: gated, codec: jsonEventCodec, feed });
  const book = createMemoryBook();
  const made = parseCreateAccount({ customerId: 'c', initialBalance: '1000' });
  assert(made.kind === 'parsed', 'the account is well-formed');
  const created = await engine.submit(book, made.value);
  assert(created.kind === 'accepted', 'the account is made');
  const { change } = created.event;
  assert(change.kind === 'account_created', 'the event made an account');
  sizes.length = 0;
  toldCount = 0;
  let askedCount = 0;
  let answeredCount = 0;
  return {
    gates,
    faults: journal.faults,
    told: () => toldCount,
    answered: () => answeredCount,
    sizes: () => sizes,
    debits: (n: number) =>
      void engine
        .submitBatch(book, {
          commands: Array.from({ length: n }, () => debitOf(change.account.id, `k${++askedCount}`)),
          mode: 'independent',
        })
        .then(() => answeredCount++),
    debit: () =>
      void engine
        .submit(book, debitOf(change.account.id, `k${++askedCount}`))
        .then(() => answeredCount++),
  };
}

function debitOf(account: AccountId, key: string) {
  const parsed = parsePostOneSided('debit', {
    account: { kind: 'id', id: account },
    amount: '1',
    reference: 'ref',
    idempotencyKey: key,
  });
  assert(parsed.kind === 'parsed', 'the debit is well-formed');
  return parsed.value;
}

/** Holds up who enters while it is closed, one by one. */
function createGate() {
  let isClosed = false;
  const waiting: (() => void)[] = [];
  return {
    enter: async () => {
      if (isClosed) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    close: () => {
      isClosed = true;
    },
    open: () => {
      isClosed = false;
      for (const pass of waiting.splice(0)) pass();
    },
    pass: () => waiting.shift()?.(),
    waitingCount: () => waiting.length,
  };
}
