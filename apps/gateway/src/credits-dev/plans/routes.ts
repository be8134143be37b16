// The calls about plans, and about the plans of accounts.
import { ScripError } from '@scrip/client';
import type { App } from '../../app.ts';
import type { FacadeTools } from '../../facade.ts';
import { known } from '../../known.ts';
import { ledgerCall } from '../../ledger-call.ts';
import { refer } from '../../shapes.ts';
import { findAccount } from '../accounts/find-account.ts';
import { keyOf, refOf } from '../act.ts';
import { toPlanAccountId } from '../ids.ts';
import { AccountQuery, errors, IdempotencyHeaders } from '../shapes.ts';
import { assignPlan, listSchedules } from './account-plan.ts';
import { findPlan, listPlans, planOf, planRequest } from './plan.ts';
import { presentAccountPlan, presentNewPlan, presentPlan } from './present.ts';
import * as schemas from './schemas.ts';

const tags = ['Plans'];
const headers = IdempotencyHeaders;

export function addPlanRoutes(app: App, tools: FacadeTools): void {
  addReadRoutes(app, tools);
  addCreateRoute(app, tools);
  addArchiveRoute(app, tools);
  addAssignRoute(app, tools);
}

function addReadRoutes(app: App, { ledger }: FacadeTools): void {
  const all = { 200: refer(schemas.PlanListSchema), ...errors };
  app.get(
    '/plans',
    { schema: { tags, summary: 'List', response: all } },
    async (request, reply) => {
      const plans = await listPlans(ledger, ledgerCall(request, reply));
      return { success: true as const, plans: plans.map(presentPlan) };
    },
  );

  const own = { 200: refer(schemas.AccountPlanListSchema), ...errors };
  app.get(
    '/accounts/plans',
    { schema: { tags, summary: 'List of an account', querystring: AccountQuery, response: own } },
    async (request, reply) => {
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, request.query, call);
      const schedules = await listSchedules(ledger, account, call);
      const plans = schedules.length === 0 ? [] : await listPlans(ledger, call);
      const plansById = new Map(plans.map((plan) => [plan.id, plan]));
      return {
        success: true as const,
        plans: schedules.map((each) => presentAccountPlan(each, plansById.get(each.reference))),
      };
    },
  );
}

function addCreateRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.PlanAnswerSchema), ...errors };
  app.post(
    '/plans/create',
    { schema: { tags, summary: 'Create', headers, body: schemas.CreateBody, response } },
    async (request, reply) => {
      const asked = planRequest(request.body, keyOf(request.headers));
      const { account } = await ledger.createAccount(asked, ledgerCall(request, reply));
      const plan = known(planOf(known(account)));
      return { success: true as const, plan: presentNewPlan(plan) };
    },
  );
}

function addArchiveRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.PlanAnswerSchema), ...errors };
  app.post(
    '/plans/archive',
    { schema: { tags, summary: 'Archive', headers, body: schemas.ArchiveBody, response } },
    async (request, reply) => {
      const call = ledgerCall(request, reply);
      const plan = await findPlan(ledger, request.body.planId, call);
      const key = request.headers['idempotency-key'];
      const account = refOf({ id: toPlanAccountId(plan.id) });
      const asked = { account, ...(key === undefined ? {} : { idempotencyKey: key }) };
      try {
        await ledger.closeAccount(asked, call);
      } catch (error) {
        // A plan is archived once; asking again changes nothing.
        const isDone = error instanceof ScripError && error.reason === 'ACCOUNT_ALREADY_CLOSED';
        if (!isDone) throw error;
      }
      const archived = { ...plan, isActive: false, isArchived: true };
      return { success: true as const, plan: presentNewPlan(archived) };
    },
  );
}

function addAssignRoute(app: App, { ledger }: FacadeTools): void {
  const response = { 200: refer(schemas.AssignedSchema), ...errors };
  app.post(
    '/accounts/plans/assign',
    { schema: { tags, summary: 'Assign', headers, body: schemas.AssignBody, response } },
    async (request, reply) => {
      const { body } = request;
      const call = ledgerCall(request, reply);
      const account = await findAccount(ledger, body, call);
      const plan = await findPlan(ledger, body.planId, call);
      const asked = {
        account,
        plan,
        startsNextPeriod: body.startMode === 'next_period',
        idempotencyKey: keyOf(request.headers),
      };
      const schedule = await assignPlan(ledger, asked, call);
      return { success: true as const, accountPlan: presentAccountPlan(schedule, plan) };
    },
  );
}
