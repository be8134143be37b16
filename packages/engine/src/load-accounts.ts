// The accounts that the groups at hand need. Their live terms are loaded with them: where those are
// very many, the groups behind are left to the next unit of work.
import {
  accountIdsOf,
  accountRefsOf,
  type AccountId,
  type BookState,
  type Command,
  type GrantId,
  type HoldId,
  type ScheduleId,
  type TransactionId,
} from '@scrip/kernel';
import type { BookCache } from './book-cache.ts';
import { loadedTermCountMax } from './limits.ts';
import type { UnitOfWork } from './port/journal.ts';
import type { CommandGroup } from './waiting-queue.ts';

interface AccountSource {
  readonly unit: UnitOfWork;
  readonly cache: BookCache;
}

/** Loads accounts; answers how many of the first groups have all of theirs: one or more. */
export async function loadAccounts(
  state: BookState,
  { unit, cache }: AccountSource,
  groups: readonly CommandGroup[],
): Promise<number> {
  const missing = new Set<string>();
  const need = (id: string): void => {
    if (state.accounts.has(id as AccountId)) return;
    const account = cache.account(id as AccountId);
    if (account === undefined) missing.add(id);
    else state.accounts.set(account.id, account);
  };
  for (const group of groups) nameAccounts(state, group, need);
  let left: ReadonlySet<string> = missing;
  let groupCount = left.size === 0 ? groups.length : 0;
  // One group is decided in one unit of work, whatever its accounts have: in several looks then, so
  // that none takes longer than the database waits.
  while (groupCount === 0) {
    const { accounts, leftIds } = await unit.loadAccounts([...left], loadedTermCountMax);
    for (const account of accounts) state.accounts.set(account.id, account);
    left = new Set(leftIds);
    groupCount = wholeGroupCount(state, groups, left);
  }
  return groupCount;
}

/** How many groups come before the first one that needs an account which was left. */
function wholeGroupCount(
  state: BookState,
  groups: readonly CommandGroup[],
  left: ReadonlySet<string>,
): number {
  if (left.size === 0) return groups.length;
  const index = groups.findIndex((group) => {
    let isWhole = true;
    nameAccounts(state, group, (id) => {
      if (left.has(id)) isWhole = false;
    });
    return !isWhole;
  });
  return index === -1 ? groups.length : index;
}

function nameAccounts(
  state: BookState,
  { commands }: CommandGroup,
  need: (id: string) => void,
): void {
  for (const command of commands) {
    for (const ref of accountRefsOf(command)) {
      const id = ref.kind === 'id' ? ref.id : state.accountIdsByExternalId.get(ref.externalId);
      if (id !== undefined) need(id);
    }
    // Most commands name nothing but accounts, with a key that is new.
    const isPlain = command.kind === 'credit' || command.kind === 'debit';
    if (!isPlain || state.eventsByKey.size > 0) accountIdsAtHand(state, command).forEach(need);
  }
}

/** The accounts of the events and terms at hand that a command names. */
function accountIdsAtHand(state: BookState, command: Command): readonly string[] {
  const ids: string[] = [];
  const { idempotencyKey } = command;
  const recorded = idempotencyKey === undefined ? undefined : state.eventsByKey.get(idempotencyKey);
  if (recorded !== undefined) ids.push(...accountIdsOf(recorded.event));
  if (command.kind === 'reverse_transaction') {
    const transactionId = command.transactionId as TransactionId;
    for (const events of [state.eventsByTransactionId, state.reversalsByTransactionId]) {
      const event = events.get(transactionId);
      if (event !== undefined) ids.push(...accountIdsOf(event));
    }
  }
  const term =
    ('holdId' in command ? state.holds.get(command.holdId as HoldId) : undefined) ??
    (command.kind === 'void_grant' ? state.grants.get(command.grantId as GrantId) : undefined) ??
    (command.kind === 'end_schedule'
      ? state.schedules.get(command.scheduleId as ScheduleId)
      : undefined);
  if (term !== undefined) ids.push(term.accountId);
  return ids;
}
