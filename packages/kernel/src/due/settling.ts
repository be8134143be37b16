// Accounts while they are settled: what is live of them by id, and what is due in order, so that a
// move costs the same whether there is little else on its account or very much.
import type { Account } from '../account/account.ts';
import { applyMove, type LiveTermsKeeper } from '../book/apply.ts';
import type { BookState } from '../book/book-state.ts';
import type { BookEvent } from '../book/event.ts';
import { overlayState } from '../book/overlay.ts';
import { isLive, type Grant } from '../grant/grant.ts';
import { isPending, type Hold } from '../hold/hold.ts';
import { isActive, type Schedule } from '../schedule/schedule.ts';
import { assert } from '../value/assert.ts';
import { createHeap, type Heap } from '../value/heap.ts';
import type { AccountId, GrantId, HoldId, ScheduleId } from '../value/id.ts';
import {
  dueSchedules,
  moveOfGrant,
  moveOfHold,
  moveOfSchedule,
  type DueMove,
  type MovedAccount,
} from './due-moves.ts';

/** Accounts that are being settled. The state below stays as it is. */
export interface Settling {
  /** What is live of its accounts stays as it was until `finish`. */
  readonly state: BookState;
  /** Takes the next move that is due, of the account that it happens to. */
  takeDue(): { readonly accountId: AccountId; readonly move: DueMove } | undefined;
  /** An account as it is by now. */
  moved(accountId: AccountId): MovedAccount;
  apply(event: BookEvent): void;
  /** Puts what is live of the accounts into the state, which is then as any other. */
  finish(): BookState;
}

/** What is live of an account, each list by age. Changed in place. */
interface WorkingTerms {
  readonly booked: Account;
  readonly isClosed: boolean;
  readonly grants: Map<GrantId, Grant>;
  readonly holds: Map<HoldId, Hold>;
  readonly schedules: Map<ScheduleId, Schedule>;
  readonly leftBySchedule: Map<ScheduleId, bigint>;
}

/** Begins to settle accounts, on a state of its own above the one that is given. */
export function createSettling(below: BookState, accountIds: readonly AccountId[]): Settling {
  const state = overlayState(below);
  const termsById = new Map<AccountId, WorkingTerms>();
  const dues: Due[] = [];
  for (const id of accountIds) {
    const account = state.accounts.get(id);
    if (account === undefined || termsById.has(id)) continue;
    termsById.set(id, workingTermsOf(account));
    for (const move of movesOf(account)) noteDue(dues, { state, accountId: id }, move);
  }
  const heap = createHeap(dues, compareDues);
  const termsOf = (id: AccountId): WorkingTerms => {
    const terms = termsById.get(id);
    assert(terms !== undefined, 'the account of a move is settled');
    return terms;
  };
  const keeper = createKeeper(state, termsOf, heap);
  return {
    state,
    takeDue: () => {
      for (let due = heap.pop(); due !== undefined; due = heap.pop()) {
        const move = moveNow(termsOf(due.accountId), due.move);
        if (move !== undefined) return { accountId: due.accountId, move };
      }
      return undefined;
    },
    moved: (id) => {
      const { grants, leftBySchedule } = termsOf(id);
      const account = state.accounts.get(id);
      assert(account !== undefined, 'the account of a due move exists');
      return {
        account,
        find: (grantId) => grants.get(grantId),
        leftOf: (scheduleId) => leftBySchedule.get(scheduleId) ?? 0n,
      };
    },
    apply: (event) => applyMove(state, event, keeper),
    finish: () => {
      for (const [id, terms] of termsById) {
        const account = state.accounts.get(id);
        if (account === undefined || account === terms.booked) continue;
        state.accounts.set(id, { ...account, ...listsOf(terms) });
      }
      return state;
    },
  };
}

function workingTermsOf(account: Account): WorkingTerms {
  const terms = {
    booked: account,
    isClosed: account.status === 'closed',
    grants: new Map(account.grants.map((grant) => [grant.id, grant])),
    holds: new Map(account.holds.map((hold) => [hold.id, hold])),
    schedules: new Map(account.schedules.map((schedule) => [schedule.id, schedule])),
    leftBySchedule: new Map<ScheduleId, bigint>(),
  };
  for (const grant of account.grants) noteLeft(terms, grant, 0n);
  return terms;
}

