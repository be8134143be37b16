// Two processes that post to one book at once, each expecting it as it left it: no post is lost,
// none is booked twice, and the book is intact.
import {
  assert,
  parseCreateAccount,
  parsePostOneSided,
  type AccountId,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createEngine, verifyBook, type Book, type Engine, type Journal } from '@scrip/engine';
import { jsonEventCodec, openTestDatabase, type TestDatabase } from '@scrip/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

let database: Database;
let close: () => Promise<void>;
let makeBook: () => Promise<Book>;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

/** What callers do, one call after another: each writes by one of two processes. */
const callers = fc.array(
  fc.array(
    fc.record({
      process: fc.nat({ max: 1 }),
      key: fc.nat({ max: 30 }),
      side: fc.constantFrom('credit' as const, 'debit' as const),
      amount: fc.integer({ min: 1, max: 5 }),
      pauseMs: fc.constantFrom(0, 0, 0, 2),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  { minLength: 1, maxLength: 3 },
);

it('posts of two processes are booked once each', { timeout: 60_000 }, async () => {
  const counts = { expected: 0, missed: 0 };
  await fc.assert(
    fc.asyncProperty(callers, async (programs) => {
      const book = await makeBook();
      const journal = counted(database.journal, counts);
      const engines = [make(journal), make(journal)] as const;
      const id = await createAccount(engines[0], book);
      const sequencesByKey = new Map<string, Set<number>>();
      let balance = 0;
      const runCaller = async (program: (typeof programs)[number]): Promise<void> => {
        for (const { process, key, side, amount, pauseMs } of program) {
          // One key always names the same request.
          const idempotencyKey = `${side} ${amount} ${key}`;
          const account = { kind: 'id', id } as const;
          const terms = { reference: 'ref', idempotencyKey };
          const command = parsePostOneSided(side, { account, amount: String(amount), ...terms });
          const outcome = await engines[process]?.submit(book, valueOf(command));
          assert(outcome !== undefined, 'there are two processes');
          if (outcome.kind === 'accepted') balance += side === 'credit' ? amount : -amount;
          if (outcome.kind === 'accepted' || outcome.kind === 'replayed') {
            const known = sequencesByKey.get(idempotencyKey) ?? new Set();
            sequencesByKey.set(idempotencyKey, known.add(outcome.sequence));
          }
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      };
      await Promise.all(programs.map(runCaller));
      const booked = [...sequencesByKey.values()].map((sequences) => [...sequences]);
      expect(booked.filter(({ length }) => length !== 1)).toEqual([]);
      const read = await database.reader.balance(book, { kind: 'id', id }, { kind: 'now' });
      expect(read).toMatchObject({ kind: 'read', value: { balance: BigInt(balance) } });
      const source = database.auditSource;
      const verified = await verifyBook(book, { source, codec: jsonEventCodec });
      expect(verified).toMatchObject({ kind: 'intact', sequence: 1 + booked.length });
    }),
    { numRuns: 30 },
  );
  // Both ways are gone often.
  expect(counts.expected).toBeGreaterThan(50);
  expect(counts.missed).toBeGreaterThan(20);
});

function make(journal: Journal): Engine {
  return createEngine({ journal, codec: jsonEventCodec, clock: () => performance.now() });
}

function counted(journal: Journal, counts: { expected: number; missed: number }): Journal {
  return {
    transact: (book, work) =>
      journal.transact(book, (unit) => {
        const appendExpecting: typeof unit.appendExpecting = async (expected, batch) => {
          const clock = await unit.appendExpecting(expected, batch);
          counts[clock === undefined ? 'missed' : 'expected']++;
          return clock;
        };
        return work({ ...unit, appendExpecting });
      }),
  };
}

async function createAccount(engine: Engine, book: Book): Promise<AccountId> {
  const outcome = await engine.submit(book, valueOf(parseCreateAccount({ customerId: 'c' })));
  assert(
    'event' in outcome && outcome.event.change.kind === 'account_created',
    'the event made an account',
  );
  return outcome.event.change.account.id;
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the commands of the test are well-formed');
  return command.value;
}
