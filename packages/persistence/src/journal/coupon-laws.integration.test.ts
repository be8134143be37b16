// Random programs of coupons, credits and memberships through the engine on PostgreSQL, in random
// batches: they make what the rules make of their commands one by one, what is found under the lock
// is what the rules have, and the book is found to be intact.
import { verifyBook, type Book } from '@scrip/engine';
import {
  applyAccepted,
  couponRecordsOf,
  createBookState,
  decide,
  eventsOf,
  instantFromMs,
  requestDigest,
  type BookEvent,
  type BookState,
  type Command,
  type CouponRecord,
  type Sequence,
  couponRowKeyOf,
  couponRowName,
} from '@scrip/kernel';
import {
  couponCommandOf,
  couponPrograms,
  couponStepMs,
  jsonEventCodec,
  lawsSeed,
  openTestDatabase,
  readEvents,
  runBatches,
  type CommandBatch,
  type TestDatabase,
  noRecordsSeen,
  noteRecordsSeen,
  type CouponStep,
} from '@scrip/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../database.ts';

const seed = lawsSeed();
/** Steps in all: a share of what `SCRIP_LAWS_COMMANDS=100000` runs. */
const commandCount = Number(process.env['SCRIP_LAWS_COMMANDS'] ?? 2_000);
const programLength = 200;
/** The books are written in the future, so that their clock stands still at the last batch. */
const start = instantFromMs(Date.UTC(2100, 0, 31));

let database: Database;
let makeBook: () => Promise<Book>;
let close: () => Promise<void>;

beforeAll(async () => {
  const open = ({ connection }: TestDatabase) =>
    openDatabase({ connection, codec: jsonEventCodec, allowUnsafe: true });
  ({ database, makeBook, close } = await openTestDatabase(open));
});

afterAll(() => close());

describe(`coupons and what comes of them on PostgreSQL, SCRIP_LAWS_SEED=${seed}`, () => {
  it('are what the rules make of the same commands one by one', { timeout: 900_000 }, async () => {
    const programs = fc.sample(
      fc.tuple(
        couponPrograms(programLength),
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 40 }),
      ),
      { seed, numRuns: Math.ceil(commandCount / programLength) },
    );
    let eventCount = 0;
    let stepCount = 0;
    for (const [steps, cuts] of programs) {
      stepCount += steps.length;
      eventCount += await checkProgram(steps, cuts);
    }
    // Programs of which most is refused would prove little.
    expect(eventCount).toBeGreaterThan(stepCount / 8);
  });
});

async function checkProgram(
  steps: readonly CouponStep[],
  cuts: readonly number[],
): Promise<number> {
  const book = await makeBook();
  const model = runModel(book, steps, cuts);
  await runBatches({ journal: database.journal, book }, model.batches);
  const events = await readEvents(database.auditSource, book);
  expect(events).toEqual(model.events);
  await checkFound(book, events, model.state);
  const source = database.auditSource;
  const verified = await verifyBook(book, { source, codec: jsonEventCodec });
  expect(verified).toMatchObject({ kind: 'intact', sequence: model.state.sequence });
  return events.length;
}

/** Decides a program one by one; every third batch books what is due as well. */
function runModel(book: Book, steps: readonly CouponStep[], cuts: readonly number[]) {
  const state = createBookState(book, { sequence: 0 as Sequence, instant: start });
  const events: BookEvent[] = [];
  const batches: CommandBatch[] = [];
  const seen = noRecordsSeen();
  const submit = (command: Command): Command => {
    const decision = decide(state, command);
    if (decision.kind === 'accepted') {
      events.push(...eventsOf(decision));
      for (const event of eventsOf(decision)) noteRecordsSeen(seen, event);
      applyAccepted(state, decision, requestDigest(state, command));
    }
    return command;
  };
  let now = start;
  for (let from = 0, cut = 0; from < steps.length; cut++) {
    const part = steps.slice(from, from + (cuts[cut % cuts.length] ?? 1));
    now = instantFromMs(now + 10 + part.reduce((sum, step) => sum + couponStepMs(step), 0));
    state.instant = now;
    const commands = part.flatMap((step, i) => {
      const command = couponCommandOf(step, { index: from + i, now, seen });
      return command === undefined ? [] : submit(command);
    });
    const due = cut % 3 === 2 ? [...seen.membership] : [];
    const swept = due.map((membershipId) =>
      submit({ kind: 'book_membership_periods', membershipId }),
    );
    batches.push({ now, commands: [...commands, ...swept] });
    from += part.length;
  }
  return { batches, events, state };
}

/** What is found by id is each record as the last event left it, with that event. */
async function checkFound(
  book: Book,
  events: readonly BookEvent[],
  { coupons }: BookState,
): Promise<void> {
  const last = new Map<string, { readonly found: CouponRecord; readonly event: BookEvent }>();
  for (const event of events) {
    for (const found of couponRecordsOf(event)) {
      last.set(couponRowName(couponRowKeyOf(book.ids, found)), { found, event });
    }
  }
  const recordIds = [...last.values()].flatMap(({ found }) =>
    'id' in found.record ? found.record.id : [],
  );
  const codes = [...coupons.codes.values()].map(({ couponId, code }) => ({ couponId, code }));
  const find = (names: { readonly recordIds: readonly string[] }) =>
    database.journal.transact(book, async (unit) => {
      await unit.lockHead();
      return unit.findCoupons({ codes: [], membershipTypeIds: [], ...names });
    });
  const found = await find({ recordIds });
  const byName = new Map(
    found.map((each) => [couponRowName(couponRowKeyOf(book.ids, each.found)), each]),
  );
  expect(byName).toEqual(last);
  const byCode = await database.journal.transact(book, async (unit) => {
    await unit.lockHead();
    return unit.findCoupons({ recordIds: [], codes, membershipTypeIds: [] });
  });
  const named = byCode.map((each) => each.found.record as { readonly id: string });
  expect(new Set(named.map(({ id }) => id))).toEqual(new Set(coupons.codes.keys()));
}
