// The shapes of grants, holds and schedules in the feed, as JSON Schema.
import { Type } from 'typebox';
import { instant, text } from '../shapes.ts';
import { optional, optionalInstant } from './shapes.ts';

const unit = {
  unit_label: text('What is counted.'),
  unit_scale: Type.Integer({ description: 'Fraction digits of the unit.' }),
};

export const AllocationsSchema = Type.Optional(
  Type.Array(
    Type.Object({
      grant_id: optional('The grant. Absent for the pool, which has no terms.'),
      amount: text('A positive decimal.'),
    }),
    { description: 'The parts that grants gave, or got, in order.' },
  ),
);

export const GrantSchema = Type.Object({
  id: text('`grt_` and eleven characters.'),
  account_id: text('Whose credits these are.'),
  status: text('`scheduled`, `active`, `expired` or `voided`.'),
  priority: Type.Integer({ description: '0 to 100; lower is taken first.' }),
  category: text('`paid` or `promotional`.'),
  ...unit,
  amount: text('What was granted.'),
  remaining: text('What is left, holds included.'),
  held: text('The part of it that holds keep.'),
  expired: text('What expiry took.'),
  voided: text('What was taken back.'),
  source: optional('Where the credits come from. Not with an access token.'),
  schedule_id: optional('The schedule that made it. Not with an access token.'),
  period: Type.Optional(Type.Integer({ description: 'The schedule’s period, 0 for the first.' })),
  effective_at: optionalInstant('When the credits count from.'),
  expires_at: optionalInstant('The first instant at which they cannot be taken any more.'),
  created_at: instant('When it was made.'),
});

export const HoldSchema = Type.Object({
  id: text('`hld_` and eleven characters.'),
  account_id: text('Whose credits are kept aside.'),
  status: text('`pending`, `captured`, `released` or `expired`.'),
  reference: optional('The caller’s link to a thing of theirs. Not with an access token.'),
  ...unit,
  amount: text('What was kept aside at first.'),
  remaining: text('What still is.'),
  captured: text('What captures took.'),
  allocations: AllocationsSchema,
  expires_at: optionalInstant('The first instant at which nothing is kept any more.'),
  created_at: instant('When it was made.'),
  metadata: Type.Optional(
    Type.Unsafe<unknown>({ type: 'object', description: 'Not with an access token.' }),
  ),
});

export const ScheduleSchema = Type.Object({
  id: text('`sch_` and eleven characters.'),
  account_id: text('Who gets the grants.'),
  status: text('`active` or `ended`.'),
  reference: optional('Of the transactions. Not with an access token.'),
  source: optional('Of the grants. Not with an access token.'),
  priority: Type.Integer({ description: 'Of the grants.' }),
  category: text('Of the grants.'),
  ...unit,
  amount: text('Of each grant.'),
  cap: optional('The most that its grants may have left together.'),
  period_unit: text('`day`, `week`, `month`, `quarter` or `year`.'),
  period_count: Type.Integer({ description: 'So many of them are a period.' }),
  leftover: text('`roll_over` or `lapse`: what becomes of credits when the next period begins.'),
  issued_count: Type.Integer({ description: 'Periods that have begun.' }),
  occurrence_count: Type.Optional(Type.Integer({ description: 'Periods in all.' })),
  anchor: optionalInstant('When the first period begins.'),
  next_issue_at: optionalInstant('When the next one does.'),
  created_at: instant('When it was made.'),
});
