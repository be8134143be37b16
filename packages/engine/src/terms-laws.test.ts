// Grants and holds through the engine: the same history as commands decided one by one, however
// they are cut into batches, whether memory or the journal gives what they need.
import {
  applyAccepted,
  applyEvent,
  assert,
  createBookState,
  decide,
  eventsOf,
  instantFromMs,
  parseCreateAccount,
  parsePostOneSided,
  requestDigest,
  settleAccounts,
  type AccountId,
  type BookEvent,
  type BookState,
  type Command,
  type Instant,
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
  type SeenTerms,
  type TermsStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { BatchMode } from './outcome.ts';
import type { Journal } from './port/journal.ts';
import { verifyBook } from './verify/verify-book.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
const shapes = fc.record({
  cuts: sizes,
  mode: fc.constantFrom<BatchMode>('independent', 'atomic'),
  /** A new engine for each flush, with nothing in its memory. */
  forgets: fc.boolean(),
  /** All that is due comes in commits of its own, two moves in each. */
  isAhead: fc.boolean(),
  /** Terms that are loaded at a time; the groups behind come in another unit of work. */
  termCountMax: fc.constantFrom(0, 1, 3, Infinity),
});
const start = instantFromMs(1_700_000_000_000);

const timeout = 60_000;

it('batches make the history of their commands one by one', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(termsPrograms(60), shapes, async (steps, shape) => {
      const model = runModel(steps, shape);
      // What is booked ahead is that of all accounts of a flush at once.
      const termCountMax = shape.isAhead ? Infinity : shape.termCountMax;
      const stored = await runEngine(model.flushes, { ...shape, termCountMax });
      expect(stored.events.map(({ event }) => event)).toEqual(model.events);
      expect(stored.accounts).toEqual(model.state.accounts);
      expect(stored.units).toEqual(model.state.units);
      expect(stored.grants).toEqual(model.state.grants);
      expect(stored.holds).toEqual(model.state.holds);
      expect(stored.schedules).toEqual(model.state.schedules);
    }),
    { numRuns: 300 },
  );
});

it('what a program leaves is found to be intact', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(termsPrograms(60), sizes, async (steps, cuts) => {
      const { flushes } = runModel(steps, { cuts, mode: 'independent', isAhead: false });
      const { journal } = await runEngine(flushes, {
        mode: 'independent',
        forgets: false,
        isAhead: false,
        termCountMax: Infinity,
      });
      const source = createMemoryAuditSource(journal);
      const found = await verifyBook(createMemoryBook(), { source, codec: jsonEventCodec });
      expect(found).toMatchObject({ kind: 'intact' });
    }),
    { numRuns: 60 },
  );
});

/** Groups that share a flush, and so its instant. */
interface Flush {
  readonly now: Instant;
  readonly groups: readonly (readonly Command[])[];
}

type MakeCommand = (now: Instant) => Command | undefined;

interface Shape {
  readonly cuts: readonly number[];
  readonly mode: BatchMode;
  readonly isAhead: boolean;
}

/** Decides a program one by one; the commands of a flush share its instant. */
function runModel(steps: readonly TermsStep[], { cuts, mode, isAhead }: Shape) {
  const seen = nothingSeen();
  const events: BookEvent[] = [];
  const flushes: Flush[] = [];
  let state = createBookState(createMemoryBook(), { sequence: 0 as Sequence, instant: start });
  const judgeGroup = (makers: readonly MakeCommand[]): readonly Command[] => {
    const before = copyOf(state);
    const judged = judgeOneByOne(state, makers, seen);
    // Later steps may name what falls with its group: it is unknown then.
    const falls = mode === 'atomic' && judged.commands.length > 1 && judged.isRefused;
    if (falls) state = before;
    else events.push(...judged.events);
    return judged.commands;
  };
  const judgeFlush = (now: Instant, groups: readonly (readonly MakeCommand[])[]): void => {
    state.instant = now;
    const ahead = isAhead ? settleAccounts(state, [...state.accounts.keys()]).events : [];
    for (const event of ahead) applyEvent(state, event);
    events.push(...ahead);
    flushes.push({ now, groups: groups.map(judgeGroup) });
  };
  judgeFlush(
    start,
    [0, 1, 2].map((n) => [() => creationOf(n)]),
  );
  const ids = [...state.accounts.keys()];
  let now = start;
  for (const [index, flush] of cutIntoFlushes(steps, cuts).entries()) {
    now = instantFromMs(now + 10 + flush.flat().reduce((sum, [, step]) => sum + waitedMs(step), 0));
    const groups = flush.map((group) =>
      group.map(([number, step]) => (at: Instant) => {
        return termsCommandOf(step, { index: number, ids, now: at, seen });
      }),
    );
    // It touches all accounts, so that what is booked ahead is what is due on any of them.
    const touch = ids.map((id) => () => refusedOf(id));
    judgeFlush(now, [
      ...groups,
      touch,
      ...(index % 3 === 2 ? [ids.map((id) => () => sweepOf(id))] : []),
    ]);
  }
  return { flushes, events, state };
}

