// Grants and allocations of events, read back. The ledger wrote them: nothing is refused here.
import type { Allocation, Grant } from '@scrip/contract';
import {
  amountFromText,
  assert,
  present,
  type AccountId,
  type Allocation as KernelAllocation,
  type Grant as KernelGrant,
  type GrantId,
  type ScheduleId,
} from '@scrip/kernel';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf, protoGrantCategories, protoGrantStatuses } from '../value/words.ts';

/** The grant that an event holds. */
export function fromProtoGrant(grant: Grant | undefined): KernelGrant {
  assert(grant !== undefined, 'an event about a grant holds it');
  const unit = { label: grant.unitLabel, scale: grant.unitScale };
  const amountOf = (text: string): bigint => amountFromText(text, unit.scale);
  return {
    id: grant.id as GrantId,
    accountId: grant.accountId as AccountId,
    unit,
    sequence: fromProtoSequence(grant.sequence),
    createdAt: fromProtoTimestamp(grant.createdAt),
    status: knownWordOf(protoGrantStatuses, grant.status),
    priority: grant.priority,
    category: knownWordOf(protoGrantCategories, grant.category),
    effectiveAt: fromProtoTimestamp(grant.effectiveAt),
    ...present('expiresAt', grant.expiresAt && fromProtoTimestamp(grant.expiresAt)),
    ...present('source', grant.source),
    ...present('scheduleId', grant.scheduleId as ScheduleId | undefined),
    ...present('period', grant.period),
    amount: amountOf(grant.amount),
    remaining: amountOf(grant.remaining),
    held: amountOf(grant.held),
    expired: amountOf(grant.expired),
    voided: amountOf(grant.voided),
  };
}

/** A part of an amount of an event. */
export function fromProtoAllocation(
  { grantId, amount }: Allocation,
  scale: number,
): KernelAllocation {
  return {
    ...present('grantId', grantId as GrantId | undefined),
    amount: amountFromText(amount, scale),
  };
}
