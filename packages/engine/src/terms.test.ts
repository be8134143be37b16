// Grants, holds and schedules through the engine: undone whole, answered again, never in doubt.
import {
  assert,
  instantFromMs,
  parseCaptureHold,
  parseCreateAccount,
  parseCreateHold,
  parseCreateSchedule,
  parseEndSchedule,
  parsePostOneSided,
  parseReleaseHold,
  parseVoidGrant,
  type BookEvent,
  type Command,
  type Parsed,
} from '@scrip/kernel';
import { createMemoryBook, createMemoryJournal, jsonEventCodec } from '@scrip/testkit';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.ts';
import type { BatchMode } from './outcome.ts';
import type { UnitOfWork } from './port/journal.ts';

describe('an atomic batch that is refused', () => {
  it('leaves nothing of its holds, grants and schedules, also to those in its flush', async () => {
    const { account, submit, post, stored, journal } = await open('10');
    const grant = eventOf(await submit(credit(account, '5', { source: 'kept' }))).change;
    assert(grant.kind === 'transaction_posted', 'the grant is active');
    const before = [...stored().grants.values()];
    const next = stored().sequence + 1;
    const { ids } = createMemoryBook();
    const instant = stored().lastInstant;
    const countBefore = journal.transactionCount;
    const [, release, end, voidance] = await Promise.all([
      post('atomic', [
        hold(account, '12'),
        schedule(account, '1'),
        credit(account, '3', { source: 'fallen' }),
        debit(account, '99'),
      ]),
      submit(parseReleaseHold({ holdId: ids.holdId(next as never, instant) })),
      submit(parseEndSchedule({ scheduleId: ids.scheduleId((next + 1) as never, instant) })),
      submit(parseVoidGrant({ grantId: ids.grantId((next + 3) as never, instant) })),
    ]);
    // A flush that finds a bug is tried in halves: this one was not.
    expect(journal.transactionCount - countBefore).toBe(1);
    expect(release).toMatchObject({ refusal: { reason: 'HOLD_NOT_FOUND' } });
    expect(end).toMatchObject({ refusal: { reason: 'SCHEDULE_NOT_FOUND' } });
    expect(voidance).toMatchObject({ refusal: { reason: 'GRANT_NOT_FOUND' } });
    expect([...stored().grants.values()]).toEqual(before);
    expect(stored().holds.size + stored().schedules.size).toBe(0);
    expect(stored().accounts.get(account)).toMatchObject({ balance: 15n, held: 0n });
  });

  it('leaves what was due to whoever comes next', async () => {
    const { account, submit, post, stored, journal } = await open('10');
    await submit(hold(account, '4'));
    journal.now = instantFromMs(journal.now + 3_600_000);
    const refused = await post('atomic', [debit(account, '8'), debit(account, '8')]);
    expect(refused).toMatchObject([{ kind: 'not_applied' }, { kind: 'refused' }]);
    expect(stored().events).toHaveLength(2);
    await submit(debit(account, '10'));
    expect(stored().events.map(({ event }) => event.change.kind)).toEqual([
      'account_created',
      'hold_created',
      'hold_expired',
      'transaction_posted',
    ]);
  });
});

describe('what ends once', () => {
  it.each(['one engine', 'another engine'])('is answered again by %s', async (which) => {
    const { account, submit, stored, restart } = await open('10');
    const first = holdIdOf(await submit(hold(account, '4')));
    const second = holdIdOf(await submit(hold(account, '3')));
    const plan = await submit(schedule(account, '1'));
    const { change } = eventOf(plan);
    assert(change.kind === 'schedule_created', 'the schedule was made');
    const [grant] = stored().grants.values();
    const endings = [
      () => parseReleaseHold({ holdId: first }),
      () => capture(second, '2'),
      () => parseVoidGrant({ grantId: grant?.id ?? '' }),
      () => parseEndSchedule({ scheduleId: change.schedule.id }),
    ];
    for (const ending of endings) {
      const answer = await submit(ending());
      expect(answer.kind).toBe('accepted');
      if (which === 'another engine') restart();
      const again = await submit(ending());
      expect(again).toEqual({ ...answer, kind: 'replayed' });
    }
    expect(await submit(capture(first, '4'))).toMatchObject({
      refusal: { reason: 'HOLD_NOT_ACTIVE', metadata: { status: 'released' } },
    });
    expect(stored().accounts.get(account)).toMatchObject({ balance: 8n, held: 0n });
  });

  it('is done once when its commit is in doubt', async () => {
    const { account, submit, stored, journal } = await open('10');
    const holdId = holdIdOf(await submit(hold(account, '4')));
    journal.faults.push('commit_done_answer_lost', 'before_lock');
    expect(await submit(capture(holdId, '3', false))).toMatchObject({ kind: 'accepted' });
    expect(stored().accounts.get(account)).toMatchObject({ balance: 7n, held: 1n });
    journal.faults.push('commit_lost');
    expect(await submit(parseReleaseHold({ holdId }))).toMatchObject({ kind: 'accepted' });
    expect(stored().accounts.get(account)).toMatchObject({ balance: 7n, held: 0n });
    expect(stored().events).toHaveLength(4);
  });
});

