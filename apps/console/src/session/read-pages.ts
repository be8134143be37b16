// What a session asks for page by page: the accounts, and the history of one.
import type { ScripClient } from '@scrip/client';
import type { EntryPage } from '../state/account-history.ts';
import type { AccountView } from '../state/state.ts';
import { toAccountView, toEntryRow } from './views.ts';

/** Accounts of a page, and the most that are read: as many as the feed watches for a customer. */
const accountPageSize = 1_000;
const entryPageSize = 50;

/** Accounts as they were read, the newest first; there may be more that were not. */
export type AccountPage = { readonly accounts: readonly AccountView[]; readonly hasMore: boolean };

/** Reads the accounts that the token may see. */
export async function readAccounts(
  ledger: Pick<ScripClient, 'listAccounts'>,
  signal?: AbortSignal,
): Promise<AccountPage> {
  const options = signal === undefined ? {} : { signal };
  const { accounts, hasMore } = await ledger.listAccounts({ pageSize: accountPageSize }, options);
  return { accounts: accounts.map(toAccountView), hasMore };
}

export type EntryQuestion = {
  readonly accountId: string;
  /** The entry behind which to read; the newest ones when there is none. */
  readonly behindId?: string;
  readonly signal: AbortSignal;
};

/** Reads a page of an account's history, newest first. */
export async function readEntries(
  ledger: Pick<ScripClient, 'listEntries'>,
  { accountId, behindId, signal }: EntryQuestion,
): Promise<EntryPage> {
  const { entries, hasMore } = await ledger.listEntries(
    {
      account: { ref: { case: 'id', value: accountId } },
      pageSize: entryPageSize,
      ...(behindId === undefined
        ? {}
        : { cursor: { case: 'startingAfter', value: behindId } as const }),
    },
    { signal },
  );
  return { rows: entries.map(toEntryRow), hasOlder: hasMore };
}
