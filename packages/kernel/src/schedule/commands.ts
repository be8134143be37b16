// Commands on schedules, and how they are made from unchecked input.
import type { AccountRef } from '../account/account.ts';
import { parseAccountRef } from '../account/commands.ts';
import { parseTerms } from '../grant/commands.ts';
import type { GrantCategory } from '../grant/grant.ts';
import { parseReference } from '../transaction/commands.ts';
import { parseAmount, type DecimalText } from '../value/amount.ts';
import { parseIdempotencyKey, parseOptionalIdempotencyKey } from '../value/idempotency-key.ts';
import type { Instant } from '../value/instant.ts';
import { parseCommand, parseFields, parseOptionalWhole } from '../value/parse-fields.ts';
import { present } from '../value/present.ts';
import { parsed, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';
import type { Period } from './calendar.ts';
import type { Leftover } from './schedule.ts';

/** Periods that one unit of a schedule may span. */
const periodCountRule = { field: 'period.count', min: 1, max: 100 };
/** Grants that a schedule may be made for; more are as good as without end. */
const occurrenceCountRule = { field: 'occurrence_count', min: 1, max: 100_000 };

/** Makes a schedule. */
export interface CreateSchedule {
  readonly kind: 'create_schedule';
  readonly account: AccountRef;
  readonly amount: DecimalText;
  readonly priority: number;
  readonly category: GrantCategory;
  readonly source?: string;
  /** Absent: now. */
  readonly anchor?: Instant;
  /** The anchor lies one period later. */
  readonly startsNextPeriod?: true;
  readonly period: Period;
  readonly leftover: Leftover;
  readonly cap?: DecimalText;
  readonly occurrenceCount?: number;
  readonly reference: string;
  readonly idempotencyKey: string;
}

/** Ends a schedule: no more grants. */
export interface EndSchedule {
  readonly kind: 'end_schedule';
  /** As it was given; whether it exists is the decision's business. */
  readonly scheduleId: string;
  readonly idempotencyKey?: string;
}

/** A request for a schedule, as it came in. */
export interface UncheckedCreateSchedule {
  readonly account: AccountRef;
  readonly amount: string;
  readonly priority?: number | undefined;
  readonly category: GrantCategory;
  readonly source?: string | undefined;
  readonly anchor?: Instant | undefined;
  readonly startsNextPeriod?: boolean | undefined;
  readonly period: Period;
  readonly leftover: Leftover;
  readonly cap?: string | undefined;
  readonly occurrenceCount?: number | undefined;
  readonly reference: string;
  readonly idempotencyKey: string;
}

/** Checks a request for a schedule. Refuses with the field named. */
export function parseCreateSchedule(unchecked: UncheckedCreateSchedule): Parsed<CreateSchedule> {
  const { cap, priority, category, source, anchor, startsNextPeriod } = unchecked;
  const fields = parseFields({
    account: parseAccountRef(unchecked.account),
    amount: parseAmount(unchecked.amount, { field: 'amount' }),
    cap: cap === undefined ? parsed(undefined) : parseAmount(cap, { field: 'cap' }),
    terms: parseTerms({ priority, category, source }),
    reference: parseReference(unchecked.reference),
    idempotencyKey: parseIdempotencyKey(unchecked.idempotencyKey),
    period: parsePeriod(unchecked.period),
    occurrenceCount: parseOptionalWhole(unchecked.occurrenceCount, occurrenceCountRule),
  });
  if (fields.kind === 'refused') return fields;
  const { terms, ...rest } = fields.value;
  return parsed({
    kind: 'create_schedule',
    ...rest,
    ...terms,
    leftover: unchecked.leftover,
    ...present('anchor', anchor),
    ...present('startsNextPeriod', startsNextPeriod || undefined),
  });
}

/** Checks the end of a schedule. */
export function parseEndSchedule(unchecked: {
  readonly scheduleId: string;
  readonly idempotencyKey?: string | undefined;
}): Parsed<EndSchedule> {
  return parseCommand('end_schedule', {
    scheduleId: parseText(unchecked.scheduleId, { field: 'schedule_id', lengthMax: 255 }),
    idempotencyKey: parseOptionalIdempotencyKey(unchecked.idempotencyKey),
  });
}

function parsePeriod(unchecked: Period): Parsed<Period> {
  const count = parseOptionalWhole(unchecked.count, periodCountRule);
  return count.kind === 'refused' ? count : parsed(unchecked);
}
