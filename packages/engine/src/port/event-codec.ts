// The port to the bytes of events: what is stored and hashed, and never re-encoded.
import type { BookEvent } from '@scrip/kernel';

/** Turns events into bytes and back. The same event always makes the same bytes. */
export interface EventCodec {
  encode(event: BookEvent): Uint8Array;
  decode(bytes: Uint8Array): BookEvent;
}
