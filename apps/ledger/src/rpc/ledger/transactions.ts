// The RPCs that read transactions.
import {
  fromProtoGetTransactionByKeyRequest,
  fromProtoGetTransactionRequest,
  fromProtoListTransactionsRequest,
  toProtoSequence,
  toProtoTransaction,
} from '@scrip/codec';
import { TransactionSchema } from '@scrip/contract';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { toMessagesPage } from './messages-page.ts';

export function transactionRpcs({ read }: LedgerParts) {
  return {
    getTransaction: async (request, context) => {
      const query = fromProtoGetTransactionRequest(request);
      const { value, sequence } = await read(
        { request, context },
        query,
        ({ reader, book }, asked) => reader.transaction(book, asked),
      );
      return { transaction: toProtoTransaction(value), sequence: toProtoSequence(sequence) };
    },
    getTransactionByKey: async (request, context) => {
      const query = fromProtoGetTransactionByKeyRequest(request);
      const { value, sequence } = await read(
        { request, context },
        query,
        ({ reader, book }, asked) => reader.transactionByKey(book, asked),
      );
      return { transaction: toProtoTransaction(value), sequence: toProtoSequence(sequence) };
    },
    listTransactions: async (request, context) => {
      const query = fromProtoListTransactionsRequest(request);
      const told = await read({ request, context }, query, ({ reader, book }, asked) =>
        reader.transactions(book, asked),
      );
      const page = { ...told, isBackwards: request.cursor.case === 'endingBefore' };
      const { items, facts } = toMessagesPage(page, TransactionSchema, toProtoTransaction);
      return { transactions: items, ...facts };
    },
  } satisfies Partial<LedgerRpcs>;
}
