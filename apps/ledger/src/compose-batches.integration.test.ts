// Batches on a real PostgreSQL: each item has its own fate, or all have one.
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  BatchMode,
  EntrySide,
  ErrorReason,
  type BatchItemSchema,
  type BatchResult,
} from '@scrip/contract';
import { createTestDatabase, type TestDatabase } from '@scrip/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedgers, refusalOf, type LedgersOnPostgres } from './compose-for-tests.ts';

type Item = MessageInitShape<typeof BatchItemSchema>;

let testDatabase: TestDatabase;
let ledgers: LedgersOnPostgres;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ledgers = await openLedgers(testDatabase.connection);
});

afterAll(async () => {
  await ledgers.close();
  await testDatabase.drop();
});

const accountCount = 50;
const opening = 100;

const byId = (id: string) => ({ ref: { case: 'id', value: id } }) as const;
const terms = (key: string) => ({ reference: 'batch', idempotencyKey: key });
const creditOf = (id: string, amount: string, key: string) => ({
  account: byId(id),
  amount,
  ...terms(key),
});
const credit = (...of: Parameters<typeof creditOf>): Item => ({
  item: { case: 'credit', value: creditOf(...of) },
});
const debit = (...of: Parameters<typeof creditOf>): Item => ({
  item: { case: 'debit', value: creditOf(...of) },
});
const reverse = (transactionId: string): Item => ({
  item: { case: 'reverse', value: { transactionId } },
});
const move = (from: string, to: string, key: string): Item => ({
  item: {
    case: 'post',
    value: {
      entries: [
        { account: byId(from), side: EntrySide.DEBIT, amount: '1' },
        { account: byId(to), side: EntrySide.CREDIT, amount: '1' },
      ],
      ...terms(key),
    },
  },
});

async function createAccounts(name: string): Promise<readonly string[]> {
  const { here, asTest } = ledgers;
  const created = Array.from({ length: accountCount }, (_, i) =>
    here.ledger.createAccount(
      { customerId: `${name} ${i}`, initialBalance: String(opening) },
      asTest,
    ),
  );
  return (await Promise.all(created)).map(({ account }) => account?.id ?? '');
}

async function post(items: readonly Item[], mode: BatchMode) {
  return ledgers.here.ledger.postBatch({ items: [...items], mode }, ledgers.asTest);
}

async function balancesOf(ids: readonly string[]): Promise<readonly number[]> {
  const accounts = ids.map(byId);
  const { balances } = await ledgers.here.ledger.batchGetBalances({ accounts }, ledgers.asTest);
  return balances.map(({ balance }) => Number(balance));
}

async function head() {
  const { sequence, chainHash } = await ledgers.here.ledger.getHead({}, ledgers.asTest);
  return { sequence, chainHash: Buffer.from(chainHash).toString('hex') };
}

/** In a word: what became of an item. */
function wordOf({ result }: BatchResult): string {
  if (result.case === 'refused') {
    const names = Object.entries(ErrorReason).filter(([, n]) => n === result.value.reason);
    return names[0]?.[0] ?? '';
  }
  if (result.case === 'posted') return result.value.replayed ? 'replayed' : 'posted';
  return result.case ?? '';
}

const postedOf = (results: readonly BatchResult[]) =>
  results.flatMap(({ result }) => (result.case === 'posted' ? [result.value] : []));

const newSequencesOf = (results: readonly BatchResult[]) =>
  postedOf(results).flatMap(({ replayed, transaction }) =>
    replayed ? [] : [transaction?.sequence],
  );

const rangeAfter = (start: bigint, count: number) =>
  Array.from({ length: count }, (_, i) => start + BigInt(i) + 1n);

