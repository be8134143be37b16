// The ledger's messages as the Customer Credits API shows them.
import type { Account, Balance, Entry, Transaction } from '@scrip/contract';
import { AccountStatus, EntrySide } from '@scrip/contract';
import type { Static } from 'typebox';
import { isoInstant } from '../instants.ts';
import { known } from '../known.ts';
import type { AccountSchema, BalanceSchema, EntrySchema, TransactionSchema } from './schemas.ts';

const statusNames = new Map<AccountStatus, Static<typeof AccountSchema>['status']>([
  [AccountStatus.ACTIVE, 'active'],
  [AccountStatus.FROZEN, 'frozen'],
  [AccountStatus.CLOSED, 'closed'],
]);
const sideNames = new Map<EntrySide, Static<typeof EntrySchema>['side']>([
  [EntrySide.CREDIT, 'credit'],
  [EntrySide.DEBIT, 'debit'],
]);

export function presentAccount(
  account: Account | undefined,
  storeId: string,
): Static<typeof AccountSchema> {
  const { id, customerId, name, unitLabel, status, createdAt, updatedAt } = known(account);
  return {
    id,
    store_id: storeId,
    customer_id: customerId,
    name,
    unit_label: unitLabel,
    status: known(statusNames.get(status)),
    created_at: isoInstant(createdAt),
    updated_at: isoInstant(updatedAt),
  };
}

/** The present balance, with the instant of the last change. */
export function presentBalance(balance: Balance | undefined): Static<typeof BalanceSchema> {
  const { balance: amount, updatedAt } = known(balance);
  return { balance: amount, updated_at: isoInstant(updatedAt) };
}

/** A past balance, with the instant that was asked for. */
export function presentBalanceAt(
  balance: Balance | undefined,
  asOf: string,
): Static<typeof BalanceSchema> {
  return { balance: known(balance).balance, as_of: asOf };
}

export function presentTransaction(
  transaction: Transaction | undefined,
  storeId: string,
): Static<typeof TransactionSchema> {
  const { id, reference, idempotencyKey, reversalOf, entries, createdAt } = known(transaction);
  return {
    id,
    store_id: storeId,
    reference,
    idempotency_key: idempotencyKey,
    ...(reversalOf === undefined ? {} : { reversal_of: reversalOf }),
    entries: entries.map((entry) => presentEntry({ ...entry, transactionId: id, createdAt })),
    created_at: isoInstant(createdAt),
  };
}

export function presentEntry(
  entry: Pick<Entry, 'id' | 'transactionId' | 'accountId' | 'side' | 'amount' | 'createdAt'>,
): Static<typeof EntrySchema> {
  return {
    id: entry.id,
    transaction_id: entry.transactionId,
    account_id: entry.accountId,
    side: known(sideNames.get(entry.side)),
    amount: entry.amount,
    created_at: isoInstant(entry.createdAt),
  };
}

/** A page as the cursor lists write it. */
export function presentList<Item>(data: Item[], hasMore: boolean) {
  return { object: 'list' as const, data, has_more: hasMore };
}
