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
import { AccountSchema, type Account } from '@scrip/contract';
import { assert } from '@scrip/kernel';
import type { Done, LedgerParts } from './answer.ts';
import type { LedgerRpcs } from './ledger-rpcs.ts';
import { toMessagesPage } from './messages-page.ts';

export function accountRpcs({ submit, read }: LedgerParts) {
  return {
    createAccount: async (request, context) =>
      answerOf(await submit(context, fromProtoCreateAccountRequest(request))),
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
      const told = await read({ request, context }, query, ({ reader, book }, asked) =>
        reader.accounts(book, asked),
      );
      const isBackwards = request.cursor.case === 'endingBefore';
      const { items, facts } = toMessagesPage({ ...told, isBackwards }, AccountSchema, (each) =>
        toProtoAccount(each, each.personal),
      );
      return { accounts: items, ...facts };
    },
    updateAccount: async (request, context) =>
      answerOf(await submit(context, fromProtoUpdateAccountRequest(request))),
    freezeAccount: async (request, context) =>
      answerOf(await submit(context, fromProtoFreezeAccountRequest(request))),
    unfreezeAccount: async (request, context) =>
      answerOf(await submit(context, fromProtoUnfreezeAccountRequest(request))),
    closeAccount: async (request, context) =>
      answerOf(await submit(context, fromProtoCloseAccountRequest(request))),
  } satisfies Partial<LedgerRpcs>;
}

/** The account that a change was about, as the change left it. */
function answerOf({ event, personal, sequence }: Done): {
  readonly account: Account;
  readonly sequence: bigint;
} {
  assert('account' in event.change, 'the event is about an account');
  const account = toProtoAccount(event.change.account, personal);
  return { account, sequence: toProtoSequence(sequence) };
}
