// An event in a few letters, equal for equal events, whatever protocol brought them.
import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { EventSchema, type Event } from '@scrip/contract';

/** Covers every field, also those that the contract does not know. */
export function digestOf(event: Event): string {
  return createHash('sha1').update(toBinary(EventSchema, event)).digest('base64').slice(0, 14);
}
