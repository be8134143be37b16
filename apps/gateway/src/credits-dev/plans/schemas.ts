// The shapes of plans and of the plans of accounts, as JSON Schema.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { nullable, optional, refer } from '../../shapes.ts';
import { accountIds, amount, instant, requestedAmount } from '../shapes.ts';

export const intervals = ['1d', 'day', 'week', 'month'] as const;

const IntervalSchema = Type.Enum([...intervals], { description: '`1d` is `day`.' });
const planId = Type.String({ minLength: 1, maxLength: 255, description: '`plan_…`' });
const id = Type.String({ description: '`plan_` and eleven characters.' });
const isActive = Type.Boolean({ description: 'Marked as active, and not archived.' });
const credits = amount('What each period grants.');

export const PlanSchema = Type.Object(
  {
    id,
    name: Type.String(),
    description: nullable<string>('string', 'As it was sent.'),
    credits,
    price: nullable<unknown>('number', 'As it was sent. It moves no money.'),
    billingPeriod: Type.Enum(['daily', 'weekly', 'monthly']),
    interval: IntervalSchema,
    occurrences: nullable<number>('integer', 'Periods in all; null without end.'),
    accumulate: Type.Boolean({ description: 'Whether what is left stays in the next period.' }),
    isActive,
  },
  { $id: 'DevPlan' },
);

export const NewPlanSchema = Type.Object(
  { id, name: Type.String(), credits, interval: IntervalSchema, isActive },
  { $id: 'DevNewPlan' },
);

export const AccountPlanSchema = Type.Object(
  {
    id: Type.String({ description: '`accountPlan_` and eleven characters.' }),
    accountId: Type.String(),
    planId: Type.String(),
    active: Type.Boolean({ description: 'Whether more grants come.' }),
    startedAt: instant(),
    expiresAt: nullable<string>('string', 'When the last period ends; null without end.'),
    plan: Type.Object({ id, name: nullable<string>('string', 'Of the plan.'), credits }),
  },
  { $id: 'DevAccountPlan' },
);

export const PlanAnswerSchema = Type.Object(
  { success: Type.Literal(true), plan: refer(NewPlanSchema) },
  { $id: 'DevPlanAnswer' },
);

export const PlanListSchema = Type.Object(
  { success: Type.Literal(true), plans: Type.Array(refer(PlanSchema)) },
  { $id: 'DevPlanList' },
);

export const AccountPlanListSchema = Type.Object(
  { success: Type.Literal(true), plans: Type.Array(refer(AccountPlanSchema)) },
  { $id: 'DevAccountPlanList' },
);

export const AssignedSchema = Type.Object(
  { success: Type.Literal(true), accountPlan: refer(AccountPlanSchema) },
  { $id: 'DevPlanAssigned' },
);

/** Every schema that others refer to by name. */
export const planSchemas: readonly TSchema[] = [
  PlanSchema,
  NewPlanSchema,
  AccountPlanSchema,
  PlanAnswerSchema,
  PlanListSchema,
  AccountPlanListSchema,
  AssignedSchema,
];

export const CreateBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  amount: requestedAmount('What each period grants: whole and more than zero.'),
  interval: IntervalSchema,
  occurrences: optional<number>('integer', {
    minimum: 1,
    maximum: 100_000,
    description: 'Periods in all; without end when left out.',
  }),
  accumulate: optional<boolean>('boolean', {
    description: 'Whether what is left stays in the next period; false when left out.',
  }),
  markAsActive: optional<boolean>('boolean', { description: 'True when left out.' }),
  description: optional<string>('string', { maxLength: 1000, description: 'For people.' }),
  price: optional<number>('number', { minimum: 0, description: 'For people: it moves no money.' }),
});

export const ArchiveBody = Type.Object({ planId });

export const AssignBody = Type.Object({
  ...accountIds,
  planId,
  startMode: optional<'immediate' | 'next_period'>('string', {
    enum: ['immediate', 'next_period', null],
    description: 'Whether the first grant comes now, as when left out, or a period later.',
  }),
});
