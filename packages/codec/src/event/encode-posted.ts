// A posted transaction as the bytes of its event, written without messages in between: most events
// are such, and a book is locked while they are made.
import { toBinary } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { EventSchema, GrantSchema, TransactionPostedSchema } from '@scrip/contract';
import { assert, type BookEvent, type Change } from '@scrip/kernel';
import { toProtoGrant } from '../grant/to-proto-grant.ts';
import { writeTransactionOfEvent } from '../transaction/write-transaction.ts';
import type { ByteWriter } from '../value/byte-writer.ts';
import { protoSystemAccounts } from '../value/words.ts';
import {
  beginPart,
  createEncode,
  writeBytes,
  writeInstant,
  writeNumber,
} from '../value/write-field.ts';

type Posted = Extract<Change, { readonly kind: 'transaction_posted' }>;

const eventFields = EventSchema.field;
const postedFields = TransactionPostedSchema.field;
const encode = createEncode();

/**
 * The bytes of an event that posted a transaction. Its key is empty where it is the transaction's,
 * which has it too.
 */
export function encodePosted(event: BookEvent, posted: Posted): Uint8Array {
  return encode((writer) => {
    writeMoment(writer, event, posted.posting.transaction.idempotencyKey);
    beginPart(writer, eventFields.transactionPosted);
    writePosted(writer, posted);
    writer.join();
  });
}

function writeMoment(writer: ByteWriter, event: BookEvent, transactionKey: string): void {
  const { sequence, createdAt, idempotencyKey: key } = event;
  writeNumber(writer, eventFields.sequence, sequence);
  writeInstant(writer, eventFields.createdAt, createdAt);
  if (key === undefined) return;
  assert(key !== '', 'the key of a caller is not empty');
  const kept = key === transactionKey ? '' : key;
  writer.tag(eventFields.idempotencyKey.number, WireType.LengthDelimited).string(kept);
}

function writePosted(writer: ByteWriter, { posting, grants = [] }: Posted): void {
  const { transaction, counterpart } = posting;
  beginPart(writer, postedFields.transaction);
  writeTransactionOfEvent(writer, transaction);
  writer.join();
  if (counterpart !== undefined) {
    writeNumber(writer, postedFields.counterpart, protoSystemAccounts[counterpart]);
  }
  for (const grant of grants) {
    writeBytes(writer, postedFields.grants, toBinary(GrantSchema, toProtoGrant(grant)));
  }
}
