// Commands on schedules, and how they are made from unchecked input.
import type { AccountRef } from '../account/account.ts';
import { parseAccountRef, parseIdempotencyKey } from '../account/commands.ts';
import { parseTerms } from '../grant/commands.ts';
import type { GrantCategory } from '../grant/grant.ts';
import { parseReference } from '../transaction/commands.ts';
import { parseAmount, type DecimalText } from '../value/amount.ts';
import type { Instant } from '../value/instant.ts';
import { present } from '../value/present.ts';
import { parsed, refuseField, type Parsed } from '../value/refusal.ts';
import { parseText } from '../value/text.ts';
import type { Period } from './calendar.ts';
import type { Leftover } from './schedule.ts';

/** Periods that one unit of a schedule may span. */
const periodCountMax = 100;
/** Grants that a schedule may be made for; more are as good as without end. */
const occurrenceCountMax = 100_000;

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
  const account = parseAccountRef(unchecked.account);
  if (account.kind === 'refused') return account;
  const amount = parseAmount(unchecked.amount, { field: 'amount' });
  if (amount.kind === 'refused') return amount;
  const cap =
    unchecked.cap === undefined ? parsed(undefined) : parseAmount(unchecked.cap, { field: 'cap' });
  if (cap.kind === 'refused') return cap;
  const { priority, category, source } = unchecked;
  const terms = parseTerms({ priority, category, source });
  if (terms.kind === 'refused') return terms;
  const reference = parseReference(unchecked.reference);
  if (reference.kind === 'refused') return reference;
  const key = { field: 'idempotency_key', lengthMax: 255 };
  const idempotencyKey = parseText(unchecked.idempotencyKey, key);
  if (idempotencyKey.kind === 'refused') return idempotencyKey;
  const count = judgeCounts(unchecked);
  if (count !== undefined) return count;
  return parsed({
    kind: 'create_schedule',
    account: account.value,
    amount: amount.value,
    priority: terms.value.priority,
    category,
    ...present('source', terms.value.source),
    ...present('anchor', unchecked.anchor),
    ...present('startsNextPeriod', unchecked.startsNextPeriod || undefined),
    period: unchecked.period,
    leftover: unchecked.leftover,
    ...present('cap', cap.value),
    ...present('occurrenceCount', unchecked.occurrenceCount),
    reference: reference.value,
    idempotencyKey: idempotencyKey.value,
  });
}

/** Checks the end of a schedule. */
export function parseEndSchedule(unchecked: {
  readonly scheduleId: string;
  readonly idempotencyKey?: string | undefined;
}): Parsed<EndSchedule> {
  const scheduleId = parseText(unchecked.scheduleId, { field: 'schedule_id', lengthMax: 255 });
  if (scheduleId.kind === 'refused') return scheduleId;
  const idempotencyKey = parseIdempotencyKey(unchecked.idempotencyKey);
  if (idempotencyKey.kind === 'refused') return idempotencyKey;
  return parsed({
    kind: 'end_schedule',
    scheduleId: scheduleId.value,
    ...present('idempotencyKey', idempotencyKey.value),
  });
}

function judgeCounts({ period, occurrenceCount }: UncheckedCreateSchedule) {
  if (!isWithin(period.count, periodCountMax)) {
    return refuseField('period.count', `is not a whole number from 1 to ${periodCountMax}`);
  }
  if (occurrenceCount !== undefined && !isWithin(occurrenceCount, occurrenceCountMax)) {
    return refuseField('occurrence_count', `is not a whole number from 1 to ${occurrenceCountMax}`);
  }
  return undefined;
}

function isWithin(count: number, countMax: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= countMax;
}
