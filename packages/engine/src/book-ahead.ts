// What is due on the accounts of a flush, where it is too much to come before its commands: a
// commit of its own, as if a sweeper had been there.
import {
  countDueMoves,
  nextDueAt,
  settleAccounts,
  touchedAccountIds,
  type AccountId,
  type BookEvent,
  type BookState,
  type Command,
} from '@scrip/kernel';
import { flushMoveCountMax, judgedMoveCountMax } from './limits.ts';

/** How much that is due may come before the commands of a flush. */
export interface DueBounds {
  /** Moves in one commit. */
  readonly moveCountMax: number;
  /** Moves, counted for each command that they come before, and what it takes to look for them. */
  readonly judgedCountMax: number;
}

/** What was booked ahead, and the working set after it. */
export interface BookedAhead {
  readonly events: readonly BookEvent[];
  /** It has the accounts and units that changed, and no others. */
  readonly state: BookState;
}

const defaultBounds: DueBounds = {
  moveCountMax: flushMoveCountMax,
  judgedCountMax: judgedMoveCountMax,
};

/**
 * Books the first of what is due on the accounts of commands, if it is too much to be judged with
 * them. What a sweeper's own commands are about is left to them: each books a bounded part.
 */
export function bookAhead(
  state: BookState,
  commands: readonly Command[],
  { moveCountMax, judgedCountMax }: DueBounds = defaultBounds,
): BookedAhead | undefined {
  if (!isAnyDue(state)) return undefined;
  const counts = new Map<AccountId, number>();
  let judgedCount = 0;
  for (const command of commands) {
    if (command.kind === 'book_due_moves') continue;
    for (const id of touchedAccountIds(state, command)) {
      const count = counts.get(id) ?? dueCountOf(state, id, judgedCountMax + 1);
      counts.set(id, count);
      judgedCount += count === 0 ? 0 : count + Math.floor(liveCountOf(state, id) / termsPerMove);
    }
  }
  const moveCount = counts.values().reduce((sum, count) => sum + count, 0);
  if (moveCount <= moveCountMax && judgedCount <= judgedCountMax) return undefined;
  return settleAccounts(state, [...counts.keys()], moveCountMax);
}

/** Most flushes end here: nothing is due on any of their accounts. */
function isAnyDue({ accounts, instant }: BookState): boolean {
  for (const account of accounts.values()) {
    const dueAt = nextDueAt(account);
    if (dueAt !== undefined && dueAt <= instant) return true;
  }
  return false;
}

/** So many terms take as long to look through, where one of them is due, as one move. */
const termsPerMove = 64;

function liveCountOf(state: BookState, id: AccountId): number {
  const { grants, holds, schedules } = state.accounts.get(id) ?? noTerms;
  return grants.length + holds.length + schedules.length;
}

const noTerms = { grants: [], holds: [], schedules: [] };

function dueCountOf(state: BookState, id: AccountId, countMax: number): number {
  const account = state.accounts.get(id);
  return account === undefined ? 0 : countDueMoves(account, state.instant, countMax);
}
