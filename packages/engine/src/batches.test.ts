// Any cut of a program into batches makes the same history as its commands one by one.
import {
  assert,
  parseCreateAccount,
  parsePostOneSided,
  postingOf,
  type BookEvent,
  type Command,
} from '@scrip/kernel';
import {
  commandOf,
  createMemoryBook,
  createMemoryJournal,
  jsonEventCodec,
  programs,
  type Step,
} from '@scrip/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { BatchMode } from './outcome.ts';

describe('batches', () => {
  it('make the same answers, events and balances however they are cut', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(programs(40), cuts, async (steps, sizes) => {
        const oneByOne = await run(steps, [1]);
        const inBatches = await run(steps, sizes, oneByOne.idsBefore);
        expect(inBatches.answers).toEqual(oneByOne.answers);
        expect(inBatches.stored.events).toEqual(oneByOne.stored.events);
        expect(inBatches.stored.accounts).toEqual(oneByOne.stored.accounts);
        expect(inBatches.stored.units).toEqual(oneByOne.stored.units);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an atomic batch', () => {
  it('takes consecutive sequences when nothing is refused', async () => {
    const { post, stored } = await openWith('10');
    const outcomes = await post('atomic', ['debit', '3', 'a'], ['credit', '1', 'b']);
    expect(outcomes).toMatchObject([
      { kind: 'accepted', sequence: 2 },
      { kind: 'accepted', sequence: 3 },
    ]);
    expect(stored().sequence).toBe(3);
  });

  it('changes nothing when one command is refused, and says so to the others', async () => {
    const { post, stored, balance } = await openWith('10');
    await post('independent', ['debit', '1', 'earlier']);
    const outcomes = await post(
      'atomic',
      ['debit', '3', 'a'],
      ['debit', '3', 'a'],
      ['debit', '1', 'earlier'],
      ['debit', '99', 'b'],
      ['credit', '5', 'c'],
    );
    expect(outcomes).toMatchObject([
      { kind: 'not_applied', sequence: 2 },
      { kind: 'not_applied', sequence: 2 },
      { kind: 'replayed', sequence: 2 },
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_BALANCE' }, sequence: 2 },
      { kind: 'not_applied', sequence: 2 },
    ]);
    expect(stored().sequence).toBe(2);
    expect(balance()).toBe(9n);
    expect(await post('independent', ['debit', '3', 'a'])).toMatchObject([{ kind: 'accepted' }]);
  });

  it('does not disturb the groups that share its flush', async () => {
    const { post, balance } = await openWith('10');
    const [before, spoilt, after] = await Promise.all([
      post('independent', ['debit', '1', 'x']),
      post('atomic', ['debit', '2', 'y'], ['debit', '99', 'z']),
      post('independent', ['debit', '4', 'w']),
    ]);
    expect(before).toMatchObject([{ kind: 'accepted', sequence: 2 }]);
    expect(spoilt).toMatchObject([{ kind: 'not_applied' }, { kind: 'refused' }]);
    expect(after).toMatchObject([{ kind: 'accepted', sequence: 3 }]);
    expect(balance()).toBe(5n);
  });
});

describe('an independent batch', () => {
  it('gives every command its own fate, in one unit of work', async () => {
    const { post, balance, journal } = await openWith('10');
    const before = journal.transactionCount;
    const outcomes = await post(
      'independent',
      ['debit', '3', 'a'],
      ['debit', '99', 'b'],
      ['debit', '3', 'a'],
      ['credit', '1', 'a'],
    );
    expect(outcomes).toMatchObject([
      { kind: 'accepted', sequence: 2 },
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_BALANCE' } },
      { kind: 'replayed', sequence: 2 },
      { kind: 'refused', refusal: { reason: 'IDEMPOTENCY_KEY_REUSED' } },
    ]);
    expect(journal.transactionCount - before).toBe(1);
    expect(balance()).toBe(7n);
  });
});

type Line = readonly [kind: 'credit' | 'debit', amount: string, key: string];

async function openWith(initialBalance: string) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec });
  const externalId = 'account';
  const opening = parseCreateAccount({ customerId: 'c', externalId, initialBalance });
  assert(opening.kind === 'parsed', 'the opening is well-formed');
  await engine.submit(book, opening.value);
  const commandOfLine = ([kind, amount, idempotencyKey]: Line): Command => {
    const account = { kind: 'external_id', externalId } as const;
    const terms = { account, amount, reference: 'ref', idempotencyKey };
    const command = parsePostOneSided(kind, terms);
    assert(command.kind === 'parsed', 'the line is well-formed');
    return command.value;
  };
  const post = (mode: BatchMode, ...lines: readonly Line[]) =>
    engine.submitBatch(book, { mode, commands: lines.map(commandOfLine) });
  const stored = () => journal.stored(book);
  const balance = () => [...stored().accounts.values()][0]?.balance;
  return { journal, post, stored, balance };
}

/** Runs a program, so many steps at once. Reversals name the transactions of the first run. */
async function run(
  steps: readonly Step[],
  sizes: readonly number[],
  given?: readonly (readonly string[])[],
) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const engine = createEngine({ journal, codec: jsonEventCodec });
  const answers: unknown[] = [];
  const idsBefore: (readonly string[])[] = [];
  for (let start = 0, cut = 0; start < steps.length; cut++) {
    const batch = steps.slice(start, start + (sizes[cut % sizes.length] ?? 1));
    const ids = transactionIds(journal.stored(book).events);
    const outcomes = await Promise.all(
      batch.map((step, i) => {
        idsBefore.push(ids);
        return engine.submit(book, commandOf(step, given?.[start + i] ?? ids));
      }),
    );
    answers.push(...outcomes);
    start += batch.length;
  }
  return { answers, idsBefore, stored: journal.stored(book) };
}

function transactionIds(events: readonly { readonly event: BookEvent }[]): readonly string[] {
  return events.flatMap(({ event }) => postingOf(event)?.transaction.id ?? []);
}
