// The plans of an account: schedules that make its grants.
import type { CallOptions, ScripClient } from '@scrip/client';
import type { Account, Schedule } from '@scrip/contract';
import { Leftover, ScheduleStatus } from '@scrip/contract';
import { FaultError } from '../../faults/fault.ts';
import { known } from '../../known.ts';
import { refOf } from '../act.ts';
import type { Plan } from './plan.ts';
import { periodUnits } from './plan.ts';

/** The source of a plan's grants: tells them from schedules that were made in other ways. */
const planSource = 'credits-dev:plan';
/** An account has fewer active ones, and of those that are over the newest are told. */
const schedulesMax = 1000;

export type Assignment = {
  readonly account: Account;
  readonly plan: Plan;
  readonly startsNextPeriod: boolean;
  readonly idempotencyKey: string;
};

/**
 * Gives an account a plan and ends those that it had before. In this order, so that the same call
 * again, after a failure in between, makes no second schedule and ends none that came later.
 */
export async function assignPlan(
  ledger: ScripClient,
  { account, plan, startsNextPeriod, idempotencyKey }: Assignment,
  call: CallOptions,
): Promise<Schedule> {
  const asked = {
    account: refOf(account),
    amount: plan.amount,
    source: planSource,
    reference: plan.id,
    period: { unit: periodUnits[plan.interval], count: 1 },
    leftover: plan.accumulate ? Leftover.ROLL_OVER : Leftover.LAPSE,
    ...(plan.occurrences === null ? {} : { occurrenceCount: plan.occurrences }),
    startsNextPeriod,
    idempotencyKey,
  };
  if (plan.isArchived) {
    throw new FaultError('RESOURCE_CONFLICT', 'The plan is archived.', {
      metadata: { code: 'plan_archived' },
    });
  }
  const schedule = known((await ledger.createSchedule(asked, call)).schedule);
  for (const { id, status, sequence } of await listSchedules(ledger, account, call)) {
    const isEarlier = status === ScheduleStatus.ACTIVE && sequence < schedule.sequence;
    if (isEarlier) await ledger.endSchedule({ scheduleId: id }, call);
  }
  return schedule;
}

/** The schedules that are plans of the account, newest first. */
export async function listSchedules(
  ledger: ScripClient,
  account: Account,
  call: CallOptions,
): Promise<readonly Schedule[]> {
  const asked = { account: refOf(account), pageSize: schedulesMax };
  const { schedules } = await ledger.listSchedules(asked, call);
  return schedules.filter(({ source }) => source === planSource);
}
