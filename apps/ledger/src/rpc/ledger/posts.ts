// The RPCs that post a transaction.
import {
  fromProtoCreditRequest,
  fromProtoDebitRequest,
  fromProtoPostTransactionRequest,
  fromProtoReverseTransactionRequest,
  toProtoPostedResponse,
} from '@scrip/codec';
import {
  CreditResponseSchema,
  DebitResponseSchema,
  PostTransactionResponseSchema,
  ReverseTransactionResponseSchema,
} from '@scrip/contract';
import { wireFormatOf } from '../wire-format.ts';
import { creditedOf, postedOf, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';

export function postRpcs({ submit }: LedgerParts) {
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
  } satisfies Partial<LedgerRpcs>;
}
