// The reader on PostgreSQL: each read is one statement.
import type { LedgerReader } from '@scrip/engine';
import { createAccountsByKey } from './accounts-by-key.ts';
import { readAccountPage, readHead } from './read-accounts.ts';
import { readBalanceThen } from './read-balance.ts';
import type { ReadContext } from './read-context.ts';
import { readEntryPage } from './read-entries.ts';
import { readTransaction, readTransactionByKey, readTransactionPage } from './read-transactions.ts';

/** Makes the reader. */
export function createReader(context: ReadContext): LedgerReader {
  const { balanceNow, ...byKey } = createAccountsByKey(context);
  return {
    ...byKey,
    head: (book) => readHead(context, book),
    accounts: (book, query) => readAccountPage(context, book, query),
    balance: (book, ref, point) =>
      point.kind === 'now' ? balanceNow(book, ref) : readBalanceThen(context, book, { ref, point }),
    entries: (book, ref, page) => readEntryPage(context, book, { ref, page }),
    transaction: (book, id) => readTransaction(context, book, id),
    transactionByKey: (book, key) => readTransactionByKey(context, book, key),
    transactions: (book, query) => readTransactionPage(context, book, query),
  };
}
