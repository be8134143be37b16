// Grants and allocations as messages.
import { create } from '@bufbuild/protobuf';
import { AllocationSchema, GrantSchema, type Allocation, type Grant } from '@scrip/contract';
import {
  formatAmount,
  present,
  type Allocation as KernelAllocation,
  type Grant as KernelGrant,
} from '@scrip/kernel';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { protoGrantCategories, protoGrantStatuses } from '../value/words.ts';

/** The message of a grant. */
export function toProtoGrant(grant: KernelGrant): Grant {
  const { label, scale } = grant.unit;
  return create(GrantSchema, {
    id: grant.id,
    accountId: grant.accountId,
    unitLabel: label,
    unitScale: scale,
    status: protoGrantStatuses[grant.status],
    priority: grant.priority,
    category: protoGrantCategories[grant.category],
    effectiveAt: toProtoTimestamp(grant.effectiveAt),
    ...present('expiresAt', grant.expiresAt && toProtoTimestamp(grant.expiresAt)),
    ...present('source', grant.source),
    amount: formatAmount(grant.amount, scale),
    remaining: formatAmount(grant.remaining, scale),
    held: formatAmount(grant.held, scale),
    expired: formatAmount(grant.expired, scale),
    voided: formatAmount(grant.voided, scale),
    ...present('scheduleId', grant.scheduleId),
    ...present('period', grant.period),
    // What is not yet booked was not yet made.
    ...present('createdAt', grant.sequence > 0 ? toProtoTimestamp(grant.createdAt) : undefined),
    sequence: toProtoSequence(grant.sequence),
  });
}

/** The message of a part of an amount. */
export function toProtoAllocation(
  { grantId, amount }: KernelAllocation,
  scale: number,
): Allocation {
  return create(AllocationSchema, {
    ...present('grantId', grantId),
    amount: formatAmount(amount, scale),
  });
}
