// The part of the suite of journals that is about grants, holds, schedules and the clock.
import {
  assert,
  grantsOf,
  holdOf,
  instantFromMs,
  parseCaptureHold,
  parseCreateAccount,
  parseCreateHold,
  parseCreateSchedule,
  parseEndSchedule,
  parsePostOneSided,
  parseReleaseHold,
  parseReverseTransaction,
  parseVoidGrant,
  postingOf,
  present,
  type Account,
  type AccountId,
  type BookEvent,
  type Command,
  type Hold,
  type Instant,
  type Parsed,
  type Schedule,
  type Sequence,
} from '@scrip/kernel';
import { createEngine, type Book, type FoundTerms, type TermsIds } from '@scrip/engine';
import { expect, it } from 'vitest';
import type { JournalUnderTest } from './journal-under-test.ts';

type Make = () => Promise<JournalUnderTest>;

const hour = 3_600_000;
const nothing: FoundTerms = { grants: [], holds: [], schedules: [], endings: [] };

/** Describes what a journal promises about terms. `make` is called once for each test. */
export function describeTerms(make: Make): void {
  describeLoads(make);
  describeFinds(make);
  describeReplays(make);
  describeClock(make);
}

function describeLoads(make: Make): void {
  it('gives back what is live of an account as its events left it', async () => {
    const { load, post, grant, hold, schedule, submit } = await open(make);
    const bare = await load();
    expect([bare.grants, bare.holds, bare.schedules]).toEqual([[], [], []]);
    const first = await grant('10', { to: 2 });
    const later = await grant('5', { from: 1 });
    const kept = await hold('4');
    await schedule('3');
    await post('debit', '1');
    const account = await load();
    expect(account).toMatchObject({ balance: 12n, held: 4n });
    expect(account.grants).toMatchObject([
      { id: first.id, remaining: 9n, held: 4n, status: 'active', expiresAt: first.expiresAt },
      { ...later, status: 'scheduled' },
      { remaining: 3n, period: 0 },
    ]);
    expect(account.holds).toEqual([kept]);
    expect(account.schedules).toMatchObject([{ status: 'active', issuedCount: 1 }]);
    // Used up, released and ended: nothing is live any more but what comes later.
    await submit(parseReleaseHold({ holdId: kept.id }));
    await submit(parseEndSchedule({ scheduleId: account.schedules[0]?.id ?? '' }));
    await post('debit', '12');
    const after = await load();
    expect([after.grants, after.holds, after.schedules]).toEqual([[later], [], []]);
  });

  it('tells the terms of accounts apart that are loaded together', async () => {
    const { grant, loadAll, createOther } = await open(make);
    const mine = await grant('1');
    const other = await createOther();
    const { accounts } = await loadAll([other, mine.accountId]);
    expect(accounts.find(({ id }) => id === other)?.grants).toEqual([]);
    expect(accounts.find(({ id }) => id === mine.accountId)?.grants).toEqual([mine]);
  });

  it('leaves the accounts behind the one whose terms pass a number, and names them', async () => {
    const { grant, hold, schedule, loadAll, createOther } = await open(make);
    const { accountId } = await grant('9');
    await hold('1');
    await schedule('3');
    const other = await createOther();
    const load = async (ids: readonly AccountId[], termCountMax: number) => {
      const { accounts, leftIds } = await loadAll(ids, termCountMax);
      return [accounts.map(({ id, grants }) => [id, grants.length]), leftIds];
    };
    const [mine, others] = [
      [accountId, 2],
      [other, 0],
    ];
    expect(await load([accountId, other], 4)).toEqual([[mine, others], []]);
    expect(await load([accountId, other], 3)).toEqual([[mine], [other]]);
    expect(await load([other, accountId], 0)).toEqual([[others, mine], []]);
  });
}

