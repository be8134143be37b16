// The model's things as the answers of the API have them.
import type { AccountAnswer, EntryAnswer, TransactionAnswer } from '../history/answer.ts';
import { formatAmount } from './amount.ts';
import type { ModelAccount, ModelEntry, ModelTransaction, ModelUnit } from './book.ts';

const statusNames = {
  active: 'ACCOUNT_STATUS_ACTIVE',
  frozen: 'ACCOUNT_STATUS_FROZEN',
  closed: 'ACCOUNT_STATUS_CLOSED',
} as const;

export function toAccountAnswer(account: ModelAccount): AccountAnswer {
  const { id, customerId, name, unit, externalId, displayName } = account;
  const balance = formatAmount(account.balance, unit.scale);
  return {
    id,
    customerId,
    name,
    ...toUnitAnswer(unit),
    status: statusNames[account.status],
    balance,
    held: '0',
    available: balance,
    externalId,
    ...(displayName === '' ? {} : { displayName }),
    createdAt: account.createdAt,
    updatedAt: account.updatedAt,
    sequence: String(account.sequence),
  };
}

export function toTransactionAnswer(transaction: ModelTransaction): TransactionAnswer {
  const { id, kind, reference, idempotencyKey, unit, reversalOf, metadata } = transaction;
  return {
    id,
    kind,
    reference,
    idempotencyKey,
    ...toUnitAnswer(unit),
    entries: transaction.lines.map((line) => ({
      id: line.id,
      accountId: line.account.id,
      side: line.side,
      amount: formatAmount(line.amount, unit.scale),
      balanceAfter: formatAmount(line.balanceAfter, unit.scale),
    })),
    ...(reversalOf === undefined ? {} : { reversalOf }),
    ...(metadata === undefined ? {} : { metadata }),
    createdAt: transaction.createdAt,
    sequence: String(transaction.sequence),
  };
}

export function toEntryAnswer(account: ModelAccount, entry: ModelEntry): EntryAnswer {
  const { id, side, transaction } = entry;
  const { scale } = account.unit;
  return {
    id,
    accountId: account.id,
    side,
    amount: formatAmount(entry.amount, scale),
    balanceAfter: formatAmount(entry.balanceAfter, scale),
    transactionId: transaction.id,
    sequence: String(transaction.sequence),
    createdAt: transaction.createdAt,
  };
}

/** A balance as it is at the sequence. */
export function toBalanceAnswer(account: ModelAccount, sequence: number) {
  const balance = formatAmount(account.balance, account.unit.scale);
  return {
    accountId: account.id,
    ...toUnitAnswer(account.unit),
    balance,
    held: '0',
    available: balance,
    updatedAt: account.balanceAt,
    ...(sequence === 0 ? {} : { sequence: String(sequence) }),
  };
}

function toUnitAnswer({ label, scale }: ModelUnit) {
  return { unitLabel: label, ...(scale === 0 ? {} : { unitScale: scale }) };
}
