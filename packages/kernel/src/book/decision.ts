// What a decision says: accepted, a replay of an earlier one, or refused.
import type { PersonalFields } from '../account/account.ts';
import type { Refusal } from '../value/refusal.ts';
import type { Sequence } from '../value/id.ts';
import { present } from '../value/present.ts';
import type { BookState } from './book-state.ts';
import type { BookEvent, Change } from './event.ts';

/** A command that becomes the next event of its book. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly event: BookEvent;
  /** What the account's personal fields become; never part of the event. */
  readonly personal?: PersonalFields;
}

/** A command that was accepted before: the first answer again. */
export interface Replayed {
  readonly kind: 'replayed';
  readonly event: BookEvent;
}

export type Decision = Accepted | Replayed | Refusal;

/** Accepts a change as the next event. */
export function accept(
  state: BookState,
  command: { readonly idempotencyKey?: string },
  change: Change,
): Accepted {
  const event = {
    sequence: nextSequence(state),
    createdAt: state.instant,
    ...present('idempotencyKey', command.idempotencyKey),
    change,
  };
  return { kind: 'accepted', event };
}

/** The sequence that an event accepted now has. */
export function nextSequence(state: BookState): Sequence {
  return (state.sequence + 1) as Sequence;
}
