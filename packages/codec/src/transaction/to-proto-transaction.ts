// Transactions and entries as messages.
import { create, type JsonObject } from '@bufbuild/protobuf';
import {
  EntrySchema,
  TransactionSchema,
  type Entry,
  type Grant,
  type Transaction,
} from '@scrip/contract';
import type { ExplainedEntry, HistoryEntry } from '@scrip/engine';
import {
  formatAmount,
  present,
  type Entry as KernelEntry,
  type Transaction as KernelTransaction,
} from '@scrip/kernel';
import { toProtoAllocation, toProtoGrant } from '../grant/to-proto-grant.ts';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { protoSides, protoTransactionKinds } from '../value/words.ts';

/** The message of a transaction, as answers hold it. */
export function toProtoTransaction(transaction: KernelTransaction): Transaction {
  const message = toProtoTransactionOfEvent(transaction);
  if (transaction.metadata !== undefined) message.metadata = transaction.metadata as JsonObject;
  message.createdAt = toProtoTimestamp(transaction.createdAt);
  message.sequence = toProtoSequence(transaction.sequence);
  return message;
}

/** The message without what its event tells already, and without metadata: see `encodeEvent`. */
export function toProtoTransactionOfEvent(transaction: KernelTransaction): Transaction {
  const { scale } = transaction.unit;
  return create(TransactionSchema, {
    id: transaction.id,
    kind: protoTransactionKinds[transaction.kind],
    reference: transaction.reference,
    idempotencyKey: transaction.idempotencyKey,
    unitLabel: transaction.unit.label,
    unitScale: scale,
    entries: transaction.entries.map((entry) => toProtoEntry(entry, scale)),
    ...present('reversalOf', transaction.reversalOf),
  });
}

/** An entry with its grants, as an answer tells them. */
export function toProtoExplainedEntry({ entry, grants }: ExplainedEntry): {
  readonly entry: Entry;
  readonly grants: Grant[];
} {
  return { entry: toProtoHistoryEntry(entry), grants: grants.map(toProtoGrant) };
}

/** The message of an entry in its account's history. */
export function toProtoHistoryEntry(entry: HistoryEntry): Entry {
  const message = toProtoEntry(entry, entry.unit.scale);
  message.transactionId = entry.transactionId;
  message.sequence = toProtoSequence(entry.sequence);
  message.createdAt = toProtoTimestamp(entry.createdAt);
  return message;
}

function toProtoEntry(entry: KernelEntry, scale: number): Entry {
  return create(EntrySchema, {
    id: entry.id,
    accountId: entry.accountId,
    side: protoSides[entry.side],
    amount: formatAmount(entry.amount, scale),
    balanceAfter: formatAmount(entry.balanceAfter, scale),
    allocations: (entry.allocations ?? []).map((part) => toProtoAllocation(part, scale)),
  });
}