describe('a batch of 1,000 items on 50 accounts', () => {
  let ids: readonly string[];
  let items: readonly Item[];
  let expected: readonly string[];
  let expectedBalances: number[];
  let first: readonly BatchResult[];

  beforeAll(async () => {
    ids = await createAccounts('big');
    const { here, asTest } = ledgers;
    const credits = ids.map((id, i) =>
      here.ledger.credit(creditOf(id, '5', `single ${i}`), asTest),
    );
    const transactionIds = (await Promise.all(credits)).map(({ transaction }) => transaction?.id);
    expectedBalances = ids.map(() => opening + 5);
    const plan = Array.from({ length: 1000 }, (_, i): [Item, string] => {
      const at = i % accountCount;
      const next = (at + 1) % accountCount;
      const [id, other] = [ids[at] ?? '', ids[next] ?? ''];
      const change = (place: number, by: number): void => {
        expectedBalances[place] = (expectedBalances[place] ?? 0) + by;
      };
      // Twenty rounds over the accounts, each of its own kind.
      switch (Math.floor(i / accountCount)) {
        case 0:
          return [credit(id, '5', `single ${at}`), 'replayed'];
        case 1:
          return [debit(id, '1000', `too much ${at}`), 'INSUFFICIENT_BALANCE'];
        case 2:
          return [credit(id, '6', `single ${at}`), 'IDEMPOTENCY_KEY_REUSED'];
        case 3:
          return [credit(id, '-6', `negative ${at}`), 'AMOUNT_INVALID'];
        case 4:
          return [credit('cca_00000000000', '6', `unknown ${at}`), 'ACCOUNT_NOT_FOUND'];
        case 5:
          change(at, -1);
          change(next, 1);
          return [move(id, other, `move ${at}`), 'posted'];
        case 6:
          change(at, -5);
          return [reverse(transactionIds[at] ?? ''), 'posted'];
        case 7:
          return [reverse(transactionIds[at] ?? ''), 'replayed'];
        case 8:
          return [credit(id, '', ''), 'FIELD_INVALID'];
        case 9:
          change(at, -3);
          return [debit(id, '3', `debit ${at}`), 'posted'];
        default:
          change(at, 2);
          return [credit(id, '2.0', `credit ${i}`), 'posted'];
      }
    });
    items = plan.map(([item]) => item);
    expected = plan.map(([, word]) => word);
  });

  it('has a result for each item as designed', async () => {
    const before = await head();
    const { results, sequence } = await post(items, BatchMode.INDEPENDENT);
    first = results;
    expect(results.map(wordOf)).toEqual(expected);
    const count = expected.filter((word) => word === 'posted').length;
    expect(newSequencesOf(results)).toEqual(rangeAfter(before.sequence, count));
    expect(sequence).toBe(before.sequence + BigInt(count));
    expect((await head()).sequence).toBe(sequence);
    expect(await balancesOf(ids)).toEqual(expectedBalances);
  });

  it('changes nothing when it is sent again, and answers the same transactions', async () => {
    const before = await head();
    const { results, sequence } = await post(items, BatchMode.INDEPENDENT);
    const again = expected.map((word) => (word === 'posted' ? 'replayed' : word));
    expect(results.map(wordOf)).toEqual(again);
    const transactions = (of: readonly BatchResult[]) =>
      postedOf(of).map(({ transaction }) => transaction);
    expect(transactions(results)).toEqual(transactions(first));
    expect(sequence).toBe(before.sequence);
    expect(await head()).toEqual(before);
    expect(await balancesOf(ids)).toEqual(expectedBalances);
  });
});

describe('an atomic batch of 1,000 items', () => {
  const sound = (ids: readonly string[]) =>
    Array.from({ length: 999 }, (_, i) => credit(ids[i % accountCount] ?? '', '1', `atomic ${i}`));

  it('leaves nothing when one item is refused, and is whole without it', async () => {
    const ids = await createAccounts('atomic');
    const before = await head();
    const bad = debit(ids[7] ?? '', '1000', 'atomic bad');
    const items = [...sound(ids).slice(0, 700), bad, ...sound(ids).slice(700)];
    const { results, sequence } = await post(items, BatchMode.ATOMIC);
    expect(results.map(wordOf)).toEqual(
      items.map((item) => (item === bad ? 'INSUFFICIENT_BALANCE' : 'notApplied')),
    );
    expect(sequence).toBe(before.sequence);
    expect(await head()).toEqual(before);
    expect(await balancesOf(ids)).toEqual(ids.map(() => opening));
    const { asTest, here } = ledgers;
    const byKey = here.ledger.getTransactionByKey({ idempotencyKey: 'atomic 0' }, asTest);
    expect((await refusalOf(byKey)).reason).toBe(ErrorReason.TRANSACTION_NOT_FOUND);
    const whole = await post(sound(ids), BatchMode.ATOMIC);
    expect(newSequencesOf(whole.results)).toEqual(rangeAfter(before.sequence, 999));
    expect(whole.sequence).toBe(before.sequence + 999n);
  });

  it('counts a replayed item as success', async () => {
    const [id = ''] = await createAccounts('atomic replay');
    await ledgers.here.ledger.credit(creditOf(id, '1', 'before'), ledgers.asTest);
    const items = [
      credit(id, '1', 'after 1'),
      credit(id, '1', 'before'),
      credit(id, '1', 'after 2'),
    ];
    const { results } = await post(items, BatchMode.ATOMIC);
    expect(results.map(wordOf)).toEqual(['posted', 'replayed', 'posted']);
    const [one = 0n, two = 0n] = newSequencesOf(results);
    expect(two - one).toBe(1n);
    expect(await balancesOf([id])).toEqual([opening + 3]);
  });
});

