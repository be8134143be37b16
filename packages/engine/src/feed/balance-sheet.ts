// The balances of some accounts as the events move them: the latest of each, and what is unsent.
import {
  accountIdsOf,
  grantsOf,
  postingOf,
  type AccountId,
  type BookEvent,
  type GrantId,
  type Instant,
} from '@scrip/kernel';
import type { BalanceView } from '../port/reader.ts';
import type { FeedEvent } from './feed.ts';

/** Balances that are kept current. */
export interface BalanceSheet {
  /** Takes an event of the accounts, before the snapshot or after it. */
  take(event: FeedEvent): void;
  /**
   * Takes balances that were read at one sequence. Older events are then passed over, and of what
   * the balances counted before it was booked, up to an instant, nothing is told.
   */
  begin(views: readonly BalanceView[], settledTo?: Instant): void;
  /** The latest balance of an account that has changed and was not given yet. */
  next(): BalanceView | undefined;
}

/** Makes an empty sheet. With a customer, it takes the accounts that are made for them. */
export function createBalanceSheet(customerId?: string): BalanceSheet {
  let early: EarlyEvents | undefined = createEarlyEvents();
  const views = new Map<AccountId, BalanceView>();
  const unsent = new Set<AccountId>();
  let counted: CountedMoves | undefined;

  const open = ({ sequence, createdAt, change }: BookEvent): void => {
    if (change.kind !== 'account_created' || change.account.customerId !== customerId) return;
    const { id, unit, balance, held } = change.account;
    if (views.has(id)) return;
    views.set(id, { accountId: id, unit, balance, held, updatedAt: createdAt, sequence });
    unsent.add(id);
  };
  const apply = ({ event }: FeedEvent): void => {
    open(event);
    const isNews = counted?.take(event) !== true;
    for (const [id, change] of changesOf(event)) {
      const view = views.get(id);
      if (view === undefined || event.sequence <= view.sequence) continue;
      const changed = { ...view, ...change, sequence: event.sequence };
      views.set(id, changed);
      if (isNews && isOther(view, changed)) unsent.add(id);
    }
  };
  return {
    take: (event) => {
      if (early === undefined) apply(event);
      else early.add(event);
    },
    begin: (read, settledTo) => {
      for (const view of read) views.set(view.accountId, view);
      if (settledTo !== undefined) counted = createCountedMoves(read, settledTo);
      const events = early?.inOrder() ?? [];
      early = undefined;
      events.forEach(apply);
    },
    next: () => {
      const [id] = unsent;
      if (id === undefined) return undefined;
      unsent.delete(id);
      return views.get(id);
    },
  };
}

type Change = Partial<Pick<BalanceView, 'balance' | 'held' | 'updatedAt'>>;

/** What an event says of accounts. A change of status does not move the instant of a balance. */
function changesOf(event: BookEvent): ReadonlyMap<AccountId, Change> {
  const { change, createdAt } = event;
  if ('account' in change) {
    const { id, balance, held } = change.account;
    return new Map([[id, { balance, held }]]);
  }
  const changes = new Map<AccountId, Change>();
  // An account can have several entries: the last one tells its balance.
  for (const { accountId, balanceAfter } of postingOf(event)?.transaction.entries ?? []) {
    changes.set(accountId, { balance: balanceAfter, updatedAt: createdAt });
  }
  if ('heldAfter' in change) {
    const { accountId } = change.hold;
    changes.set(accountId, { ...changes.get(accountId), held: change.heldAfter });
  }
  return changes;
}

function isOther(a: BalanceView, b: BalanceView): boolean {
  return a.balance !== b.balance || a.held !== b.held || a.updatedAt !== b.updatedAt;
}

/** Due moves that balances counted when they were read, though nobody had booked them. */
interface CountedMoves {
  /** Takes an event of the accounts, in order; answers whether it is one of them. */
  take(event: BookEvent): boolean;
}

/**
 * They are the first events of each account: what is due is booked before anything else is done. It
 * can be many commits, and until the last one the book is behind what was read.
 */
function createCountedMoves(read: readonly BalanceView[], settledTo: Instant): CountedMoves {
  const sequences = new Map(read.map(({ accountId, sequence }) => [accountId, sequence]));
  const voidedIds = new Set<GrantId>();
  const isMove = ({ change }: BookEvent): boolean => {
    // A void that follows from a move has no instant of its own.
    if (change.kind === 'grant_voided') return voidedIds.has(change.grants[0].id);
    // What is due at that very instant may have come about after it.
    return (dueAtOf(change) ?? settledTo) < settledTo;
  };
  return {
    take: (event) => {
      const ids = accountIdsOf(event);
      if (isMove(event) && ids.every((id) => sequences.has(id))) {
        for (const { id, status } of grantsOf(event)) if (status === 'voided') voidedIds.add(id);
        return true;
      }
      for (const id of ids) {
        if (event.sequence > (sequences.get(id) ?? event.sequence)) sequences.delete(id);
      }
      return false;
    },
  };
}

function dueAtOf(change: BookEvent['change']): Instant | undefined {
  return 'dueAt' in change ? change.dueAt : undefined;
}

/** What came before the snapshot: of each account the latest that tells all. */
interface EarlyEvents {
  add(event: FeedEvent): void;
  inOrder(): readonly FeedEvent[];
}

function createEarlyEvents(): EarlyEvents {
  const events = new Map<string, FeedEvent>();
  return {
    add: (event) => {
      const about = aboutOf(event.event);
      for (const id of accountIdsOf(event.event)) events.set(`${about} ${id}`, event);
    },
    inOrder: () => [...new Set(events.values())].toSorted((a, b) => a.sequence - b.sequence),
  };
}

/** What an event says something about; the latest of each kind tells all of that. */
function aboutOf(event: BookEvent): string {
  const { change } = event;
  // No due move takes the place of what ends the counted ones.
  const cause = dueAtOf(change) === undefined ? 'call' : 'due';
  return `${cause} ${partOf(event)}`;
}

function partOf(event: BookEvent): string {
  const { change } = event;
  if (change.kind === 'account_created') return 'creation';
  if ('account' in change) return 'status';
  if ('heldAfter' in change) return 'posting' in change ? 'capture' : 'hold';
  // Others say nothing of a balance, and take no place from one that does.
  return postingOf(event) === undefined ? 'terms' : 'posting';
}
