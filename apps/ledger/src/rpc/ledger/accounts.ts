// The RPCs about accounts.
import {
  fromProtoAccountRef,
  fromProtoCloseAccountRequest,
  fromProtoCreateAccountRequest,
  fromProtoFreezeAccountRequest,
  fromProtoListAccountsRequest,
  fromProtoUnfreezeAccountRequest,
  fromProtoUpdateAccountRequest,
  toProtoAccount,
  toProtoSequence,
} from '@scrip/codec';
import { AccountSchema } from '@scrip/contract';
import { present } from '@scrip/kernel';
import { accountOf, type LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { endEarly } from './page-bytes.ts';

export function accountRpcs({ submit, read }: LedgerParts) {
  return {
    createAccount: async (request, context) => {
      const done = await submit(context, fromProtoCreateAccountRequest(request));
      return { account: accountOf(done), sequence: toProtoSequence(done.sequence) };
    },
    getAccount: async (request, context) => {
      const ref = fromProtoAccountRef(request.account);
      const { value, sequence } = await read({ request, context }, ref, ({ reader, book }, named) =>
        reader.account(book, named),
      );
      return {
        account: toProtoAccount(value, value.personal),
        sequence: toProtoSequence(sequence),
      };
    },
    listAccounts: async (request, context) => {
      const query = fromProtoListAccountsRequest(request);
      const { value, sequence } = await read(
        { request, context },
        query,
        ({ reader, book }, asked) => reader.accounts(book, asked),
      );
      const { totalSize } = value;
      const accounts = value.items.map((each) => toProtoAccount(each, each.personal));
      const isBackwards = request.cursor.case === 'endingBefore';
      const whole = { items: accounts, hasMore: value.hasMore };
      const { items, hasMore } = endEarly(AccountSchema, whole, isBackwards);
      return {
        accounts: [...items],
        hasMore,
        ...present('totalSize', totalSize === undefined ? undefined : BigInt(totalSize)),
        sequence: toProtoSequence(sequence),
      };
    },
    updateAccount: async (request, context) => {
      const done = await submit(context, fromProtoUpdateAccountRequest(request));
      return { account: accountOf(done), sequence: toProtoSequence(done.sequence) };
    },
    freezeAccount: async (request, context) => {
      const done = await submit(context, fromProtoFreezeAccountRequest(request));
      return { account: accountOf(done), sequence: toProtoSequence(done.sequence) };
    },
    unfreezeAccount: async (request, context) => {
      const done = await submit(context, fromProtoUnfreezeAccountRequest(request));
      return { account: accountOf(done), sequence: toProtoSequence(done.sequence) };
    },
    closeAccount: async (request, context) => {
      const done = await submit(context, fromProtoCloseAccountRequest(request));
      return { account: accountOf(done), sequence: toProtoSequence(done.sequence) };
    },
  } satisfies Partial<LedgerRpcs>;
}
