// Random programs of grants, holds and schedules through the engine on PostgreSQL, in random
// batches: they make what the rules make of their commands one by one, every read agrees with the
// history at every point, and the book is found to be intact.
import { verifyBook, type Book } from '@scrip/engine';
import {
  applyAccepted,
  applyEvent,
  assert,
  compareGrants,
  createBookState,
  decide,
  eventsOf,
  grantStatusAt,
  instantFromMs,
  parseCreateAccount,
  requestDigest,
  settleAccounts,
  type Account,
  type AccountId,
  type BookEvent,
  type BookState,
  type Command,
  type Instant,
  type Sequence,
} from '@scrip/kernel';
import {
  jsonEventCodec,
  lawsSeed,
  openTestDatabase,
  readEvents,
  runBatches,
  type CommandBatch,
  type TestDatabase,
  noteSeen,
  nothingSeen,
  termsCommandOf,
  termsPrograms,
  waitedMs,
  type TermsStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const seed = lawsSeed();
/** Steps in all: a share of what `SCRIP_LAWS_COMMANDS=100000` runs. */
const commandCount = Number(process.env['SCRIP_LAWS_COMMANDS'] ?? 3_000);
const programLength = 500;
/** The books are written in the future, so that their clock stands still at the last batch. */
const start = instantFromMs(Date.UTC(2100, 0));

let database: Database;
let makeBook: () => Promise<Book>;
let close: () => Promise<void>;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

describe(`programs of ${commandCount} steps, SCRIP_LAWS_SEED=${seed}`, () => {
  const timeout = 30_000 + 20 * commandCount;
  it('make the same history in batches as one by one', { timeout }, async () => {
    const programs = fc.sample(
      fc.tuple(
        fc.array(anyStep, { minLength: programLength, maxLength: programLength }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 20 }),
      ),
      { seed, numRuns: Math.ceil(commandCount / programLength) },
    );
    let eventCount = 0;
    for (const [steps, cuts] of programs) eventCount += await checkProgram(steps, cuts);
    // Programs of which most is refused would prove little.
    expect(eventCount).toBeGreaterThan(commandCount / 4);
  });
});

const anyStep: fc.Arbitrary<TermsStep> = termsPrograms(1)
  .filter((steps) => steps.length > 0)
  .map(([step]) => step as TermsStep);

async function checkProgram(steps: readonly TermsStep[], cuts: readonly number[]): Promise<number> {
  const book = await makeBook();
  const model = runModel(book, steps, cuts);
  await runBatches({ journal: database.journal, book }, model.batches);
  const events = await readEvents(database.auditSource, book);
  expect(events).toEqual(model.events);
  await checkAccounts(book, model.state);
  await checkReads(book, events);
  const source = database.auditSource;
  const verified = await verifyBook(book, { source, codec: jsonEventCodec });
  expect(verified).toMatchObject({ kind: 'intact', sequence: model.state.sequence });
  return events.length;
}

/** Decides a program one by one; every third batch books what is due on all accounts as well. */
function runModel(book: Book, steps: readonly TermsStep[], cuts: readonly number[]) {
  const state = createBookState(book, { sequence: 0 as Sequence, instant: start });
  const events: BookEvent[] = [];
  const batches: CommandBatch[] = [];
  const seen = nothingSeen();
  const run = (now: Instant, next: readonly (() => Command | undefined)[]): void => {
    state.instant = now;
    const commands = next.flatMap((make) => {
      const command = make();
      if (command === undefined) return [];
      const decision = decide(state, command);
      if (decision.kind !== 'accepted') return command;
      events.push(...eventsOf(decision));
      for (const event of eventsOf(decision)) noteSeen(seen, event);
      applyAccepted(state, decision, requestDigest(state, command));
      return command;
    });
    batches.push({ now, commands });
  };
  run(
    start,
    [0, 1, 2].map((n) => () => creationOf(n)),
  );
  const ids = [...state.accounts.keys()];
  let now = start;
  for (let from = 0, cut = 0; from < steps.length; cut++) {
    const part = steps.slice(from, from + (cuts[cut % cuts.length] ?? 1));
    now = instantFromMs(now + 10 + part.reduce((sum, step) => sum + waitedMs(step), 0) / 10);
    const first = from;
    const at = now;
    run(now, [
      ...part.map(
        (step, i) => () => termsCommandOf(step, { index: first + i, ids, now: at, seen }),
      ),
      ...(cut % 3 === 2 ? ids.map((id) => () => sweepOf(id)) : []),
    ]);
    from += part.length;
  }
  return { batches, events, state };
}