function listsOf({ grants, holds, schedules }: WorkingTerms) {
  return {
    grants: [...grants.values()],
    holds: [...holds.values()],
    schedules: [...schedules.values()],
  };
}

function noteLeft({ leftBySchedule }: WorkingTerms, grant: Grant, before: bigint): void {
  const { scheduleId, remaining } = grant;
  if (scheduleId === undefined) return;
  leftBySchedule.set(scheduleId, (leftBySchedule.get(scheduleId) ?? 0n) + remaining - before);
}

/** A move among those of all accounts. In which order these were named makes no difference. */
interface Due {
  readonly accountId: AccountId;
  readonly move: DueMove;
  /** Of what moves, by the one event that made it alone: schedules issue in their order. */
  readonly age: number;
}

function compareDues(a: Due, b: Due): number {
  return a.move.dueAt - b.move.dueAt || a.move.sequence - b.move.sequence || a.age - b.age;
}

interface DueAccount {
  readonly state: BookState;
  readonly accountId: AccountId;
}

function noteDue(
  dues: Pick<Heap<Due>, 'push'>,
  { state, accountId }: DueAccount,
  move: DueMove | undefined,
): void {
  if (move === undefined || move.dueAt > state.instant) return;
  const { subject, sequence } = move;
  const age = subject.kind === 'grant_issued' ? subject.schedule.sequence : sequence;
  dues.push({ accountId, move, age });
}

function* movesOf(account: Account): Generator<DueMove | undefined> {
  for (const grant of account.grants) yield moveOfGrant(grant);
  for (const hold of account.holds) yield moveOfHold(hold);
  for (const schedule of dueSchedules(account)) yield moveOfSchedule(schedule);
}

/** A move as other moves left what it is about; none when they have made an end of it. */
function moveNow(terms: WorkingTerms, { subject }: DueMove): DueMove | undefined {
  switch (subject.kind) {
    case 'hold_expired': {
      const hold = terms.holds.get(subject.hold.id);
      return hold && moveOfHold(hold);
    }
    case 'grant_issued': {
      const schedule = terms.schedules.get(subject.schedule.id);
      return schedule && moveOfSchedule(schedule);
    }
    default: {
      const grant = terms.grants.get(subject.grant.id);
      return grant && moveOfGrant(grant);
    }
  }
}

/** Keeps what is live in the working terms, and notes what becomes due by it. */
function createKeeper(
  state: BookState,
  termsOf: (id: AccountId) => WorkingTerms,
  heap: Heap<Due>,
): LiveTermsKeeper {
  return {
    remainingOf: ({ id }, hold) => termsOf(id).holds.get(hold.id)?.remaining ?? 0n,
    keepGrants: (account, changed) => {
      const terms = termsOf(account.id);
      for (const grant of changed) {
        const before = terms.grants.get(grant.id);
        replace(terms.grants, grant, isLive(grant));
        noteLeft(terms, grant, before?.remaining ?? 0n);
        // One that was there in this status is in the heap already.
        if (before?.status === grant.status || !isLive(grant)) continue;
        noteDue(heap, { state, accountId: account.id }, moveOfGrant(grant));
      }
      return account;
    },
    keepHold: (account, hold) => {
      replace(termsOf(account.id).holds, hold, isPending(hold));
      return account;
    },
    keepSchedule: (account, schedule) => {
      const terms = termsOf(account.id);
      replace(terms.schedules, schedule, isActive(schedule));
      const move = terms.isClosed ? undefined : moveOfSchedule(schedule);
      noteDue(heap, { state, accountId: account.id }, move);
      return account;
    },
  };
}

/** Maps keep their order: what is replaced keeps its place, and what is new is the youngest. */
function replace<K extends string, V extends { readonly id: K }>(
  items: Map<K, V>,
  changed: V,
  isKept: boolean,
): void {
  if (isKept) items.set(changed.id, changed);
  else items.delete(changed.id);
}
