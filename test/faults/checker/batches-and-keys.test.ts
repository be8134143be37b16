// Violations of batches, of reads that wait, and of keys, made by hand in a small history.
import { describe, expect, it } from 'vitest';
import type { BatchItem } from '../history/call.ts';
import type { Operation } from '../history/operation.ts';
import { checkHistory } from './check.ts';
import {
  balanceRead,
  created,
  credited,
  historyOf,
  insufficient,
  operation,
  readBack,
  transactionAnswer,
  wallet,
} from './example.ts';

async function findings(...operations: readonly Operation[]): Promise<readonly string[]> {
  const { violations } = await checkHistory(historyOf(...operations));
  return violations.map(({ check, sentence }) => `${check}: ${sentence}`);
}

const credit = (amount: string, idempotencyKey: string): BatchItem => ({
  credit: { account: wallet, amount, reference: 'r', idempotencyKey },
});
const debit = (amount: string, idempotencyKey: string): BatchItem => ({
  debit: { account: wallet, amount, reference: 'r', idempotencyKey },
});
const ten = { sequence: 2, amount: '10', after: '10', key: 'a' } as const;
const four = { sequence: 3, amount: '4', after: '14', key: 'b' } as const;
const posted = (posting: typeof ten | typeof four, replayed = false) => ({
  posted: { transaction: transactionAnswer('Credit', posting), ...(replayed ? { replayed } : {}) },
});
const refused = (required: string, available: string, sequence: number) => {
  const { code, reason, metadata } = insufficient(required, available) as {
    readonly code: string;
    readonly reason: string;
    readonly metadata: object;
  };
  const told = { ...metadata, sequence: String(sequence) };
  return { refused: { code, reason: `ERROR_REASON_${reason}`, metadata: told } };
};
const notApplied = { notApplied: {} };

type Batch = {
  readonly items: readonly BatchItem[];
  readonly results: readonly object[];
  readonly sequence: number;
  readonly mode?: 'BATCH_MODE_ATOMIC' | 'BATCH_MODE_INDEPENDENT';
};

function batch({ items, results, sequence, mode = 'BATCH_MODE_ATOMIC' }: Batch): Operation {
  const answer = { results, sequence: String(sequence) };
  return operation({ method: 'PostBatch', request: { items, mode } }, answer, { sequence });
}

const both = [credit('10', 'a'), credit('4', 'b')];
const independent = { mode: 'BATCH_MODE_INDEPENDENT' } as const;
const end = readBack(3, transactionAnswer('Credit', ten), transactionAnswer('Credit', four));

describe('a right batch', () => {
  it('has no violation, in both modes, with replays and refusals', async () => {
    const operations = [
      created(),
      batch({ items: both, results: [posted(ten), posted(four)], sequence: 3 }),
      batch({
        ...independent,
        items: [credit('10', 'a'), debit('15', 'c')],
        results: [posted(ten, true), refused('15', '14', 3)],
        sequence: 3,
      }),
      batch({
        items: [credit('4', 'b'), credit('6', 'd'), debit('21', 'e'), credit('1', 'f')],
        results: [posted(four, true), notApplied, refused('21', '20', 3), notApplied],
        sequence: 3,
      }),
      ...end,
    ];
    expect(await findings(...operations)).toEqual([]);
  });

  it('may be unknown and there as a whole', async () => {
    const lost = { ...batch({ items: both, results: [], sequence: 0 }), outcome: 'unknown' };
    expect(await findings(created(), lost as Operation, ...end)).toEqual([]);
  });
});

