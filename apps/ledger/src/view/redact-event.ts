// An event as the bearer of an access token sees it: what happened to accounts of their own, and
// nothing that tells of the rest of the book.
import type {
  AccountId,
  AccountSnapshot,
  BookEvent,
  Change,
  Posting,
  Sequence,
} from '@scrip/kernel';

/** Stands for every sequence: they would tell how much happens in the book. */
const noSequence = 0 as Sequence;

/** The event without all that is not for the owner of these accounts to know. */
export function redactEvent(event: BookEvent, own: ReadonlySet<AccountId>): BookEvent {
  return {
    sequence: noSequence,
    createdAt: event.createdAt,
    change: redactChange(event.change, own),
  };
}

/** The accounts that an event touches. */
export function accountIdsOf({ change }: BookEvent): readonly AccountId[] {
  if (change.kind === 'transaction_posted') return entryAccountIds(change.posting);
  return [change.account.id];
}

function entryAccountIds({ transaction }: Posting): readonly AccountId[] {
  return transaction.entries.map((entry) => entry.accountId);
}

function redactChange(change: Change, own: ReadonlySet<AccountId>): Change {
  switch (change.kind) {
    case 'transaction_posted':
      return { kind: change.kind, posting: redactPosting(change.posting, own) };
    case 'account_created': {
      const { kind, opening } = change;
      const account = redactAccount(change.account);
      if (opening === undefined) return { kind, account };
      return { kind, account, opening: redactPosting(opening, own) };
    }
    case 'account_updated': {
      const { kind, changedFields } = change;
      return { kind, account: redactAccount(change.account), changedFields };
    }
    case 'account_frozen':
    case 'account_unfrozen':
    case 'account_closed':
      return { kind: change.kind, account: redactAccount(change.account) };
  }
}

// Fields are named one by one, so that what is added one day is not shown by mistake.
function redactPosting({ transaction }: Posting, own: ReadonlySet<AccountId>): Posting {
  const { id, kind, unit, createdAt } = transaction;
  const entries = transaction.entries.filter((entry) => own.has(entry.accountId));
  const hidden = { reference: '', idempotencyKey: '', sequence: noSequence };
  return { transaction: { id, kind, unit, entries, createdAt, ...hidden } };
}

function redactAccount(account: AccountSnapshot): AccountSnapshot {
  const { id, customerId, name, unit, status, balance, held, createdAt, updatedAt } = account;
  const shown = { id, customerId, name, unit, status, balance, held, createdAt, updatedAt };
  return { ...shown, sequence: noSequence };
}
