// A transaction of an event, read back. The ledger wrote it, so that nothing is refused here.
import type { Entry, Transaction } from '@scrip/contract';
import {
  amountFromText,
  assert,
  present,
  type AccountId,
  type EntryId,
  type Entry as KernelEntry,
  type Instant,
  type Sequence,
  type Transaction as KernelTransaction,
  type TransactionId,
} from '@scrip/kernel';
import { fromProtoAllocation } from '../grant/from-proto-grant.ts';
import { knownWordOf, protoSides, protoTransactionKinds } from '../value/words.ts';

/** The transaction that an event holds, with the sequence and the instant of the event. */
export function fromProtoTransaction(
  message: Transaction | undefined,
  event: { readonly sequence: Sequence; readonly createdAt: Instant },
): KernelTransaction {
  assert(message !== undefined, 'a posting holds its transaction');
  const unit = { label: message.unitLabel, scale: message.unitScale };
  return {
    id: message.id as TransactionId,
    kind: knownWordOf(protoTransactionKinds, message.kind),
    reference: message.reference,
    idempotencyKey: message.idempotencyKey,
    unit,
    entries: message.entries.map((entry) => fromProtoEntry(entry, unit.scale)),
    ...present('reversalOf', message.reversalOf as TransactionId | undefined),
    ...present('metadata', message.metadata),
    createdAt: event.createdAt,
    sequence: event.sequence,
  };
}

function fromProtoEntry(entry: Entry, scale: number): KernelEntry {
  const allocations = entry.allocations.map((part) => fromProtoAllocation(part, scale));
  return {
    id: entry.id as EntryId,
    accountId: entry.accountId as AccountId,
    side: knownWordOf(protoSides, entry.side),
    amount: amountFromText(entry.amount, scale),
    balanceAfter: amountFromText(entry.balanceAfter, scale),
    ...present('allocations', allocations.length === 0 ? undefined : allocations),
  };
}
