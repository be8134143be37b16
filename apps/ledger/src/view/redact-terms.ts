// Grants, holds and schedules as the bearer of an access token sees those of their own accounts:
// amounts and times, none of the caller's own words for them. Fields are named one by one, so that
// what is added one day is not shown by mistake.
import {
  present,
  type AccountId,
  type Allocation,
  type Grant,
  type Hold,
  type Schedule,
} from '@scrip/kernel';
import { noSequence } from './viewer.ts';

/** The grants of these accounts, without their source, and what schedule made them. */
export function redactGrants(
  grants: readonly Grant[],
  own: ReadonlySet<AccountId>,
): readonly Grant[] {
  return grants.filter(({ accountId }) => own.has(accountId)).map(redactGrant);
}

function redactGrant(grant: Grant): Grant {
  const { id, accountId, unit, status, priority, category, effectiveAt, createdAt } = grant;
  const { amount, remaining, held, expired, voided } = grant;
  const shown = { id, accountId, unit, status, priority, category, effectiveAt, createdAt };
  const amounts = { amount, remaining, held, expired, voided };
  return { ...shown, ...present('expiresAt', grant.expiresAt), ...amounts, sequence: noSequence };
}

/** A hold without its reference and its metadata. */
export function redactHold(hold: Hold): Hold {
  const { id, accountId, unit, status, amount, remaining, captured, expiresAt, createdAt } = hold;
  const shown = { id, accountId, unit, status, amount, remaining, captured, expiresAt, createdAt };
  const allocations = hold.allocations.map(redactAllocation);
  return { ...shown, allocations, reference: '', sequence: noSequence };
}

/** Parts of an amount, and the grants of the same account that they come from. */
export function redactAllocation({ grantId, amount }: Allocation): Allocation {
  return { ...present('grantId', grantId), amount };
}

/** A schedule without its reference and its source. */
export function redactSchedule(schedule: Schedule): Schedule {
  const { id, accountId, unit, status, amount, priority, category, createdAt } = schedule;
  const { anchor, period, leftover, cap, occurrenceCount, issuedCount } = schedule;
  const shown = { id, accountId, unit, status, amount, priority, category, createdAt };
  const periods = { anchor, period, leftover, issuedCount };
  return {
    ...shown,
    ...periods,
    ...present('cap', cap),
    ...present('occurrenceCount', occurrenceCount),
    reference: '',
    sequence: noSequence,
  };
}
