// What PostBatch makes of its items and of the engine's outcomes.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { BatchMode, ErrorDetailSchema, ErrorReason, type BatchItemSchema } from '@scrip/contract';
import type { BatchOutcome, Engine } from '@scrip/engine';
import { refuse, type Sequence } from '@scrip/kernel';
import { describe, expect, it } from 'vitest';
import { createStubLedger, credited, creditRequest } from '../../stub-ledger.ts';

type Item = MessageInitShape<typeof BatchItemSchema>;
type Batch = Parameters<Engine['submitBatch']>[1];

const credit = (change: object = {}): Item => ({
  item: { case: 'credit', value: { ...creditRequest, ...change } },
});
const good = credit();
const without = credit({ reference: '' });
const negative = credit({ amount: '-1' });
const nothing: Item = {};
const wide: Item = {
  item: { case: 'post', value: { entries: Array.from({ length: 101 }, () => ({})) } },
};

const refused: BatchOutcome = {
  kind: 'refused',
  refusal: refuse('INSUFFICIENT_BALANCE', 'Too little.', { required: '20' }),
  sequence: 6 as Sequence,
};
const notApplied: BatchOutcome = { kind: 'not_applied', sequence: 6 as Sequence };

/** A ledger whose engine gives these outcomes, and what the engine was asked. */
function createSetting(outcomes: readonly BatchOutcome[] = []) {
  const batches: Batch[] = [];
  const stub = createStubLedger({
    submitBatch: async (_book, batch) => {
      batches.push(batch);
      return outcomes;
    },
  });
  const options = { headers: { 'x-api-key': stub.addKey() } };
  const post = (items: readonly Item[], mode: BatchMode = BatchMode.INDEPENDENT) =>
    stub.client.postBatch({ items: [...items], mode }, options);
  return { stub, post, batches };
}

const refusedOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => expect.unreachable('the call succeeded'),
    (thrown: unknown) => thrown as ConnectError,
  );
  const [detail] = error.findDetails(ErrorDetailSchema);
  return { reason: detail?.reason, metadata: detail?.metadata };
};

describe('a batch', () => {
  it('tells what became of each item, in their order, and the highest sequence', async () => {
    const replayed = { ...credited, kind: 'replayed' } as const;
    const { post } = createSetting([refused, credited, replayed, notApplied]);
    const { results, sequence } = await post([good, good, good, good]);
    expect(sequence).toBe(7n);
    expect(results.map(({ result }) => result.case)).toEqual([
      'refused',
      'posted',
      'posted',
      'notApplied',
    ]);
    expect(results[0]?.result.value).toMatchObject({
      reason: ErrorReason.INSUFFICIENT_BALANCE,
      code: 'failed_precondition',
      message: 'Too little.',
      metadata: { required: '20', sequence: '6' },
    });
    expect(results[1]?.result.value).toMatchObject({
      replayed: false,
      transaction: { sequence: 7n },
    });
    expect(results[2]?.result.value).toMatchObject({
      replayed: true,
      transaction: { sequence: 7n },
    });
  });

  it.each([
    [BatchMode.ATOMIC, 'atomic'],
    [BatchMode.INDEPENDENT, 'independent'],
  ] as const)('of mode %s reaches the engine as %s', async (mode, word) => {
    const { post, batches } = createSetting([credited]);
    await post([good], mode);
    expect(batches).toMatchObject([{ mode: word, commands: [{ kind: 'credit' }] }]);
  });

  it('has malformed items refused as their single calls are, and the others decided', async () => {
    const { stub, post, batches } = createSetting([credited]);
    const { results, sequence } = await post([without, good, negative, nothing]);
    expect(batches.map(({ commands }) => commands.length)).toEqual([1]);
    expect(sequence).toBe(7n);
    expect(results[1]?.result.case).toBe('posted');
    const options = { headers: { 'x-api-key': stub.addKey() } };
    const single = (change: object) =>
      refusedOf(stub.client.credit({ ...creditRequest, ...change }, options));
    expect(results[0]?.result.value).toMatchObject(await single({ reference: '' }));
    expect(results[2]?.result.value).toMatchObject(await single({ amount: '-1' }));
    expect(results[3]?.result.value).toMatchObject({
      reason: ErrorReason.FIELD_INVALID,
      code: 'invalid_argument',
      metadata: { field: 'item' },
    });
  });

  it('that is atomic applies nothing when an item is malformed', async () => {
    const { post, batches } = createSetting();
    const { results, sequence } = await post([good, negative, good], BatchMode.ATOMIC);
    expect(batches).toEqual([]);
    expect(results.map(({ result }) => result.case)).toEqual([
      'notApplied',
      'refused',
      'notApplied',
    ]);
    expect(sequence).toBe(0n);
  });

  it('is answered though all its items are malformed', async () => {
    const { post, batches } = createSetting();
    const { results } = await post([negative, nothing]);
    expect(batches).toEqual([]);
    expect(results.map(({ result }) => result.case)).toEqual(['refused', 'refused']);
  });

  it.each([
    ['items', [], BatchMode.ATOMIC],
    ['items', Array.from({ length: 1001 }, () => good), BatchMode.ATOMIC],
    ['items', Array.from({ length: 100 }, () => wide), BatchMode.INDEPENDENT],
    ['mode', [good], BatchMode.UNSPECIFIED],
    ['mode', [good], 9 as BatchMode],
  ] as const)('is refused whole for its %s', async (field, items, mode) => {
    const { post } = createSetting();
    expect(await refusedOf(post(items, mode))).toEqual({
      reason: ErrorReason.FIELD_INVALID,
      metadata: { field },
    });
  });

  it('needs the scope to write', async () => {
    const { stub } = createSetting();
    const options = { headers: { 'x-api-key': stub.addKey({ scopes: ['ledger:read'] }) } };
    const call = stub.client.postBatch({ items: [good], mode: BatchMode.ATOMIC }, options);
    expect(await refusedOf(call)).toMatchObject({ metadata: { scope: 'ledger:write' } });
  });
});
