// A hold of an event, read back. The ledger wrote it: nothing is refused here.
import type { Hold } from '@scrip/contract';
import {
  amountFromText,
  assert,
  present,
  type AccountId,
  type Hold as KernelHold,
  type HoldId,
} from '@scrip/kernel';
import { fromProtoAllocation } from '../grant/from-proto-grant.ts';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { knownWordOf, protoHoldStatuses } from '../value/words.ts';

/** The hold that an event holds. */
export function fromProtoHold(hold: Hold | undefined): KernelHold {
  assert(hold !== undefined, 'an event about a hold holds it');
  const unit = { label: hold.unitLabel, scale: hold.unitScale };
  return {
    id: hold.id as HoldId,
    accountId: hold.accountId as AccountId,
    unit,
    sequence: fromProtoSequence(hold.sequence),
    createdAt: fromProtoTimestamp(hold.createdAt),
    status: knownWordOf(protoHoldStatuses, hold.status),
    reference: hold.reference,
    ...present('metadata', hold.metadata),
    amount: amountFromText(hold.amount, unit.scale),
    remaining: amountFromText(hold.remaining, unit.scale),
    captured: amountFromText(hold.captured, unit.scale),
    expiresAt: fromProtoTimestamp(hold.expiresAt),
    allocations: hold.allocations.map((part) => fromProtoAllocation(part, unit.scale)),
  };
}
