// An engine serves any number of books and remembers only the last ones.
import { assert, parseCreateAccount } from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import { writerCountMax } from './limits.ts';
import type { UnitOfWork } from './port/journal.ts';

it('forgets the caches of books that nobody has written to for long', async () => {
  const memory = createMemoryJournal();
  const loads: number[] = [];
  const journal: typeof memory = {
    ...memory,
    transact: (book, work) =>
      memory.transact(book, (unit) => {
        const loadUnits: UnitOfWork['loadUnits'] = (labels) => {
          loads.push(book.id);
          return unit.loadUnits(labels);
        };
        return work({ ...unit, loadUnits });
      }),
  };
  const engine = createEngine({ journal, codec: jsonEventCodec });
  const write = async (bookId: number, customerId: string): Promise<void> => {
    const command = parseCreateAccount({ customerId });
    assert(command.kind === 'parsed', 'the command is well-formed');
    const outcome = await engine.submit(createMemoryBook(bookId), command.value);
    expect(outcome.kind).toBe('accepted');
  };
  await write(1, 'a');
  await write(1, 'b');
  for (let id = 2; id <= writerCountMax + 1; id++) await write(id, 'a');
  expect(loads.filter((id) => id === 1)).toHaveLength(1);
  await write(1, 'c');
  expect(loads.filter((id) => id === 1)).toHaveLength(2);
});
