// Plans. The ledger has no such thing and the gateway keeps nothing, so a plan is an account of a
// customer that stands for the plans: open while the plan can be assigned, closed once it is
// archived. No credits are ever on it.
import { createHash } from 'node:crypto';
import type { CallOptions, ScripClient } from '@scrip/client';
import type { Account } from '@scrip/contract';
import { AccountStatus, PeriodUnit } from '@scrip/contract';
import type { Static } from 'typebox';
import { FaultError } from '../../faults/fault.ts';
import { known } from '../../known.ts';
import { refOf, unlessUnknown } from '../act.ts';
import { readAmount } from '../amounts.ts';
import { toPlanAccountId, toPlanId } from '../ids.ts';
import { refuseUnkeepable } from '../metadata.ts';
import type { CreateBody } from './schemas.ts';
import { intervals } from './schemas.ts';

/** The customer whose accounts are the plans. */
const plansCustomerId = 'credits-dev:plans';
const namePrefix = 'plan ';
const pageSize = 1000;

export type Interval = (typeof intervals)[number];

export type Plan = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Whole, as digits. */
  readonly amount: string;
  readonly price: number | null;
  readonly interval: Interval;
  readonly occurrences: number | null;
  readonly accumulate: boolean;
  readonly isActive: boolean;
  readonly isArchived: boolean;
};

export const periodUnits: Readonly<Record<Interval, PeriodUnit>> = {
  '1d': PeriodUnit.DAY,
  day: PeriodUnit.DAY,
  week: PeriodUnit.WEEK,
  month: PeriodUnit.MONTH,
};

/** The account that will be the plan. The same key and body is the same plan. */
export function planRequest(body: Static<typeof CreateBody>, idempotencyKey: string) {
  const { name, interval, occurrences, accumulate, markAsActive, description, price } = body;
  refuseUnkeepable('description', description);
  const digest = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  return {
    customerId: plansCustomerId,
    // Names are unique among a customer's accounts; that of a plan is in its display name.
    name: `${namePrefix}${digest}`,
    displayName: name,
    idempotencyKey,
    metadata: {
      amount: readAmount(body.amount, { field: 'amount' }),
      interval,
      occurrences: occurrences ?? null,
      accumulate: accumulate ?? false,
      markAsActive: markAsActive ?? true,
      description: description ?? null,
      price: price ?? null,
    },
  };
}

/** Whether an account is a plan. */
export function isPlan({ customerId, name }: Account): boolean {
  return customerId === plansCustomerId && name.startsWith(namePrefix);
}

/** The plan that an account is; nothing for an account that is none. */
export function planOf(account: Account): Plan | undefined {
  const { id, displayName, metadata, status } = account;
  if (!isPlan(account)) return undefined;
  const { amount, interval, occurrences, accumulate, markAsActive } = metadata ?? {};
  const { description, price } = metadata ?? {};
  if (typeof amount !== 'string' || !isInterval(interval)) return undefined;
  const isArchived = status === AccountStatus.CLOSED;
  return {
    id: toPlanId(id),
    name: displayName ?? '',
    description: typeof description === 'string' ? description : null,
    amount,
    price: typeof price === 'number' ? price : null,
    interval,
    occurrences: typeof occurrences === 'number' ? occurrences : null,
    accumulate: accumulate === true,
    isActive: markAsActive === true && !isArchived,
    isArchived,
  };
}

/** Finds a plan, archived or not. */
export async function findPlan(
  ledger: ScripClient,
  planId: string,
  call: CallOptions,
): Promise<Plan> {
  const asking = ledger.getAccount({ account: refOf({ id: toPlanAccountId(planId) }) }, call);
  const answer = await unlessUnknown(asking, 'ACCOUNT_NOT_FOUND');
  const plan = answer && planOf(known(answer.account));
  if (plan !== undefined) return plan;
  throw new FaultError('RESOURCE_NOT_FOUND', `There is no plan ${planId}.`, {
    metadata: { code: 'plan_not_found' },
  });
}

/** All plans, newest first, archived ones included. */
export async function listPlans(ledger: ScripClient, call: CallOptions): Promise<readonly Plan[]> {
  const asked = { customerId: plansCustomerId, pageSize };
  const accounts: Account[] = [];
  let page = await ledger.listAccounts(asked, call);
  accounts.push(...page.accounts);
  while (page.hasMore) {
    const cursor = { case: 'startingAfter' as const, value: known(accounts.at(-1)).id };
    page = await ledger.listAccounts({ ...asked, cursor }, call);
    accounts.push(...page.accounts);
  }
  return accounts.flatMap((account) => planOf(account) ?? []);
}

function isInterval(value: unknown): value is Interval {
  return intervals.includes(value as Interval);
}
