// The engine's port to the bytes of events, over the contract's messages.
import type { EventCodec } from '@scrip/engine';
import { decodeEvent } from './decode-event.ts';
import { encodeEvent } from './encode-event.ts';

/** Events as the bytes of `scrip.ledger.v1.Event`. */
export const eventCodec: EventCodec = { encode: encodeEvent, decode: decodeEvent };
