// Holds as messages.
import { create, type JsonObject } from '@bufbuild/protobuf';
import { HoldSchema, type Hold } from '@scrip/contract';
import { formatAmount, type Hold as KernelHold } from '@scrip/kernel';
import { toProtoAllocation } from '../grant/to-proto-grant.ts';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { protoHoldStatuses } from '../value/words.ts';

/** The message of a hold, as answers hold it. */
export function toProtoHold(hold: KernelHold): Hold {
  const message = toProtoHoldOfEvent(hold);
  if (hold.metadata !== undefined) message.metadata = hold.metadata as JsonObject;
  return message;
}

/** The message without metadata: see `encodeEvent`. */
export function toProtoHoldOfEvent(hold: KernelHold): Hold {
  const { label, scale } = hold.unit;
  return create(HoldSchema, {
    id: hold.id,
    accountId: hold.accountId,
    unitLabel: label,
    unitScale: scale,
    status: protoHoldStatuses[hold.status],
    reference: hold.reference,
    amount: formatAmount(hold.amount, scale),
    remaining: formatAmount(hold.remaining, scale),
    captured: formatAmount(hold.captured, scale),
    expiresAt: toProtoTimestamp(hold.expiresAt),
    allocations: hold.allocations.map((part) => toProtoAllocation(part, scale)),
    createdAt: toProtoTimestamp(hold.createdAt),
    sequence: toProtoSequence(hold.sequence),
  });
}