function judgeOneByOne(state: BookState, makers: readonly MakeCommand[], seen: SeenTerms) {
  const commands: Command[] = [];
  const events: BookEvent[] = [];
  let isRefused = false;
  for (const make of makers) {
    const command = make(state.instant);
    if (command === undefined) continue;
    commands.push(command);
    const decision = decide(state, command);
    isRefused ||= decision.kind === 'refused';
    if (decision.kind !== 'accepted') continue;
    events.push(...eventsOf(decision));
    for (const event of eventsOf(decision)) noteSeen(seen, event);
    applyAccepted(state, decision, requestDigest(state, command));
  }
  return { commands, events, isRefused };
}

/** Steps with their numbers: groups as large as the cuts say, up to four in a flush. */
function cutIntoFlushes(steps: readonly TermsStep[], cuts: readonly number[]) {
  const flushes: (readonly [number, TermsStep])[][][] = [];
  for (let from = 0, cut = 0; from < steps.length; cut++) {
    const size = cuts[cut % cuts.length] ?? 1;
    const group = steps.slice(from, from + size).map((step, i) => [from + i, step] as const);
    const last = flushes.at(-1);
    if (last === undefined || last.length > size % 4) flushes.push([group]);
    else last.push(group);
    from += size;
  }
  return flushes;
}

interface Running extends Omit<Shape, 'cuts'> {
  readonly forgets: boolean;
  readonly termCountMax: number;
}

async function runEngine(
  flushes: readonly Flush[],
  { mode, forgets, isAhead, termCountMax }: Running,
) {
  const journal = createMemoryJournal();
  const book = createMemoryBook();
  const dueBounds = isAhead ? { dueBounds: { moveCountMax: 2, judgedCountMax: 0 } } : {};
  const transact: Journal['transact'] = (of, work) =>
    journal.transact(of, (unit) =>
      work({ ...unit, loadAccounts: (ids) => unit.loadAccounts(ids, termCountMax) }),
    );
  const make = () => createEngine({ journal: { transact }, codec: jsonEventCodec, ...dueBounds });
  let engine = make();
  for (const { now, groups } of flushes) {
    journal.now = now;
    if (forgets) engine = make();
    const batches = groups.filter((commands) => commands.length > 0);
    await Promise.all(batches.map((commands) => engine.submitBatch(book, { mode, commands })));
  }
  return { journal, ...journal.stored(book) };
}

function creationOf(n: number): Command {
  const command = parseCreateAccount({ customerId: `c${n}`, initialBalance: '10' });
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}

/** More than any account has: it is refused, and leaves nothing. */
function refusedOf(id: AccountId): Command {
  const command = parsePostOneSided('debit', {
    account: { kind: 'id', id },
    amount: '1000000',
    reference: 'too much',
    idempotencyKey: `too much ${id}`,
  });
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}

function sweepOf(id: AccountId): Command {
  return { kind: 'book_due_moves', account: { kind: 'id', id } };
}

function copyOf(state: BookState): BookState {
  const copies = Object.entries(state).map(([name, value]: [string, unknown]) => {
    return [name, value instanceof Map ? new Map(value) : value];
  });
  return Object.fromEntries(copies) as BookState;
}
