// Commands one after another, by processes that expect the book as they left it: the same history
// and the same answers as the rules alone give, whoever wrote before.
import {
  applyAccepted,
  assert,
  createBookState,
  decide,
  eventsOf,
  instantFromMs,
  parseCreateAccount,
  requestDigest,
  type BookEvent,
  type BookState,
  type Command,
  type Sequence,
} from '@scrip/kernel';
import {
  createMemoryAuditSource,
  createMemoryBook,
  createMemoryJournal,
  jsonEventCodec,
  noteSeen,
  nothingSeen,
  termsCommandOf,
  termsPrograms,
  waitedMs,
} from '@scrip/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { Journal } from './port/journal.ts';
import { verifyBook } from './verify/verify-book.ts';

const start = instantFromMs(1_700_000_000_000);
const writers = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 12 });
const timeout = 60_000;

it('commands alone make the history of the rules', { timeout }, async () => {
  let expectedCount = 0;
  let missedCount = 0;
  await fc.assert(
    fc.asyncProperty(termsPrograms(60), writers, async (steps, turns) => {
      const { journal, book, engines, counts } = open();
      const state = createBookState(book, { sequence: 0 as Sequence, instant: start });
      const events: BookEvent[] = [];
      const seen = nothingSeen();
      const run = async (command: Command, turn: number): Promise<void> => {
        state.instant = journal.now;
        const decided = judge(state, command);
        events.push(...decided.events);
        for (const event of decided.events) noteSeen(seen, event);
        const outcome = await engines[turn]?.submit(book, command);
        expect(outcome?.kind).toBe(decided.kind);
        expect(outcome?.sequence).toBe(decided.sequence ?? outcome?.sequence);
      };
      for (const customerId of ['a', 'b', 'c']) await run(creationOf(customerId), 0);
      const ids = [...state.accounts.keys()];
      for (const [index, step] of steps.entries()) {
        journal.now = instantFromMs(journal.now + 10 + waitedMs(step));
        const command = termsCommandOf(step, { index, ids, now: journal.now, seen });
        if (command !== undefined) await run(command, turns[index % turns.length] ?? 0);
      }
      const stored = journal.stored(book);
      expect(stored.events.map(({ event }) => event)).toEqual(events);
      expect(stored.accounts).toEqual(state.accounts);
      expect(stored.units).toEqual(state.units);
      const source = createMemoryAuditSource(journal);
      const found = await verifyBook(book, { source, codec: jsonEventCodec });
      expect(found).toMatchObject({ kind: 'intact' });
      expectedCount += counts.expected;
      missedCount += counts.missed;
    }),
    { numRuns: 200 },
  );
  // Both ways are gone often.
  expect(expectedCount).toBeGreaterThan(200);
  expect(missedCount).toBeGreaterThan(200);
});

/** Three processes that write to one book. */
function open() {
  const journal = createMemoryJournal();
  const counts = { expected: 0, missed: 0 };
  const counted: Journal = {
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
  const clock = (): number => journal.now;
  const make = () => createEngine({ journal: counted, codec: jsonEventCodec, clock });
  return { journal, book: createMemoryBook(), engines: [make(), make(), make()], counts };
}

/** What the rules make of a command. */
function judge(state: BookState, command: Command) {
  const decision = decide(state, command);
  if (decision.kind !== 'accepted') {
    const sequence = 'event' in decision ? decision.event.sequence : state.sequence;
    return { kind: decision.kind, sequence, events: [] };
  }
  const events = eventsOf(decision);
  applyAccepted(state, decision, requestDigest(state, command));
  return { kind: decision.kind, sequence: decision.event.sequence, events };
}

function creationOf(customerId: string): Command {
  const parsed = parseCreateAccount({ customerId });
  assert(parsed.kind === 'parsed', 'the command is well-formed');
  return parsed.value;
}
