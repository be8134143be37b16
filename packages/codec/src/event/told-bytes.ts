// Stored events as callers are told them: whole, also where a key was left to the transaction.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { EventSchema, TransactionPostedSchema, TransactionSchema } from '@scrip/contract';
import { assert } from '@scrip/kernel';
import { createEncode } from '../value/write-field.ts';

const keyNumber = EventSchema.field.idempotencyKey.number;
/** The way from an event to the key of its transaction. */
const keyPath = [
  EventSchema.field.transactionPosted.number,
  TransactionPostedSchema.field.transaction.number,
  TransactionSchema.field.idempotencyKey.number,
];

const encode = createEncode();

/** The bytes of the message that callers are told: see `writeTold`. */
export function toldBytes(stored: Uint8Array): Uint8Array {
  return encode((writer) => writeTold(writer, stored));
}

/**
 * Writes the message that callers are told: the stored bytes, where a key that `encodePosted` left
 * empty is put in. The rest is neither read nor written again.
 */
export function writeTold(writer: RawWriter, stored: Uint8Array): void {
  const reader = new BinaryReader(stored);
  if (!enterField(reader, keyNumber) || reader.uint32() > 0) {
    writer.raw(stored);
    return;
  }
  const end = reader.pos;
  // Its length is one byte, a zero.
  writer.raw(stored.subarray(0, end - 1));
  // What is looked for comes before the end of each message on the way.
  for (const [index, number] of keyPath.entries()) {
    if (index > 0) reader.uint32();
    assert(enterField(reader, number), 'a key that is left out is that of a transaction');
  }
  writer.bytes(reader.bytes()).raw(stored.subarray(end));
}

/** A writer of any kind. */
type RawWriter = {
  raw(bytes: Uint8Array): unknown;
  bytes(bytes: Uint8Array): Pick<RawWriter, 'raw'>;
};

/** Reads up to the content of a text, bytes or a message; its length comes next. */
function enterField(reader: BinaryReader, wanted: number): boolean {
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === WireType.LengthDelimited) return true;
    reader.skip(wireType, number);
  }
  return false;
}