function describeFinds(make: Make): void {
  it('finds grants, holds and schedules in any status, and how they ended', async () => {
    const { find, grant, hold, schedule, submit, post } = await open(make);
    const [spent, voided] = [await grant('10'), await grant('2')];
    const [pending, released, captured] = [await hold('1'), await hold('1'), await hold('2')];
    const ended = await schedule('3');
    const endings = [
      await submit(parseVoidGrant({ grantId: voided.id })),
      await submit(parseReleaseHold({ holdId: released.id })),
      await submit(parseCaptureHold({ holdId: captured.id, ...finalCapture('capture') })),
      await submit(parseEndSchedule({ scheduleId: ended.id })),
    ];
    await post('debit', '7');
    const found = await find({
      grantIds: [spent.id, voided.id],
      holdIds: [pending.id, released.id, captured.id],
      scheduleIds: [ended.id],
    });
    expect(sorted(found.grants)).toMatchObject([
      { id: spent.id, amount: 10n, status: 'active' },
      { id: voided.id, status: 'voided', voided: 2n, remaining: 0n },
    ]);
    expect(sorted(found.holds)).toMatchObject([
      { id: pending.id, status: 'pending', remaining: 1n },
      { id: released.id, status: 'released', remaining: 0n },
      { id: captured.id, status: 'captured', captured: 2n },
    ]);
    expect(found.schedules).toMatchObject([{ id: ended.id, status: 'ended' }]);
    const ids = new Set(endings.map(({ sequence }) => sequence));
    const named = found.endings.filter(({ sequence }) => ids.has(sequence));
    expect(sorted(named)).toEqual(sorted(endings));
  });

  it('finds nothing for made-up ids, nor for those of another book or kind', async () => {
    const { book, find, findIn, grant, hold, makeBook } = await open(make);
    const [made, kept] = [await grant('5'), await hold('1')];
    const asked = { grantIds: [made.id], holdIds: [kept.id], scheduleIds: [] };
    expect((await find(asked)).grants).toHaveLength(1);
    expect(await findIn(await makeBook(), asked)).toMatchObject(nothing);
    const { ids } = book;
    const wrongInstant = (made.createdAt + 1) as Instant;
    const found = await find({
      grantIds: [
        ids.grantId(made.sequence, wrongInstant),
        ids.grantId(kept.sequence, kept.createdAt),
      ],
      holdIds: [ids.holdId(made.sequence, made.createdAt), 'hld_x'],
      scheduleIds: [ids.scheduleId(made.sequence, made.createdAt)],
    });
    expect({ ...found, endings: [] }).toEqual(nothing);
  });
}

function describeReplays(make: Make): void {
  it('lets every engine answer an ending again', async () => {
    const { grant, hold, schedule, submit, submitAnew } = await open(make);
    const voided = await grant('5');
    const [released, captured] = [await hold('1'), await hold('2')];
    const ended = await schedule('3');
    const ending: readonly ((n: number) => Parsed<Command>)[] = [
      () => parseVoidGrant({ grantId: voided.id }),
      () => parseReleaseHold({ holdId: released.id }),
      (n) => parseCaptureHold({ holdId: captured.id, ...finalCapture(`capture ${n}`) }),
      () => parseEndSchedule({ scheduleId: ended.id }),
    ];
    for (const command of ending) {
      const event = await submit(command(1));
      expect(await submitAnew(command(2))).toMatchObject({ kind: 'replayed', event });
    }
  });

  it('gives back to a grant that nothing is left of', async () => {
    const { grant, load, post, submitAnew } = await open(make);
    const spent = await grant('5');
    const debit = await post('debit', '5');
    expect((await load()).grants).toEqual([]);
    const transactionId = postingOf(debit)?.transaction.id ?? '';
    expect(await submitAnew(parseReverseTransaction({ transactionId }))).toMatchObject({
      kind: 'accepted',
    });
    expect((await load()).grants).toMatchObject([{ id: spent.id, remaining: 5n }]);
  });
}

