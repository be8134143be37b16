// The RPCs that read transactions.
import {
  fromProtoGetTransactionByKeyRequest,
  fromProtoGetTransactionRequest,
  fromProtoListTransactionsRequest,
  toProtoSequence,
  toProtoTransaction,
} from '@scrip/codec';
import { TransactionSchema } from '@scrip/contract';
import { present } from '@scrip/kernel';
import type { LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { endEarly } from './page-bytes.ts';

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
      const { value, sequence } = await read(
        { request, context },
        query,
        ({ reader, book }, asked) => reader.transactions(book, asked),
      );
      const whole = { items: value.items.map(toProtoTransaction), hasMore: value.hasMore };
      const isBackwards = request.cursor.case === 'endingBefore';
      const { items, hasMore } = endEarly(TransactionSchema, whole, isBackwards);
      return {
        transactions: [...items],
        hasMore,
        ...present(
          'totalSize',
          value.totalSize === undefined ? undefined : BigInt(value.totalSize),
        ),
        sequence: toProtoSequence(sequence),
      };
    },
  } satisfies Partial<LedgerRpcs>;
}
