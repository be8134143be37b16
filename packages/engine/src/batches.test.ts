// Any cut of a program into batches makes the same history as its commands one by one.
import { postingOf, type BookEvent } from '@scrip/kernel';
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
