// What was due comes before a command, and what follows from it at once comes after it.
import type { BookState } from '../book/book-state.ts';
import type { Accepted } from '../book/decision.ts';
import { accountIdsOf, grantsOf, type BookEvent } from '../book/event.ts';
import { strandedOf } from '../grant/grant.ts';
import type { AccountId } from '../value/id.ts';
import type { Instant } from '../value/instant.ts';
import { eventOfMove, eventOfStranded, nextDueAt } from './due-moves.ts';
import { createSettling, type Settling } from './settling.ts';

/** The state as of its instant, and the events that lead to it from the booked one. */
export interface Settled {
  readonly state: BookState;
  readonly events: readonly BookEvent[];
}

const noEvents: readonly BookEvent[] = [];

/**
 * Settles accounts: what was due on them, by instant, then by age; not all of it where a count is
 * given. The state stays as it is.
 */
export function settleAccounts(
  state: BookState,
  accountIds: readonly AccountId[],
  moveCountMax = Infinity,
): Settled {
  if (!accountIds.some((id) => isOverdue(state, id))) return { state, events: noEvents };
  const settling = createSettling(state, accountIds);
  const events = bookMoves(settling, moveCountMax);
  return { state: settling.finish(), events };
}

/**
 * The events that follow from an accepted one: what came back to an ended grant ends at once, and
 * a schedule that begins now makes its first grant.
 */
export function followUps(state: BookState, { event }: Accepted): readonly BookEvent[] {
  const isStranding = grantsOf(event).some((grant) => strandedOf(grant, state.instant) > 0n);
  if (!isStranding && event.change.kind !== 'schedule_created') return noEvents;
  const settling = createSettling(state, accountIdsOf(event));
  settling.apply(event);
  const stranded = settleStranded(settling, event, state.instant);
  return [...stranded, ...bookMoves(settling, Infinity)];
}

function bookMoves(settling: Settling, moveCountMax: number): readonly BookEvent[] {
  const events: BookEvent[] = [];
  for (let moveCount = 0; moveCount < moveCountMax; moveCount++) {
    const due = settling.takeDue();
    if (due === undefined) break;
    const event = eventOfMove(settling.state, settling.moved(due.accountId), due.move);
    settling.apply(event);
    events.push(event, ...settleStranded(settling, event, due.move.dueAt));
  }
  return events;
}

/** Only what an event touched can have come back to a grant whose time is over. */
function settleStranded(settling: Settling, cause: BookEvent, at: Instant): readonly BookEvent[] {
  const touched = grantsOf(cause).filter((grant) => strandedOf(grant, at) > 0n);
  return touched
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((grant) => {
      const { account } = settling.moved(grant.accountId);
      const event = eventOfStranded(settling.state, { account, grant, dueAt: at });
      settling.apply(event);
      return event;
    });
}

function isOverdue(state: BookState, accountId: AccountId): boolean {
  const account = state.accounts.get(accountId);
  const dueAt = account && nextDueAt(account);
  return dueAt !== undefined && dueAt <= state.instant;
}
