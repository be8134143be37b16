// What a decision says: accepted, a replay of an earlier one, or refused.
import type { PersonalFields } from '../account/account.ts';
import type { Refusal } from '../value/refusal.ts';
import type { Sequence } from '../value/id.ts';
import type { BookState } from './book-state.ts';
import type { BookEvent, Change } from './event.ts';

/** A command that becomes the next event of its book. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly event: BookEvent;
  /** What was due on its accounts: events before it. Absent: nothing. */
  readonly before?: readonly BookEvent[];
  /** What follows from it at once: events after it. Absent: nothing. */
  readonly after?: readonly BookEvent[];
  /** What the account's personal fields become; never part of the event. */
  readonly personal?: PersonalFields;
}

/** A command that was accepted before: the first answer again. */
export interface Replayed {
  readonly kind: 'replayed';
  readonly event: BookEvent;
}

/** A command that finds nothing to do: there is no event. */
export interface Unchanged {
  readonly kind: 'unchanged';
}

export type Decision = Accepted | Replayed | Unchanged | Refusal;

/** All events of an accepted command, in order. */
export function eventsOf({ before = [], event, after = [] }: Accepted): readonly BookEvent[] {
  if (before.length + after.length === 0) return [event];
  return [...before, event, ...after];
}

/** Accepts a change as the next event. */
export function accept(
  state: BookState,
  command: { readonly idempotencyKey?: string },
  change: Change,
): Accepted {
  const { idempotencyKey } = command;
  const moment = { sequence: nextSequence(state), createdAt: state.instant };
  const event =
    idempotencyKey === undefined ? { ...moment, change } : { ...moment, idempotencyKey, change };
  return { kind: 'accepted', event };
}

/** The sequence that an event accepted now has. */
export function nextSequence(state: BookState): Sequence {
  return (state.sequence + 1) as Sequence;
}
