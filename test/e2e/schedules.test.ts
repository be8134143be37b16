// Schedules over a year that passes at once: one grant for each period, whoever books it.

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Leftover, PeriodUnit, ScheduleStatus, type Event, type Schedule } from '@scrip/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  byName,
  instantOf,
  moveClockTo,
  named,
  recordAccount,
  startTermsWorld,
  there,
  type TermsServer,
  type TermsWorld,
} from './terms-world.ts';

const minute = 60_000;
const day = 86_400_000;
const monthly = { period: { unit: PeriodUnit.MONTH, count: 1 } };

let world: TermsWorld;
let one: TermsServer;
let two: TermsServer;
/** A 31 January to come, in UTC, and its year. */
let anchor: number;
let year: number;

beforeAll(async () => {
  // Both sweep, and book what is due.
  world = await startTermsWorld(2);
  one = world.servers[0];
  two = world.servers[1] ?? one;
  const now = await moveClockTo(one, 0);
  year = new Date(now + 2 * day).getUTCFullYear() + 1;
  anchor = Date.UTC(year, 0, 31);
  await moveClockTo(one, anchor - minute);
});

afterAll(() => world?.stop());

it('makes exactly twelve grants in a year, each on the last day of its month', async () => {
  const rolling = await schedule('rolling', { leftover: Leftover.ROLL_OVER });
  const lapsing = await schedule('lapsing', { leftover: Leftover.LAPSE });
  const capped = await schedule('capped', { leftover: Leftover.ROLL_OVER, cap: '25' });
  const records = ['rolling', 'lapsing', 'capped'].map((name) => recordAccount(two.ledger, name));
  await moveClockTo(one, anchor - minute + 365 * day);
  const [rolled, lapsed] = records;
  await expect.poll(() => periodsOf(rolled?.events)).toHaveLength(12);
  const lastDays = Array.from({ length: 12 }, (_, month) => Date.UTC(year, month + 1, 0));
  expect(periodsOf(rolled?.events)).toEqual(lastDays);
  await expect.poll(() => periodsOf(lapsed?.events)).toEqual(lastDays);
  // What is left expires at the instant at which the next period begins.
  await expect.poll(() => kindsOf(lapsed?.events, 'grantExpired')).toHaveLength(11);
  expect(await balanceOf('rolling')).toBe('120');
  expect(await balanceOf('lapsing')).toBe('10');
  expect(await balanceOf('capped')).toBe('25');
  for (const { id } of [rolling, lapsing, capped]) {
    const { schedule: now } = await two.ledger.getSchedule({ scheduleId: id });
    expect(now).toMatchObject({ issuedCount: 12, status: ScheduleStatus.ACTIVE });
    expect(now?.nextIssueAt && timestampMs(now.nextIssueAt)).toBe(Date.UTC(year + 1, 0, 31));
  }
  const { grants } = await one.ledger.listGrants(byName('rolling'));
  expect(grants.map(({ period }) => period)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(new Set(grants.map(({ scheduleId }) => scheduleId))).toEqual(new Set([rolling.id]));
  await Promise.all(records.map((record) => record.end()));
});

it('is judged as done at once, before anybody books it', async () => {
  const { id } = await schedule('at once', { leftover: Leftover.LAPSE, from: anchor + 400 * day });
  await moveClockTo(two, anchor + 401 * day);
  // No wait for a sweeper: the grant is there for whoever reads or writes now.
  const debit = { ...byName('at once'), amount: '10', ...named() };
  const { transaction } = await one.ledger.debit(debit);
  expect(transaction?.entries).toMatchObject([{ amount: '10', balanceAfter: '0' }]);
  const { schedule: now } = await two.ledger.getSchedule({ scheduleId: id });
  expect(now?.issuedCount).toBe(1);
});

it('makes no more once it is ended, and as many as were asked for', async () => {
  const ended = await schedule('ended', { from: anchor + 500 * day });
  await schedule('thrice', { from: anchor + 500 * day, occurrenceCount: 3 });
  await moveClockTo(one, anchor + 501 * day);
  await two.ledger.endSchedule({ scheduleId: ended.id });
  await moveClockTo(two, anchor + 900 * day);
  expect(await balanceOf('ended')).toBe('10');
  expect(await balanceOf('thrice')).toBe('30');
  const { schedules } = await one.ledger.listSchedules(byName('thrice'));
  expect(schedules).toMatchObject([{ status: ScheduleStatus.ENDED, issuedCount: 3 }]);
});

it('goes on after a stop, and leaves out no period', async () => {
  const from = anchor + 1_000 * day;
  const { id } = await schedule('stopped', { from });
  const record = recordAccount(one.ledger, 'stopped');
  await moveClockTo(one, from + 100 * day);
  await Promise.all(world.servers.map(({ scrip }) => scrip.kill('SIGKILL')));
  await Promise.all(world.servers.map(({ scrip }) => scrip.restart()));
  await moveClockTo(two, from + 200 * day);
  await expect.poll(() => periodsOf(record.events).length).toBe(7);
  const { schedule: now } = await one.ledger.getSchedule({ scheduleId: id });
  expect(now?.issuedCount).toBe(7);
  const periods = periodsOf(record.events);
  expect(new Set(periods).size).toBe(7);
  expect(periods).toEqual(periods.toSorted((a, b) => a - b));
  await record.end();
});

it('leaves a book that is intact', async () => {
  const { exitCode, stdout } = await world.verify();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('intact');
});

async function schedule(
  name: string,
  more: {
    readonly leftover?: Leftover;
    readonly cap?: string;
    readonly occurrenceCount?: number;
    readonly from?: number;
  },
): Promise<Schedule> {
  const { from = anchor, ...terms } = more;
  await one.ledger.createAccount({ customerId: name, externalId: name });
  const request = { ...byName(name), amount: '10', anchor: instantOf(from), ...monthly };
  const answer = await one.ledger.createSchedule({ ...request, ...terms, ...named(name) });
  return there(answer.schedule);
}

async function balanceOf(name: string): Promise<string | undefined> {
  return (await two.ledger.getBalance(byName(name))).balance?.balance;
}

function kindsOf(events: readonly Event[] = [], kind: string): readonly Event[] {
  return events.filter(({ change }) => change.case === kind);
}

/** When periods began, as their grants were told. */
function periodsOf(events: readonly Event[] = []): readonly number[] {
  return events.flatMap(({ change }) =>
    change.case === 'grantIssued' && change.value.dueAt ? [timestampMs(change.value.dueAt)] : [],
  );
}
