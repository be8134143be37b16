// From the ledger's messages to what the page shows.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Account, Balance, Entry, Event, Transaction } from '@scrip/contract';
import { AccountStatus, EntrySide } from '@scrip/contract';
import type { EntryRow } from '../state/account-history.ts';
import type { AccountView, SessionChange } from '../state/state.ts';

export function toAccountView(account: Account): AccountView {
  const { id, name, customerId, unitLabel, unitScale, balance, held, available } = account;
  const status = statusOf(account.status);
  const shown = { balance, held, available, changeCount: 0 };
  return { id, name, customerId, unitLabel, unitScale, status, balance: shown };
}

export function toBalanceChange({ accountId, balance, held, available }: Balance): SessionChange {
  return { kind: 'balance_seen', accountId, balance: { balance, held, available } };
}

/** A row of a page of entries. */
export function toEntryRow(entry: Entry): EntryRow {
  return { ...rowOf(entry, entry.createdAt), transactionId: entry.transactionId, isLive: false };
}

/** What an event of the feed changes on the page. */
export function toEventChanges({ change, createdAt }: Event): readonly SessionChange[] {
  switch (change.case) {
    case 'transactionPosted':
      return toPostedChanges(change.value.transaction, createdAt);
    case 'accountCreated':
      return [
        ...toAccountChanges(change.value.account),
        ...toPostedChanges(change.value.opening?.transaction, createdAt),
      ];
    case 'accountUpdated':
    case 'accountFrozen':
    case 'accountUnfrozen':
    case 'accountClosed':
      return toAccountChanges(change.value.account);
    // What a hold keeps, and what a grant has left, shows in the balance.
    case 'grantActivated':
    case 'grantExpired':
    case 'grantVoided':
    case 'grantIssued':
    case 'holdCreated':
    case 'holdExtended':
    case 'holdCaptured':
    case 'holdReleased':
    case 'holdExpired':
    case 'scheduleCreated':
    case 'scheduleEnded':
      return toPostedChanges(change.value.posted?.transaction, createdAt);
    // Neither moves anything yet.
    case 'grantScheduled':
    case 'clockAdvanced':
      return [];
    // Coupon credits are in no balance; and there may be kinds that are newer than this page.
    default:
      return [];
  }
}

function toAccountChanges(account: Account | undefined): readonly SessionChange[] {
  return account === undefined ? [] : [{ kind: 'account_seen', account: toAccountView(account) }];
}

function toPostedChanges(
  transaction: Transaction | undefined,
  createdAt: Timestamp | undefined,
): readonly SessionChange[] {
  if (transaction === undefined) return [];
  const { id, entries } = transaction;
  return entries.map((entry) => {
    const row = { ...rowOf(entry, createdAt), transactionId: id, isLive: true };
    return { kind: 'entry_seen', row };
  });
}

function rowOf(
  { id, accountId, side, amount, balanceAfter }: Entry,
  createdAt: Timestamp | undefined,
): Omit<EntryRow, 'transactionId' | 'isLive'> {
  return {
    id,
    accountId,
    side: side === EntrySide.DEBIT ? 'debit' : 'credit',
    amount,
    balanceAfter,
    createdAtMs: createdAt === undefined ? 0 : timestampMs(createdAt),
  };
}

function statusOf(status: AccountStatus): AccountView['status'] {
  switch (status) {
    case AccountStatus.FROZEN:
      return 'frozen';
    case AccountStatus.CLOSED:
      return 'closed';
    default:
      return 'active';
  }
}