function describeClock(make: Make): void {
  it('shows the moved clock from the next lock on, and books what became due', async () => {
    const { journal, book, load, grant, submit, submitAnew } = await open(make);
    const made = await grant('5', { to: 1 });
    const before = await journal.transact(book, (unit) => unit.lockHead());
    const event = await submit({
      kind: 'parsed',
      value: { kind: 'advance_clock', byMs: 2 * hour },
    });
    assert(event.change.kind === 'clock_advanced', 'the clock was moved');
    const head = await journal.transact(book, (unit) => unit.lockHead());
    expect(head.now).toBeGreaterThanOrEqual(event.change.now);
    expect(head.now - before.now).toBeGreaterThanOrEqual(2 * hour);
    expect(head.lastInstant).toBeLessThan(event.change.now);
    const account = { kind: 'id', id: made.accountId } as const;
    const sweep = { kind: 'parsed', value: { kind: 'book_due_moves', account } } as const;
    const booked = await submitAnew(sweep);
    assert('event' in booked, 'something was due');
    expect(booked.event.createdAt).toBeGreaterThanOrEqual(event.change.now);
    expect(booked.event.change).toMatchObject({ kind: 'grant_expired', dueAt: made.expiresAt });
    expect(await submitAnew(sweep)).toMatchObject({ kind: 'unchanged' });
    expect(await load()).toMatchObject({ balance: 0n, grants: [] });
  });
}

async function open(make: Make) {
  const { journal, codec, clock, makeBook } = await make();
  const book = await makeBook();
  const engine = createEngine({ journal, codec, ...present('clock', clock) });
  let keyCount = 0;
  const named = () => ({ reference: 'ref', idempotencyKey: `key ${++keyCount}` });
  const submitTo = (to: typeof engine, command: Parsed<Command>) => {
    assert(command.kind === 'parsed', 'the commands of the suite are well-formed');
    return to.submit(book, command.value);
  };
  const submit = async (command: Parsed<Command>): Promise<BookEvent> => {
    const outcome = await submitTo(engine, command);
    assert('event' in outcome, 'the commands of the suite are accepted');
    return outcome.event;
  };
  const created = await submit(parseCreateAccount({ customerId: 'c' }));
  const account = { kind: 'id', id: accountIdOf(created) } as const;
  const at = (hours: number | undefined) =>
    hours === undefined ? undefined : instantFromMs(created.createdAt + hours * hour);
  const loadAll = (ids: readonly AccountId[], termCountMax?: number) =>
    journal.transact(book, async (unit) => {
      await unit.lockHead();
      return unit.loadAccounts(ids, termCountMax);
    });
  const findIn = (where: Book, ids: TermsIds) =>
    journal.transact(where, async (unit) => {
      await unit.lockHead();
      return unit.findTerms(ids);
    });
  return {
    journal,
    book,
    makeBook,
    submit,
    loadAll,
    findIn,
    find: (ids: TermsIds) => findIn(book, ids),
    /** By an engine that remembers nothing. */
    submitAnew: (command: Parsed<Command>) => submitTo(createEngine({ journal, codec }), command),
    load: async (): Promise<Account> => only((await loadAll([account.id])).accounts),
    createOther: async () => accountIdOf(await submit(parseCreateAccount({ customerId: 'd' }))),
    post: (side: 'credit' | 'debit', amount: string) =>
      submit(parsePostOneSided(side, { account, amount, ...named() })),
    grant: async (amount: string, { from, to }: { from?: number; to?: number } = {}) => {
      const terms = { category: 'paid', effectiveAt: at(from), expiresAt: at(to) } as const;
      const command = parsePostOneSided('credit', { account, amount, ...named(), terms });
      return only(grantsOf(await submit(command)));
    },
    hold: async (amount: string): Promise<Hold> => {
      const hold = holdOf(await submit(parseCreateHold({ account, amount, ...named() })));
      assert(hold !== undefined, 'a hold was made');
      return hold;
    },
    schedule: async (amount: string): Promise<Schedule> => {
      const command = parseCreateSchedule({ account, amount, ...named(), ...daily });
      const made = (await submit(command)).change;
      assert('schedule' in made, 'a schedule was made');
      return made.schedule;
    },
  };
}

const daily = {
  category: 'promotional',
  period: { unit: 'day', count: 1 },
  leftover: 'roll_over',
} as const;

function accountIdOf({ change }: BookEvent): AccountId {
  assert(change.kind === 'account_created', 'the event made an account');
  return change.account.id;
}

function only<T>([thing]: readonly T[]): T {
  assert(thing !== undefined, 'there is one');
  return thing;
}

function finalCapture(idempotencyKey: string) {
  return { final: true, allowExcess: false, idempotencyKey };
}

function sorted<T extends { readonly sequence: Sequence }>(things: readonly T[]): readonly T[] {
  return things.toSorted((a, b) => a.sequence - b.sequence);
}