/** What the journal loads is what the rules have, to the last part. */
async function checkAccounts(book: Book, state: BookState): Promise<void> {
  const ids = [...state.accounts.keys()];
  const terms = { grants: [...state.grants], holds: [...state.holds] };
  const [accounts, found] = await database.journal.transact(book, async (unit) => {
    await unit.lockHead();
    const asked = {
      grantIds: terms.grants.map(([id]) => id),
      holdIds: terms.holds.map(([id]) => id),
      scheduleIds: [...state.schedules.keys()],
    };
    const loaded = await unit.loadAccounts(ids);
    return [loaded.accounts, await unit.findTerms(asked)] as const;
  });
  expect(new Map(accounts.map((each) => [each.id, each]))).toEqual(state.accounts);
  expect(new Map(found.grants.map((each) => [each.id, each]))).toEqual(state.grants);
  expect(new Map(found.holds.map((each) => [each.id, each]))).toEqual(state.holds);
  expect(new Map(found.schedules.map((each) => [each.id, each]))).toEqual(state.schedules);
  const endings = new Map(state.endingsById);
  const expected = [...new Set(endings.values())].map(({ sequence }) => sequence);
  const sequences = new Set(found.endings.map(({ sequence }) => sequence));
  expect(expected.filter((sequence) => !sequences.has(sequence))).toEqual([]);
}

/** The reads at a share of the sequences and between their instants, against a replay. */
async function checkReads(book: Book, events: readonly BookEvent[]): Promise<void> {
  const state = createBookState(book, { sequence: 0 as Sequence, instant: start });
  for (const [index, event] of events.entries()) {
    state.instant = event.createdAt;
    applyEvent(state, event);
    const next = events[index + 1]?.createdAt;
    if (index % 40 === 0) await checkSequence(book, state);
    if (next !== undefined && next > event.createdAt) {
      // Just before a batch books what is due, the most is unbooked.
      await checkInstant(book, state, instantFromMs(next - 1));
    }
  }
  await checkNow(book, state);
}

async function checkSequence(book: Book, { accounts, sequence }: BookState): Promise<void> {
  for (const account of accounts.values()) {
    const ref = { kind: 'id', id: account.id } as const;
    const parts = await database.terms.balanceParts(book, ref, sequence);
    assert(parts.kind === 'read', 'the parts are read');
    expect(parts.value).toEqual(partsOf(account, sequence));
    const point = { kind: 'at_sequence', sequence } as const;
    expect(await database.reader.balance(book, ref, point)).toMatchObject({
      value: parts.value.balance,
    });
  }
}

async function checkInstant(book: Book, booked: BookState, instant: Instant): Promise<void> {
  for (const id of booked.accounts.keys()) {
    const { account } = settled({ ...booked, instant }, id);
    const point = { kind: 'at', instant } as const;
    const read = await database.reader.balance(book, { kind: 'id', id }, point);
    const { balance, held } = account;
    expect(read).toMatchObject({ value: { balance, held, sequence: booked.sequence } });
  }
}

async function checkNow(book: Book, booked: BookState): Promise<void> {
  const page = { size: 1_000 };
  for (const id of booked.accounts.keys()) {
    const ref = { kind: 'id', id } as const;
    const { account, state } = settled(booked, id);
    const { balance, held } = account;
    expect(await database.reader.account(book, ref)).toMatchObject({ value: { balance, held } });
    const parts = await database.terms.balanceParts(book, ref);
    expect(parts).toMatchObject({ value: { balance: { balance, held } } });
    const query = { account: ref, liveOnly: false, page };
    const grants = await database.terms.grants(book, query);
    const holds = await database.terms.holds(book, query);
    assert(grants.kind === 'read' && holds.kind === 'read', 'the lists are read');
    const isBooked = ({ sequence }: { sequence: Sequence }) => sequence <= booked.sequence;
    const isMine = ({ accountId }: { accountId: AccountId }) => accountId === id;
    const newest = <T extends { accountId: AccountId; sequence: Sequence }>(all: readonly T[]) =>
      all.filter(isMine).toSorted((a, b) => b.sequence - a.sequence);
    const now = <K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>) =>
      [...before].map(([key, value]) => after.get(key) ?? value);
    const grantsNow = newest(now(booked.grants, state.grants)).map((grant) => {
      return { ...grant, status: grantStatusAt(grant, booked.instant) };
    });
    expect(grants.value.items).toEqual(grantsNow);
    expect(holds.value.items).toEqual(newest(now(booked.holds, state.holds)));
    const liveGrants = await database.terms.grants(book, { ...query, liveOnly: true });
    expect(liveGrants).toMatchObject({
      value: { items: newest(account.grants.filter(isBooked)), hasMore: false },
    });
  }
}

function settled(booked: BookState, id: AccountId) {
  const { state } = settleAccounts(booked, [id]);
  return { state, account: state.accounts.get(id) as Account };
}

function partsOf(account: Account, sequence: Sequence) {
  const { id, unit, balance, held, balanceUpdatedAt, grants, holds } = account;
  const counted = grants.filter(({ status }) => status !== 'scheduled');
  return {
    balance: { accountId: id, unit, balance, held, updatedAt: balanceUpdatedAt, sequence },
    pool: counted.reduce((rest, { remaining }) => rest - remaining, balance),
    poolHeld: counted.reduce((rest, { held: kept }) => rest - kept, held),
    grants: grants.toSorted(compareGrants),
    holds,
  };
}

function creationOf(n: number): Command {
  const command = parseCreateAccount({ customerId: `c${n}`, initialBalance: '10' });
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}

function sweepOf(id: AccountId): Command {
  return { kind: 'book_due_moves', account: { kind: 'id', id } };
}
