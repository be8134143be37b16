// Holds: amounts kept aside until they are captured, released or their time is over.
import type { Unit } from '../value/unit.ts';
import type { Allocation } from '../grant/grant.ts';
import type { Instant } from '../value/instant.ts';
import type { AccountId, HoldId, Sequence } from '../value/id.ts';
import type { Metadata } from '../value/metadata.ts';

/** `pending` keeps credits aside; the others do not, for good. */
export type HoldStatus = 'pending' | 'captured' | 'released' | 'expired';

/** An amount kept aside, and what became of it. */
export interface Hold {
  readonly id: HoldId;
  readonly accountId: AccountId;
  readonly unit: Unit;
  /** The event that made it. */
  readonly sequence: Sequence;
  readonly createdAt: Instant;
  readonly status: HoldStatus;
  readonly reference: string;
  readonly metadata?: Metadata;
  /** Kept aside at first. */
  readonly amount: bigint;
  /** Still kept aside; 0 once it has ended. */
  readonly remaining: bigint;
  /** Taken by captures, what exceeded the hold included. */
  readonly captured: bigint;
  /** Exclusive: at this instant it keeps nothing. */
  readonly expiresAt: Instant;
  /** Where what is still kept comes from, in the order in which captures take it. */
  readonly allocations: readonly Allocation[];
}

/** Splits what a hold keeps: the first parts of an amount, and the others. */
export function splitAllocations(
  allocations: readonly Allocation[],
  amount: bigint,
): { readonly taken: readonly Allocation[]; readonly rest: readonly Allocation[] } {
  const taken: Allocation[] = [];
  const rest: Allocation[] = [];
  let wanted = amount;
  for (const allocation of allocations) {
    const part = allocation.amount < wanted ? allocation.amount : wanted;
    if (part > 0n) taken.push({ ...allocation, amount: part });
    if (part < allocation.amount) rest.push({ ...allocation, amount: allocation.amount - part });
    wanted -= part;
  }
  return { taken, rest };
}

/** Whether a hold still keeps something. */
export function isPending(hold: Hold): boolean {
  return hold.status === 'pending';
}
