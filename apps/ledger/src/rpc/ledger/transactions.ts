// The RPCs that post and read transactions.
import {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoGetTransactionByKeyRequest,
  fromProtoGetTransactionRequest,
  fromProtoListTransactionsRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
  toProtoPostedResponse,
  toProtoSequence,
  toProtoTransaction,
} from '@scrip/codec';
import {
  CreditResponseSchema,
  DebitResponseSchema,
  PostTransactionResponseSchema,
  ReverseTransactionResponseSchema,
  TransactionSchema,
} from '@scrip/contract';
import { present } from '@scrip/kernel';
import { wireFormatOf } from '../wire-format.ts';
import { creditedOf, postedOf, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { endEarly } from './page-bytes.ts';

export function transactionRpcs({ submit, read }: LedgerParts) {
  return {
    credit: async (request, context) => {
      const done = await submit(context, fromProtoCreditRequest(request));
      return toProtoPostedResponse(CreditResponseSchema, creditedOf(done), wireFormatOf(context));
    },
    debit: async (request, context) => {
      const done = await submit(context, fromProtoDebitRequest(request));
      return toProtoPostedResponse(DebitResponseSchema, postedOf(done), wireFormatOf(context));
    },
    postTransaction: async (request, context) => {
      const done = await submit(context, fromProtoPostTransactionRequest(request));
      return toProtoPostedResponse(
        PostTransactionResponseSchema,
        postedOf(done),
        wireFormatOf(context),
      );
    },
    reverseTransaction: async (request, context) => {
      const done = await submit(context, fromProtoReverseTransactionRequest(request));
      return toProtoPostedResponse(
        ReverseTransactionResponseSchema,
        postedOf(done),
        wireFormatOf(context),
      );
    },
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
