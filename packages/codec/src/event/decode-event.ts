// An event from its bytes. The ledger wrote them: what cannot be read is a bug, not a refusal.
import { fromBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@scrip/contract';
import { assert, present, type BookEvent, type Change } from '@scrip/kernel';
import { fromProtoTimestamp } from '../value/instant.ts';
import { fromProtoSequence } from '../value/sequence.ts';
import { fromProtoChange } from './from-proto-change.ts';

/** Reads an event back as the kernel made it. Throws on bytes that are no event. */
export function decodeEvent(bytes: Uint8Array): BookEvent {
  const message = fromBinary(EventSchema, bytes);
  const moment = {
    sequence: fromProtoSequence(message.sequence),
    createdAt: fromProtoTimestamp(message.createdAt),
  };
  const change = fromProtoChange(message.change, moment);
  const { idempotencyKey } = message;
  const key = idempotencyKey === '' ? keyOfTransaction(change) : idempotencyKey;
  return { ...moment, ...present('idempotencyKey', key), change };
}

/** What an empty key stands for: see `encodePosted`. */
function keyOfTransaction(change: Change): string {
  assert(change.kind === 'transaction_posted', 'a key that is left out is that of a transaction');
  return change.posting.transaction.idempotencyKey;
}
