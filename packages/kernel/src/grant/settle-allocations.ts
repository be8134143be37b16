// What becomes of grants when parts of them are spent, kept, returned or given back.
import { assert } from '../value/assert.ts';
import type { FindGrant } from './find-grant.ts';
import type { Allocation, Grant } from './grant.ts';

/** How a part of a grant changes it. */
export type Settlement =
  /** A debit takes it. */
  | 'spend'
  /** A hold keeps it. */
  | 'hold'
  /** A capture takes what a hold kept. */
  | 'capture'
  /** A hold gives it back. */
  | 'release'
  /** The reversal of a debit gives it back. */
  | 'restore'
  /** A void, or the reversal of the credit, takes it back. */
  | 'void'
  /** Its time is over. */
  | 'expire';

/** The grants that allocations touch, as they are afterwards. Parts of the pool change none. */
export function settleAllocations(
  find: FindGrant,
  allocations: readonly Allocation[],
  settlement: Settlement,
): readonly Grant[] {
  return allocations.flatMap(({ grantId, amount }) => {
    if (grantId === undefined) return [];
    const grant = find(grantId);
    assert(grant !== undefined, 'the grant of an allocation is known');
    return [settle(grant, amount, settlement)];
  });
}

function settle(grant: Grant, amount: bigint, settlement: Settlement): Grant {
  const { remaining, held, expired, voided } = grant;
  switch (settlement) {
    case 'spend':
      return checked({ ...grant, remaining: remaining - amount });
    case 'hold':
      return checked({ ...grant, held: held + amount });
    case 'capture':
      return checked({ ...grant, remaining: remaining - amount, held: held - amount });
    case 'release':
      return checked({ ...grant, held: held - amount });
    case 'restore':
      return checked({ ...grant, remaining: remaining + amount });
    case 'void':
      return checked({ ...grant, remaining: remaining - amount, voided: voided + amount });
    case 'expire':
      return checked({ ...grant, remaining: remaining - amount, expired: expired + amount });
  }
}

function checked(grant: Grant): Grant {
  const { amount, remaining, held, expired, voided } = grant;
  assert(held >= 0n && held <= remaining, 'holds keep no more than what is left');
  assert(remaining + expired + voided <= amount, 'no more is left than was granted');
  return grant;
}
