// What the commands at hand need of the book: from the cache where it holds, else by look-ups that
// run under the lock.
import {
  accountRefsOf,
  createBookState,
  holdOf,
  laterInstant,
  nameIndex,
  nameKey,
  postingOf,
  type BookEvent,
  type BookState,
  type Command,
  type CreateAccount,
  type RecordedEvent,
  type ReverseTransaction,
} from '@scrip/kernel';
import { loadAccounts } from './load-accounts.ts';
import { loadCoupons } from './load-coupons.ts';
import type { BookCache } from './book-cache.ts';
import type { Book } from './port/book.ts';
import type { LockedHead, UnitOfWork } from './port/journal.ts';
import type { CommandGroup } from './waiting-queue.ts';

/** What a working set is loaded from. */
export interface LoadSource {
  readonly book: Book;
  readonly head: LockedHead;
  readonly unit: UnitOfWork;
  /** The events that keys of the commands made. */
  readonly recorded: readonly RecordedEvent[];
  /** Already fenced against `head`. */
  readonly cache: BookCache;
}

/** A working set, and the groups that it is whole for. */
export interface LoadedGroups {
  readonly loaded: BookState;
  /** All, or as many of the first ones as their accounts do not have too many terms. */
  readonly groups: readonly CommandGroup[];
}

/**
 * Loads a working set: every map holds all that the commands of the groups in the answer name, if
 * it exists in the book.
 */
export async function loadWorkingSet(
  source: LoadSource,
  groups: readonly CommandGroup[],
): Promise<LoadedGroups> {
  const { book, head } = source;
  const commands = groups.flatMap((group) => group.commands);
  const instant = laterInstant(head.lastInstant, head.now);
  const state = createBookState(book, { sequence: head.sequence, instant });
  noteRecorded(state, source);
  // Most commands name nothing but accounts.
  const others = commands.filter(({ kind }) => kind !== 'credit' && kind !== 'debit');
  if (others.length > 0) {
    await loadReversals(state, source, others);
    await loadTerms(state, source, others);
    await loadCoupons(state, source, others);
    await loadNames(state, source, others);
  }
  await loadExternalIds(state, source, commands);
  const groupCount = await loadAccounts(state, source, groups);
  await loadUnits(state, source, commands);
  return { loaded: state, groups: groups.slice(0, groupCount) };
}

function noteRecorded(state: BookState, { recorded }: LoadSource): void {
  for (const each of recorded) {
    const key = each.event.idempotencyKey;
    if (key !== undefined) state.eventsByKey.set(key, each);
  }
}

async function loadReversals(
  state: BookState,
  { unit }: LoadSource,
  commands: readonly Command[],
): Promise<void> {
  const reversals = commands.filter(isReversal);
  const ids = distinctOf(reversals, (command) => command.transactionId);
  if (ids.length === 0) return;
  for (const event of await unit.findEventsByTransactionId(ids)) {
    const transaction = postingOf(event)?.transaction;
    if (transaction === undefined) continue;
    state.eventsByTransactionId.set(transaction.id, event);
    if (transaction.reversalOf !== undefined) {
      state.reversalsByTransactionId.set(transaction.reversalOf, event);
    }
  }
}

/** What commands name by the id of a grant, a hold or a schedule, or give back by a reversal. */
async function loadTerms(
  state: BookState,
  { unit }: LoadSource,
  commands: readonly Command[],
): Promise<void> {
  const grantIds = new Set(
    distinctOf(commands, (each) => (each.kind === 'void_grant' ? each.grantId : undefined)),
  );
  for (const event of state.eventsByTransactionId.values()) {
    for (const id of grantIdsOf(event)) grantIds.add(id);
  }
  const holdIds = distinctOf(commands, (each) => ('holdId' in each ? each.holdId : undefined));
  const scheduleIds = distinctOf(commands, (each) =>
    each.kind === 'end_schedule' ? each.scheduleId : undefined,
  );
  if (grantIds.size + holdIds.length + scheduleIds.length === 0) return;
  const found = await unit.findTerms({ grantIds: [...grantIds], holdIds, scheduleIds });
  for (const grant of found.grants) state.grants.set(grant.id, grant);
  for (const hold of found.holds) state.holds.set(hold.id, hold);
  for (const schedule of found.schedules) state.schedules.set(schedule.id, schedule);
  for (const event of found.endings) noteEnding(state, event);
}

/** The grants that a transaction took from or gave to. */
function grantIdsOf(event: BookEvent): readonly string[] {
  const entries = postingOf(event)?.transaction.entries ?? [];
  return entries.flatMap((entry) =>
    (entry.allocations ?? []).flatMap(({ grantId }) => grantId ?? []),
  );
}

function noteEnding(state: BookState, event: BookEvent): void {
  const { change } = event;
  if (change.kind === 'grant_voided') state.endingsById.set(change.grants[0].id, event);
  const ended = holdOf(event) ?? ('schedule' in change ? change.schedule : undefined);
  if (ended !== undefined) state.endingsById.set(ended.id, event);
}

async function loadNames(
  state: BookState,
  { unit }: LoadSource,
  commands: readonly Command[],
): Promise<void> {
  const namesByIndex = new Map(
    commands.filter(isCreation).flatMap(({ customerId, name }) => {
      if (customerId === undefined) return [];
      return [[nameIndex(customerId, name), { customerId, nameKey: nameKey(name) }]];
    }),
  );
  if (namesByIndex.size === 0) return;
  for (const [index, id] of await unit.findAccountIdsByName([...namesByIndex.values()])) {
    state.accountIdsByName.set(index, id);
  }
}

async function loadExternalIds(
  state: BookState,
  { unit, cache }: LoadSource,
  commands: readonly Command[],
): Promise<void> {
  const named = new Set<string>();
  for (const command of commands) {
    if (isCreation(command) && command.externalId !== undefined) named.add(command.externalId);
    for (const ref of accountRefsOf(command)) {
      if (ref.kind === 'external_id') named.add(ref.externalId);
    }
  }
  const missing: string[] = [];
  for (const externalId of named) {
    const id = cache.accountId(externalId);
    if (id === undefined) missing.push(externalId);
    else state.accountIdsByExternalId.set(externalId, id);
  }
  if (missing.length === 0) return;
  for (const [externalId, id] of await unit.findAccountIdsByExternalId(missing)) {
    state.accountIdsByExternalId.set(externalId, id);
  }
}

async function loadUnits(
  state: BookState,
  { unit, cache }: LoadSource,
  commands: readonly Command[],
): Promise<void> {
  const labels = new Set(commands.filter(isCreation).map((command) => command.unitLabel));
  for (const { unit: ofAccount } of state.accounts.values()) labels.add(ofAccount.label);
  const missing: string[] = [];
  for (const label of labels) {
    const balances = cache.unit(label);
    if (balances === undefined) missing.push(label);
    else state.units.set(label, balances);
  }
  if (missing.length === 0) return;
  for (const balances of await unit.loadUnits(missing)) state.units.set(balances.label, balances);
}

function isCreation(command: Command): command is CreateAccount {
  return command.kind === 'create_account';
}

function isReversal(command: Command): command is ReverseTransaction {
  return command.kind === 'reverse_transaction';
}

/** What is named by items, once each. */
export function distinctOf<Item, T extends string>(
  items: Iterable<Item>,
  nameOf: (item: Item) => T | undefined,
): readonly T[] {
  const names = new Set<T>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) names.add(name);
  }
  return [...names];
}
