// Random programs of commands on grants, holds and schedules, for the laws.
import {
  assert,
  grantsOf,
  instantFromMs,
  parseCaptureHold,
  parseChangeAccountStatus,
  parseCreateHold,
  parseCreateSchedule,
  parseEndSchedule,
  parseExtendHold,
  parsePostOneSided,
  parsePostTransaction,
  parseReleaseHold,
  parseReverseTransaction,
  parseVoidGrant,
  postingOf,
  type AccountId,
  type BookEvent,
  type Command,
  type Instant,
  type Parsed,
} from '@scrip/kernel';
import fc from 'fast-check';

const second = 1_000;
const day = 86_400_000;

/** Relative weights of the kinds of steps. */
const weights = {
  credit: 3,
  grant: 8,
  debit: 7,
  transfer: 2,
  hold: 7,
  capture: 7,
  extend: 1,
  release: 3,
  void: 2,
  schedule: 1,
  end_schedule: 1,
  reverse: 5,
  freeze: 1,
  unfreeze: 2,
  wait: 8,
} as const;

/** One step. It names accounts by their number, and what was made by how far back it is. */
export interface TermsStep {
  readonly kind: keyof typeof weights;
  readonly account: number;
  readonly other: number;
  readonly amount: number;
  readonly back: number;
  readonly priority: number;
  readonly promotional: boolean;
  readonly later: number;
  readonly life: number;
  readonly flag: boolean;
}

/** Programs of up to so many steps over three accounts. Small amounts, short lives: much meets. */
export function termsPrograms(stepCountMax: number): fc.Arbitrary<readonly TermsStep[]> {
  const kind = fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as TermsStep['kind']),
    })),
  );
  const step = fc.record({
    kind,
    account: fc.nat({ max: 2 }),
    other: fc.nat({ max: 2 }),
    amount: fc.integer({ min: 1, max: 15 }),
    back: fc.nat({ max: 6 }),
    priority: fc.constantFrom(10, 50, 50, 90),
    promotional: fc.boolean(),
    later: fc.constantFrom(0, 0, 0, 3, 7),
    life: fc.constantFrom(0, 2, 5, 9, 20),
    flag: fc.boolean(),
  });
  return fc.array(step, { maxLength: stepCountMax, size: 'max' });
}

/** How far a step lets the time go on, in milliseconds: only `wait` does. */
export function waitedMs({ kind, life, flag, promotional }: TermsStep): number {
  if (kind !== 'wait') return 0;
  return life * (flag && promotional ? day / 4 : second);
}

/** What a program has made so far, oldest first. */
export interface SeenTerms {
  readonly grants: string[];
  readonly holds: string[];
  readonly schedules: string[];
  readonly transactions: string[];
}

/** Nothing made yet. */
export function nothingSeen(): SeenTerms {
  return { grants: [], holds: [], schedules: [], transactions: [] };
}

/** Notes what an event made, but for what time does: that is booked sooner or later. */
export function noteSeen(seen: SeenTerms, event: BookEvent): void {
  const { change } = event;
  for (const grant of grantsOf(event).filter((each) => each.scheduleId === undefined)) {
    if (!seen.grants.includes(grant.id)) seen.grants.push(grant.id);
  }
  if (change.kind === 'hold_created') seen.holds.push(change.hold.id);
  if (change.kind === 'schedule_created') seen.schedules.push(change.schedule.id);
  const transaction = postingOf(event)?.transaction;
  const isOfTime = ['expiry', 'activation', 'void'].includes(transaction?.kind ?? 'void');
  if (transaction !== undefined && !isOfTime) seen.transactions.push(transaction.id);
}

/** Where a step is taken. */
export interface TermsContext {
  /** The number of the step: its key and its reference. */
  readonly index: number;
  readonly ids: readonly AccountId[];
  readonly now: Instant;
  readonly seen: SeenTerms;
}

/** The command of a step; none for `wait`. Some are malformed, as a transfer to oneself is. */
export function termsCommandOf(step: TermsStep, context: TermsContext): Command | undefined {
  const command = parseStep(step, context);
  return command?.kind === 'parsed' ? command.value : undefined;
}

function parseStep(step: TermsStep, context: TermsContext): Parsed<Command> | undefined {
  const { index, ids, seen } = context;
  const amount = String(step.amount);
  const named = { reference: `step ${index}`, idempotencyKey: `step ${index}` };
  const pick = (list: readonly string[]): string => list.at(-1 - step.back) ?? 'none';
  const account = refOf(ids, step.account);
  switch (step.kind) {
    case 'credit':
    case 'debit':
      return parsePostOneSided(step.kind, { account, amount, ...named });
    case 'grant':
      return parsePostOneSided('credit', {
        account,
        amount,
        ...named,
        terms: termsOf(step, context),
      });
    case 'transfer':
      return parsePostTransaction({
        entries: [
          { account, side: 'debit', amount },
          { account: refOf(ids, step.other), side: 'credit', amount },
        ],
        ...named,
      });
    case 'schedule':
      return parseSchedule(step, context);
    case 'end_schedule':
      return parseEndSchedule({ scheduleId: pick(seen.schedules) });
    case 'void':
      return parseVoidGrant({ grantId: pick(seen.grants) });
    case 'reverse':
      return parseReverseTransaction({ transactionId: pick(seen.transactions) });
    case 'freeze':
    case 'unfreeze':
      return parseChangeAccountStatus(`${step.kind}_account`, { account });
    case 'wait':
      return undefined;
    default:
      return parseHoldStep(step, context);
  }
}

function parseHoldStep(step: TermsStep, { index, ids, seen }: TermsContext): Parsed<Command> {
  const named = { reference: `step ${index}`, idempotencyKey: `step ${index}` };
  const amount = String(step.amount);
  const holdId = seen.holds.at(-1 - step.back) ?? 'none';
  switch (step.kind) {
    case 'hold': {
      const account = refOf(ids, step.account);
      return parseCreateHold({ account, amount, ...named, ttlMs: (step.life + 1) * second });
    }
    case 'capture':
      return parseCaptureHold({
        holdId,
        amount: step.life === 0 ? undefined : amount,
        final: step.flag,
        allowExcess: step.promotional,
        idempotencyKey: named.idempotencyKey,
      });
    case 'extend':
      return parseExtendHold({ holdId, ttlMs: 10 * second });
    default:
      return parseReleaseHold({ holdId });
  }
}

function termsOf(step: TermsStep, { index, now }: TermsContext) {
  const isLater = step.later > 0;
  const end = now + (step.later + step.life) * second;
  return {
    priority: step.priority,
    category: step.promotional ? 'promotional' : 'paid',
    effectiveAt: isLater ? instantFromMs(now + step.later * second) : undefined,
    expiresAt: step.life === 0 ? undefined : instantFromMs(end),
    source: `step ${index}`,
  } as const;
}

function parseSchedule(step: TermsStep, { index, ids }: TermsContext): Parsed<Command> {
  return parseCreateSchedule({
    account: refOf(ids, step.account),
    amount: String(step.amount),
    category: 'paid',
    source: `step ${index}`,
    period: { unit: 'day', count: 1 },
    leftover: step.flag ? 'lapse' : 'roll_over',
    cap: step.promotional ? '20' : undefined,
    occurrenceCount: step.life === 0 ? undefined : step.life,
    reference: `step ${index}`,
    idempotencyKey: `step ${index}`,
  });
}

function refOf(ids: readonly AccountId[], number: number) {
  const id = ids[number];
  assert(id !== undefined, 'a program is about the accounts that it is given');
  return { kind: 'id', id } as const;
}
