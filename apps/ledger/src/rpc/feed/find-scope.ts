// Whose events and balances a stream is about: what the caller named, of what the caller may see.
import type { RequestedScope } from '@scrip/codec';
import type { Book, FeedScope, LedgerReader, ReadAnswer } from '@scrip/engine';
import { refuseUnknownAccount, type Account, type AccountId, type AccountRef } from '@scrip/kernel';
import { RefusalError } from '../../errors/refusal-error.ts';
import type { ViewerScope } from '../../view/viewer.ts';

/** Finds accounts. What the caller may not see leaves the same gap as what is not there. */
export type ScopeReader = Pick<LedgerReader, 'findAccounts'>;

/** A scope of some accounts: the whole book is for API keys alone. */
export type PartScope = Exclude<FeedScope, { readonly kind: 'book' }>;

/** A customer without accounts: what a token is told of everybody else. */
const nobody: PartScope = { kind: 'accounts', accountIds: [] };

/**
 * The scope of a call with an API key: a customer's credits and memberships are in theirs. Unknown
 * accounts are refused as by any other read.
 */
export async function findScope(
  reader: ScopeReader,
  book: Book,
  requested: RequestedScope,
): Promise<FeedScope> {
  switch (requested.kind) {
    case 'all':
      return { kind: 'book' };
    case 'customer':
      return { ...requested, withCoupons: true };
    case 'accounts':
      return scopeOf(await findAll(reader, book, requested.refs));
  }
}

/**
 * The scope of a call with an access token. Its `reader` sees the bearer's accounts alone, and no
 * credits and memberships. Another customer is one without accounts.
 */
export async function findViewerScope(
  reader: ScopeReader,
  book: Book,
  { requested, own }: { readonly requested: RequestedScope; readonly own: ViewerScope },
): Promise<PartScope> {
  switch (requested.kind) {
    case 'all':
      return own;
    case 'customer': {
      const { customerId } = requested;
      if (own.kind === 'customer') return own.customerId === customerId ? own : nobody;
      const refs = own.accountIds.map((id) => ({ kind: 'id', id }) as const);
      const accounts = await findAll(reader, book, refs);
      return scopeOf(accounts.filter((account) => account.customerId === customerId));
    }
    case 'accounts':
      return scopeOf(await findAll(reader, book, requested.refs));
  }
}

async function findAll(
  reader: ScopeReader,
  book: Book,
  refs: readonly AccountRef[],
): Promise<readonly Account[]> {
  const answer: ReadAnswer<readonly (Account | undefined)[]> = await reader.findAccounts(
    book,
    refs,
  );
  if (answer.kind === 'refused') throw new RefusalError(answer.refusal, answer.sequence);
  return answer.value.map((account, index) => {
    if (account !== undefined) return account;
    throw new RefusalError(refuseUnknownAccount(refs[index] as AccountRef), answer.sequence);
  });
}

function scopeOf(accounts: readonly Account[]): PartScope {
  const accountIds: readonly AccountId[] = accounts.map(({ id }) => id);
  return { kind: 'accounts', accountIds: [...new Set(accountIds)] };
}
