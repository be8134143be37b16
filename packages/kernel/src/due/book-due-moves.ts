// What was due comes before a command, and what follows from it at once comes after it.
import { applyEvent } from '../book/apply.ts';
import type { BookState } from '../book/book-state.ts';
import { overlayState } from '../book/overlay.ts';
import type { Accepted } from '../book/decision.ts';
import { accountIdsOf, grantsOf, type BookEvent } from '../book/event.ts';
import { strandedOf } from '../grant/grant.ts';
import { assert } from '../value/assert.ts';
import type { AccountId } from '../value/id.ts';
import type { Instant } from '../value/instant.ts';
import { eventOfMove, eventOfStranded, nextDueMove, type DueMove } from './due-moves.ts';

/** The state as of its instant, and the events that lead to it from the booked one. */
export interface Settled {
  readonly state: BookState;
  readonly events: readonly BookEvent[];
}

/**
 * Settles accounts: what was due on them, by instant, then by age; not all of it where a count is
 * given. The state stays as it is.
 */
export function settleAccounts(
  state: BookState,
  accountIds: readonly AccountId[],
  moveCountMax = Infinity,
): Settled {
  if (!accountIds.some((id) => firstDue(state, [id]) !== undefined)) return { state, events: [] };
  const settled = overlayState(state);
  const events: BookEvent[] = [];
  for (let moveCount = 0; moveCount < moveCountMax; moveCount++) {
    const due = firstDue(settled, accountIds);
    if (due === undefined) break;
    const account = settled.accounts.get(due.accountId);
    assert(account !== undefined, 'the account of a due move exists');
    const event = eventOfMove(settled, account, due.move);
    applyEvent(settled, event);
    events.push(event, ...settleStranded(settled, event, due.move.dueAt));
  }
  return { state: settled, events };
}

/**
 * The events that follow from an accepted one: what came back to an ended grant ends at once, and
 * a schedule that begins now makes its first grant.
 */
export function followUps(state: BookState, { event }: Accepted): readonly BookEvent[] {
  const isStranding = grantsOf(event).some((grant) => strandedOf(grant, state.instant) > 0n);
  if (!isStranding && event.change.kind !== 'schedule_created') return [];
  const after = overlayState(state);
  applyEvent(after, event);
  const stranded = settleStranded(after, event, state.instant);
  return [...stranded, ...settleAccounts(after, accountIdsOf(event)).events];
}

function settleStranded(state: BookState, cause: BookEvent, at: Instant): readonly BookEvent[] {
  const events: BookEvent[] = [];
  for (const id of accountIdsOf(cause)) {
    for (;;) {
      const account = state.accounts.get(id);
      const event = account && eventOfStranded(state, account, at);
      if (event === undefined) break;
      applyEvent(state, event);
      events.push(event);
    }
  }
  return events;
}

interface Due {
  readonly accountId: AccountId;
  readonly move: DueMove;
}

function firstDue(state: BookState, accountIds: readonly AccountId[]): Due | undefined {
  let first: Due | undefined;
  for (const accountId of accountIds) {
    const account = state.accounts.get(accountId);
    if (account === undefined) continue;
    const move = nextDueMove(account);
    if (move === undefined || move.dueAt > state.instant) continue;
    if (first === undefined || isEarlier(move, first.move)) first = { accountId, move };
  }
  return first;
}

function isEarlier(a: DueMove, b: DueMove): boolean {
  return (a.dueAt - b.dueAt || a.sequence - b.sequence) < 0;
}
