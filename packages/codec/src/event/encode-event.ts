// An event as bytes: fields ascending, map entries sorted by key, no unknown fields.
import { create, toBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@scrip/contract';
import { present, type BookEvent } from '@scrip/kernel';
import { toProtoTimestamp } from '../value/instant.ts';
import { toProtoSequence } from '../value/sequence.ts';
import { encodePosted } from './encode-posted.ts';
import { toProtoChange } from './to-proto-change.ts';

/** The bytes of an event. The same event makes the same bytes, whatever its objects' order. */
export function encodeEvent(event: BookEvent): Uint8Array {
  const { change } = event;
  return change.kind === 'transaction_posted' ? encodePosted(event, change) : encodeWhole(event);
}

/** The bytes of the whole message: how every event was stored once, and most kinds still are. */
export function encodeWhole(event: BookEvent): Uint8Array {
  const message = create(EventSchema, {
    sequence: toProtoSequence(event.sequence),
    createdAt: toProtoTimestamp(event.createdAt),
    ...present('idempotencyKey', event.idempotencyKey),
    change: toProtoChange(event.change, event.createdAt),
  });
  return toBinary(EventSchema, message);
}
