// The reader on PostgreSQL: each read is one statement.
import type { EventCodec, LedgerReader } from '@scrip/engine';
import type { MikroORM } from '@mikro-orm/postgresql';
import {
  findAccounts,
  readAccount,
  readAccountPage,
  readBalances,
  readHead,
} from './read-accounts.ts';
import { readBalanceThen } from './read-balance.ts';
import { createReadContext } from './read-context.ts';
import { readEntryPage } from './read-entries.ts';
import { readTransaction, readTransactionByKey, readTransactionPage } from './read-transactions.ts';

/** Makes the reader on an ORM whose connections are for reads. */
export function createReader(orm: MikroORM, codec: EventCodec): LedgerReader {
  const context = createReadContext(orm.em.fork().getKysely(), codec);
  return {
    head: (book) => readHead(context, book),
    account: (book, ref) => readAccount(context, book, ref),
    findAccounts: (book, refs) => findAccounts(context, book, refs),
    accounts: (book, query) => readAccountPage(context, book, query),
    balance: async (book, ref, point) => {
      if (point.kind !== 'now') return readBalanceThen(context, book, { ref, point });
      const found = await readBalances(context, book, [ref]);
      if (found.kind === 'refused') return found;
      const [view] = found.value;
      if (view === undefined) throw new Error('A balance was read and is not there.');
      return { ...found, value: view };
    },
    balances: (book, refs) => readBalances(context, book, refs),
    entries: (book, ref, page) => readEntryPage(context, book, { ref, page }),
    transaction: (book, id) => readTransaction(context, book, id),
    transactionByKey: (book, key) => readTransactionByKey(context, book, key),
    transactions: (book, query) => readTransactionPage(context, book, query),
  };
}
