// Grants: credits with their own terms. What has none is the account's pool, which costs no row.
import type { Unit } from '../value/unit.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, GrantId, ScheduleId, Sequence } from '../value/id.ts';

/** Where credits come from: sold, or given away. */
export type GrantCategory = 'paid' | 'promotional';

/**
 * `scheduled` until its credits are in the balance, then `active`, also when used up, until
 * `expired` or `voided`: then nothing of it can be taken but what holds keep.
 */
export type GrantStatus = 'scheduled' | 'active' | 'expired' | 'voided';

/** When and in which order credits are used. */
interface GrantTerms {
  /** 0 to 100; lower first. */
  readonly priority: number;
  readonly category: GrantCategory;
  /** From when on the credits are in the balance. */
  readonly effectiveAt: Instant;
  /** Exclusive. Absent: never. */
  readonly expiresAt?: Instant;
  /** The caller's word for where the credits come from. */
  readonly source?: string;
}

/** Credits with terms, and what became of them. */
export interface Grant extends GrantTerms {
  readonly id: GrantId;
  readonly accountId: AccountId;
  readonly unit: Unit;
  /** The event that made it. */
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  readonly status: GrantStatus;
  /** The schedule that made it, if one did, and for which of its periods: 0 for the first. */
  readonly scheduleId?: ScheduleId;
  readonly period?: number;
  /** Granted. What was spent is this without the four sums that follow. */
  readonly amount: bigint;
  /** Left, including what holds keep. */
  readonly remaining: bigint;
  /** The part of what is left that holds keep. */
  readonly held: bigint;
  readonly expired: bigint;
  /** Taken back by a void, or by the reversal of its credit. */
  readonly voided: bigint;
}

/** A part of an amount that is taken from, or given to, a grant; without one, the pool. */
export interface Allocation {
  readonly grantId?: GrantId;
  /** Positive. */
  readonly amount: bigint;
}

/** What a debit may take from a grant. */
export function freeOf(grant: Grant): bigint {
  return grant.status === 'active' ? grant.remaining - grant.held : 0n;
}

/** Whether a grant still matters to its account: it counts in the balance, or will. */
export function isLive(grant: Grant): boolean {
  return grant.status === 'scheduled' || grant.remaining > 0n;
}

/** Whether the time of a grant is over, whatever was booked of that. */
function isOverAt({ expiresAt }: GrantTerms, now: Instant): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/**
 * The status of a grant at an instant: one that is used up has nothing to expire, and no event says
 * that its time is over.
 */
export function grantStatusAt(grant: Grant, now: Instant): GrantStatus {
  return grant.status === 'active' && isOverAt(grant, now) ? 'expired' : grant.status;
}

/** What an ended grant has beyond what holds keep: it expires, or is voided, at once. */
export function strandedOf(grant: Grant, now: Instant): bigint {
  const { status } = grant;
  const hasEnded = status === 'voided' || status === 'expired' || isOverAt(grant, now);
  return hasEnded && status !== 'scheduled' ? grant.remaining - grant.held : 0n;
}
