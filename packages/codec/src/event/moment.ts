// When an event is.
import type { Instant, Sequence } from '@scrip/kernel';

/** The sequence and the instant of an event, which its parts share. */
export type Moment = { readonly sequence: Sequence; readonly createdAt: Instant };
