// The ledger's transactions as this API shows them: from the side of one account.
import type { Transaction } from '@scrip/contract';
import { EntrySide } from '@scrip/contract';
import type { Static } from 'typebox';
import { isoSeconds } from '../../instants.ts';
import { exactNumber } from '../../json/parse-json.ts';
import { known } from '../../known.ts';
import { toShownAccountId, toShownTransactionId } from '../ids.ts';
import type { NewTransactionSchema, TransactionSchema } from './schemas.ts';

/** A transaction that was just made: it does not repeat what was sent. */
export function presentNewTransaction(
  transaction: Transaction,
): Static<typeof NewTransactionSchema> {
  const { description: _, metadata: __, ...shown } = presentTransaction(transaction);
  return shown;
}

/** As the account sees it; as its first one does when none is named. */
export function presentTransaction(
  transaction: Transaction,
  accountId?: string,
): Static<typeof TransactionSchema> {
  const { entries } = transaction;
  const entry = known(entries.find((each) => each.accountId === accountId) ?? entries[0]);
  return {
    id: toShownTransactionId(transaction.id),
    accountId: toShownAccountId(entry.accountId),
    type: entry.side === EntrySide.CREDIT ? 'credit' : 'debit',
    amount: exactNumber(entry.amount),
    description: transaction.reference,
    balanceAfter: exactNumber(entry.balanceAfter),
    metadata: transaction.metadata ?? {},
    createdAt: isoSeconds(transaction.createdAt),
  };
}
