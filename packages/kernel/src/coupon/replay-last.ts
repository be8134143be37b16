// A thing that is already what a command asks for answers with the last event that touched it.
import type { BookState } from '../book/book-state.ts';
import type { Replayed } from '../book/decision.ts';
import { assert } from '../value/assert.ts';

/** Answers the last event that touched a record: it has the record as it is. */
export function replayLast(state: BookState, id: string): Replayed {
  const event = state.coupons.lastEvents.get(id);
  assert(event !== undefined, 'a record comes with the event that last touched it');
  return { kind: 'replayed', event };
}
