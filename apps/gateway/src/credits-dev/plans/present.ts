// Plans and the plans of accounts as this API shows them.
import type { Schedule } from '@scrip/contract';
import { ScheduleStatus } from '@scrip/contract';
import type { Static } from 'typebox';
import { isoSeconds } from '../../instants.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { toAccountPlanId, toShownAccountId } from '../ids.ts';
import { endOf } from './period-end.ts';
import type { Interval, Plan } from './plan.ts';
import type { AccountPlanSchema, NewPlanSchema, PlanSchema } from './schemas.ts';

const billingPeriods: Readonly<Record<Interval, Static<typeof PlanSchema>['billingPeriod']>> = {
  '1d': 'daily',
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
};

export function presentPlan(plan: Plan): Static<typeof PlanSchema> {
  return {
    id: plan.id,
    name: plan.name,
    description: plan.description,
    credits: exactNumber(plan.amount),
    price: plan.price,
    billingPeriod: billingPeriods[plan.interval],
    interval: plan.interval,
    occurrences: plan.occurrences,
    accumulate: plan.accumulate,
    isActive: plan.isActive,
  };
}

/** As the answer to its making shows it. */
export function presentNewPlan(plan: Plan): Static<typeof NewPlanSchema> {
  const { id, name, amount, interval, isActive } = plan;
  return { id, name, credits: exactNumber(amount), interval, isActive };
}

/** A plan of an account. Its plan is named by the schedule's reference. */
export function presentAccountPlan(
  schedule: Schedule,
  plan: Plan | undefined,
): Static<typeof AccountPlanSchema> {
  const end = endOf(schedule);
  const { reference: planId } = schedule;
  return {
    id: toAccountPlanId(schedule.id),
    accountId: toShownAccountId(schedule.accountId),
    planId,
    active: schedule.status === ScheduleStatus.ACTIVE,
    startedAt: isoSeconds(schedule.anchor),
    expiresAt: end === undefined ? null : isoSeconds(end),
    plan: { id: planId, name: plan?.name ?? null, credits: exactNumber(schedule.amount) },
  };
}