describe('a batch', () => {
  it('is found that left something of a refused one', async () => {
    const left = batch({
      items: [credit('10', 'a'), debit('11', 'c')],
      results: [notApplied, refused('11', '10', 1)],
      sequence: 1,
    });
    const found = await findings(created(), left, ...readBack(2, transactionAnswer('Credit', ten)));
    expect(found[0]).toMatch(/^resolve: sequence 2 has a transaction that nobody sent/);
  });

  it('is found that refuses an item for what none of those before it had changed', async () => {
    const wrong = batch({
      items: [credit('10', 'a'), debit('11', 'c')],
      results: [notApplied, refused('11', '0', 1)],
      sequence: 1,
    });
    expect(await findings(created(), wrong)).toEqual([
      expect.stringMatching(/^replay: item 1 of an atomic batch.*"available":"0".*"10"/),
    ]);
  });

  it('is found that is atomic and half there', async () => {
    const lost = { ...batch({ items: both, results: [], sequence: 0 }), outcome: 'unknown' };
    const half = readBack(2, transactionAnswer('Credit', ten));
    expect(await findings(created(), lost as Operation, ...half)).toEqual([
      'resolve: the key a took effect at 2, its atomic batch not as a whole',
    ]);
  });

  it('is found that is atomic and has others among its items', async () => {
    const between = credited({ sequence: 3, amount: '1', after: '11', key: 'x' });
    const late = { ...four, sequence: 4, after: '15' } as unknown as typeof four;
    const torn = batch({ items: both, results: [posted(ten), posted(late)], sequence: 4 });
    const [first] = await findings(created(), torn, { ...between, invokedUs: 0 });
    expect(first).toBe('answers: a batch of 2 items is atomic and has others among its items');
  });

  it('is found that posts an item as new that was there before', async () => {
    const again = batch({ ...independent, items: both, results: [posted(ten)], sequence: 2 });
    const found = await findings(created(), credited(ten), again);
    expect(found).toContain('answers: a batch of 2 items has 1 results');
    expect(found).toContain('idempotency: the key a was answered 2 times as if for the first time');
  });
});

describe('a read that asks for a sequence', () => {
  const asked = (minSequence: string, read: Operation): Operation => ({
    ...read,
    requestText: JSON.stringify({ account: wallet, minSequence }),
  });

  it('is found that tells of an earlier one', async () => {
    const read = balanceRead('0', { sequence: 1 });
    expect(await findings(created(), asked('1', read))).toEqual([]);
    expect(await findings(created(), asked('2', read))).toEqual([
      'reads: GetBalance tells of sequence 1 and was asked for 2',
    ]);
  });

  it('may be refused for one that is not there, and for no other', async () => {
    const refusal = (minSequence: string, head: string) => {
      const metadata = { min_sequence: minSequence, head_sequence: head, sequence: head };
      const answer = { code: 'failed_precondition', reason: 'SEQUENCE_NOT_REACHED', metadata };
      const call = { method: 'GetBalance', request: { account: wallet, minSequence } } as const;
      return operation(call, answer, { outcome: 'refused', sequence: Number(head) });
    };
    expect(await findings(created(), refusal('9', '1'))).toEqual([]);
    expect(await findings(created(), refusal('1', '1'))).toHaveLength(1);
  });
});

describe('a key', () => {
  const revoke = operation(
    { method: 'RevokeApiKey', request: { apiKeyId: 'key_1' } },
    {},
    { from: 1_000, to: 2_000 },
  );
  const used = (facts: object) => balanceRead('0', { sequence: 1, apiKeyId: 'key_1', ...facts });
  const turnedAway = (facts: object): Operation => ({
    ...used(facts),
    outcome: 'refused',
    sequence: undefined,
    answerText: JSON.stringify({ code: 'unauthenticated', reason: 'KEY_UNKNOWN', metadata: {} }),
  });

  it('may be taken for a second after it was revoked, and is refused then', async () => {
    const right = [used({ from: 900_000, to: 900_001 }), turnedAway({ from: 1_200, to: 1_300 })];
    expect(await findings(created(), revoke, ...right)).toEqual([]);
    const late = used({ from: 1_502_000, to: 1_502_001 });
    expect(await findings(created(), revoke, late)).toEqual([
      'keys: the key key_1 was taken 1500 ms after it was revoked',
    ]);
  });

  it('is found to be refused before it was revoked', async () => {
    expect(await findings(created(), revoke, turnedAway({ from: 800, to: 900 }))).toEqual([
      'keys: the key key_1 was refused before it was revoked',
    ]);
  });
});
