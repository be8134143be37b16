// Whose events and balances a stream is about: what the caller named, within what the caller may see.
import type { RequestedScope } from '@scrip/codec';
import type { Book, FeedScope, LedgerReader } from '@scrip/engine';
import { refuseUnknownAccount, type Account, type AccountId, type AccountRef } from '@scrip/kernel';
import { RefusalError } from '../../errors/refusal-error.ts';
import { readOwnAccounts } from '../../view/own-accounts.ts';
import type { ViewerScope } from '../../view/viewer.ts';

/** Where the accounts of a scope are found. */
export type ScopeReader = Pick<LedgerReader, 'account' | 'accounts' | 'balances'>;

/** A customer without accounts: what a token is told of everybody else. */
const nobody: ViewerScope = { kind: 'accounts', accountIds: [] };

/** The scope of a call with an API key. Unknown accounts are refused as by any other read. */
export async function findScope(
  reader: ScopeReader,
  book: Book,
  requested: RequestedScope,
): Promise<FeedScope> {
  switch (requested.kind) {
    case 'all':
      return { kind: 'book' };
    case 'customer':
      return requested;
    case 'accounts': {
      const answer = await reader.balances(book, requested.refs);
      if (answer.kind === 'refused') throw new RefusalError(answer.refusal, answer.sequence);
      return accountsScope(answer.value.map(({ accountId }) => accountId));
    }
  }
}

/**
 * The scope of a call with an access token. An account that is not the bearer's is answered as one
 * that does not exist, and never asked for; another customer, as one without accounts.
 */
export async function findViewerScope(
  reader: ScopeReader,
  book: Book,
  { requested, own }: { readonly requested: RequestedScope; readonly own: ViewerScope },
): Promise<ViewerScope> {
  switch (requested.kind) {
    case 'all':
      return own;
    case 'customer': {
      const { customerId } = requested;
      if (own.kind === 'customer') return own.customerId === customerId ? own : nobody;
      const { accounts } = await readOwnAccounts(reader, book, own);
      const theirs = accounts.filter((account) => account.customerId === customerId);
      return accountsScope(theirs.map(({ id }) => id));
    }
    case 'accounts': {
      const { accounts } = await readOwnAccounts(reader, book, own);
      return accountsScope(requested.refs.map((ref) => ownIdOf(accounts, ref)));
    }
  }
}

function ownIdOf(accounts: readonly Account[], ref: AccountRef): AccountId {
  const account = accounts.find((each) =>
    ref.kind === 'id' ? each.id === ref.id : each.externalId === ref.externalId,
  );
  if (account === undefined) throw new RefusalError(refuseUnknownAccount(ref));
  return account.id;
}

function accountsScope(accountIds: readonly AccountId[]): ViewerScope {
  return { kind: 'accounts', accountIds: [...new Set(accountIds)] };
}
