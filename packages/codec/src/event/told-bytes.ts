// Stored events as callers are told them: whole, also where a key was left to the transaction.
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { EventSchema, TransactionPostedSchema, TransactionSchema } from '@scrip/contract';
import { assert } from '@scrip/kernel';

const keyNumber = EventSchema.field.idempotencyKey.number;
/** The way from an event to the key of its transaction. */
const keyPath = [
  EventSchema.field.transactionPosted.number,
  TransactionPostedSchema.field.transaction.number,
  TransactionSchema.field.idempotencyKey.number,
];

/**
 * The bytes of the message that callers are told: the stored ones, where a key that `encodePosted`
 * left empty is put in. The rest is neither read nor written again.
 */
export function toldBytes(stored: Uint8Array): Uint8Array {
  const empty = findField(stored, keyNumber);
  if (empty === undefined || empty.length > 0) return stored;
  let key: Uint8Array | undefined = stored;
  for (const number of keyPath) key &&= findField(key, number);
  assert(key !== undefined, 'a key that is left out is that of a transaction');
  const end = empty.byteOffset - stored.byteOffset;
  // Its length is one byte, a zero.
  const [before, after] = [stored.subarray(0, end - 1), stored.subarray(end)];
  return new BinaryWriter().raw(before).bytes(key).raw(after).finish();
}

/** A text, bytes or a message by its number: a view of the message's own bytes. */
function findField(message: Uint8Array, wanted: number): Uint8Array | undefined {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === WireType.LengthDelimited) return reader.bytes();
    reader.skip(wireType, number);
  }
  return undefined;
}