describe('alone and in a batch', () => {
  it('the same key and request are replays of each other', async () => {
    const [id = ''] = await createAccounts('same');
    const { here, there, asTest } = ledgers;
    const batched = await post([credit(id, '4', 'in batch')], BatchMode.INDEPENDENT);
    let replay: string | null = null;
    const onHeader = (header: Headers) => {
      replay = header.get('scrip-idempotent-replay');
    };
    const single = await there.ledger.credit(creditOf(id, '4.00', 'in batch'), {
      ...asTest,
      onHeader,
    });
    expect(replay).toBe('true');
    expect(postedOf(batched.results)[0]?.transaction).toEqual(single.transaction);
    const alone = await here.ledger.debit(creditOf(id, '1', 'alone'), asTest);
    const again = await post([debit(id, '1', 'alone')], BatchMode.ATOMIC);
    expect(again.results.map(wordOf)).toEqual(['replayed']);
    expect(postedOf(again.results)[0]?.transaction).toEqual(alone.transaction);
    expect(await balancesOf([id])).toEqual([opening + 3]);
  });

  it('the second of two equal items is a replay of the first', async () => {
    const [id = ''] = await createAccounts('twice');
    const items = [credit(id, '1', 'twice'), credit(id, '1', 'twice'), credit(id, '2', 'twice')];
    const { results } = await post(items, BatchMode.INDEPENDENT);
    expect(results.map(wordOf)).toEqual(['posted', 'replayed', 'IDEMPOTENCY_KEY_REUSED']);
    expect(await balancesOf([id])).toEqual([opening + 1]);
  });
});

describe('a read on another server', () => {
  it('shows what a batch on this one has posted', async () => {
    const [id = ''] = await createAccounts('bookmark');
    const { there, asTest } = ledgers;
    const { sequence } = await post([credit(id, '1', 'bookmark')], BatchMode.INDEPENDENT);
    const request = { account: byId(id), minSequence: sequence };
    const { balance } = await there.ledger.getBalance(request, asTest);
    expect(balance?.balance).toBe(String(opening + 1));
  });

  it('waits for a sequence that is yet to come', async () => {
    const [id = ''] = await createAccounts('waiting');
    const { here, there, asTest } = ledgers;
    const { sequence } = await head();
    const waiting = there.ledger.getBalance(
      { account: byId(id), minSequence: sequence + 2n },
      asTest,
    );
    await here.ledger.credit(creditOf(id, '1', 'waiting 1'), asTest);
    await here.ledger.credit(creditOf(id, '1', 'waiting 2'), asTest);
    expect((await waiting).balance?.balance).toBe(String(opening + 2));
  });

  it('is refused when the sequence does not come', async () => {
    const { there, asTest } = ledgers;
    const { sequence } = await head();
    const options = { ...asTest, timeoutMs: 1000 };
    const call = there.ledger.getHead({ minSequence: sequence + 1n }, options);
    expect(await refusalOf(call)).toEqual({
      reason: ErrorReason.SEQUENCE_NOT_REACHED,
      metadata: {
        min_sequence: String(sequence + 1n),
        head_sequence: String(sequence),
        sequence: String(sequence),
      },
    });
  });
});