describe('the clock of a book', () => {
  it('moves between two flushes, so that all of one has one instant', async () => {
    const { account, submit, stored } = await open('10');
    const before = stored().lastInstant;
    const advance = { kind: 'parsed', value: { kind: 'advance_clock', byMs: 3_600_000 } } as const;
    await Promise.all([
      submit(hold(account, '10')),
      submit(debit(account, '1')),
      submit(advance),
      submit(debit(account, '2')),
      submit(advance),
      submit(debit(account, '3')),
    ]);
    const told = stored().events.slice(1);
    expect(told.map(({ event }) => [event.change.kind, event.createdAt - before])).toEqual([
      ['hold_created', 0],
      ['clock_advanced', 0],
      ['hold_expired', 3_600_000],
      ['transaction_posted', 3_600_000],
      ['clock_advanced', 3_600_000],
      ['transaction_posted', 7_200_000],
    ]);
    expect(stored().seals.size).toBe(4);
  });
});

describe('the memory of an engine', () => {
  it('has the grants and holds of its accounts, however many', async () => {
    const { account, submit, post, loads, stored } = await open('1000');
    const holds = Array.from({ length: 500 }, () => hold(account, '1'));
    await post('independent', holds);
    await submit(hold(account, '1'));
    await submit(debit(account, '1'));
    expect(loads.count).toBe(0);
    expect(stored().accounts.get(account)).toMatchObject({ balance: 999n, held: 501n });
  });
});

async function open(initialBalance: string) {
  const memory = createMemoryJournal();
  const loads = { count: 0 };
  const transact: typeof memory.transact = (book, work) =>
    memory.transact(book, (unit) => {
      const loadAccounts: UnitOfWork['loadAccounts'] = (ids, termCountMax) => {
        loads.count++;
        return unit.loadAccounts(ids, termCountMax);
      };
      return work({ ...unit, loadAccounts });
    });
  const book = createMemoryBook();
  const make = () => createEngine({ journal: { transact }, codec: jsonEventCodec });
  let engine = make();
  const submit = (command: Parsed<Command>) => engine.submit(book, valueOf(command));
  await submit(parseCreateAccount({ customerId: 'c', initialBalance }));
  const stored = () => memory.stored(book);
  const [account] = stored().accounts.keys();
  assert(account !== undefined, 'the account was made');
  return {
    account,
    journal: memory,
    submit,
    stored,
    loads,
    post: (mode: BatchMode, commands: readonly Parsed<Command>[]) =>
      engine.submitBatch(book, { mode, commands: commands.map(valueOf) }),
    restart: () => {
      engine = make();
    },
  };
}

let keyCount = 0;

function named() {
  const idempotencyKey = `key ${++keyCount}`;
  return { reference: 'ref', idempotencyKey };
}

function byId(id: string) {
  return { account: { kind: 'id', id } as const };
}

function hold(id: string, amount: string): Parsed<Command> {
  return parseCreateHold({ ...byId(id), amount, ...named() });
}

function capture(holdId: string, amount: string, final = true): Parsed<Command> {
  return parseCaptureHold({ holdId, amount, final, allowExcess: false, ...named() });
}

function debit(id: string, amount: string): Parsed<Command> {
  return parsePostOneSided('debit', { ...byId(id), amount, ...named() });
}

function credit(id: string, amount: string, more: { readonly source: string }): Parsed<Command> {
  const terms = { category: 'paid', ...more } as const;
  return parsePostOneSided('credit', { ...byId(id), amount, ...named(), terms });
}

function schedule(id: string, amount: string): Parsed<Command> {
  const period = { unit: 'month', count: 1 } as const;
  const terms = { category: 'paid', leftover: 'lapse' } as const;
  return parseCreateSchedule({ ...byId(id), amount, period, ...terms, ...named() });
}

function valueOf(command: Parsed<Command>): Command {
  assert(command.kind === 'parsed', 'the command is well-formed');
  return command.value;
}

function eventOf(outcome: object) {
  assert('event' in outcome, 'the command was accepted');
  return outcome.event as BookEvent;
}

function holdIdOf(outcome: object): string {
  const { change } = eventOf(outcome);
  assert(change.kind === 'hold_created', 'the hold was made');
  return change.hold.id;
}
