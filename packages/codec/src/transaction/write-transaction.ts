// A transaction as bytes, without messages in between: every post has one in its event, and one in
// its answer.
import { toBinary } from '@bufbuild/protobuf';
import { AllocationSchema, EntrySchema, TransactionSchema } from '@scrip/contract';
import { formatAmount, type Entry, type Transaction } from '@scrip/kernel';
import { toProtoAllocation } from '../grant/to-proto-grant.ts';
import type { ByteWriter } from '../value/byte-writer.ts';
import { structBytes } from '../value/struct-bytes.ts';
import { protoSides, protoTransactionKinds } from '../value/words.ts';
import {
  beginPart,
  writeBytes,
  writeInstant,
  writeNumber,
  writeText,
} from '../value/write-field.ts';

const transactionFields = TransactionSchema.field;
const entryFields = EntrySchema.field;

/** Writes a transaction as answers hold it. */
export function writeTransaction(writer: ByteWriter, transaction: Transaction): void {
  writeTransactionOfEvent(writer, transaction);
  writeInstant(writer, transactionFields.createdAt, transaction.createdAt);
  writeNumber(writer, transactionFields.sequence, transaction.sequence);
}

/**
 * Writes what `toProtoTransactionOfEvent` makes a message of, and metadata with its keys in order.
 */
export function writeTransactionOfEvent(writer: ByteWriter, transaction: Transaction): void {
  const { unit, entries, reversalOf, metadata } = transaction;
  writeText(writer, transactionFields.id, transaction.id);
  writeNumber(writer, transactionFields.kind, protoTransactionKinds[transaction.kind]);
  writeText(writer, transactionFields.reference, transaction.reference);
  writeText(writer, transactionFields.idempotencyKey, transaction.idempotencyKey);
  writeText(writer, transactionFields.unitLabel, unit.label);
  writeNumber(writer, transactionFields.unitScale, unit.scale);
  for (const entry of entries) {
    beginPart(writer, transactionFields.entries);
    writeEntry(writer, entry, unit.scale);
    writer.join();
  }
  if (reversalOf !== undefined) writeText(writer, transactionFields.reversalOf, reversalOf);
  if (metadata !== undefined) {
    writeBytes(writer, transactionFields.metadata, structBytes(metadata));
  }
}

function writeEntry(writer: ByteWriter, entry: Entry, scale: number): void {
  writeText(writer, entryFields.id, entry.id);
  writeText(writer, entryFields.accountId, entry.accountId);
  writeNumber(writer, entryFields.side, protoSides[entry.side]);
  writeText(writer, entryFields.amount, formatAmount(entry.amount, scale));
  writeText(writer, entryFields.balanceAfter, formatAmount(entry.balanceAfter, scale));
  for (const part of entry.allocations ?? []) {
    const bytes = toBinary(AllocationSchema, toProtoAllocation(part, scale));
    writeBytes(writer, entryFields.allocations, bytes);
  }
}
